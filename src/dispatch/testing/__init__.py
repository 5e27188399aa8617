"""Conformance suite, fakes and samples: for us and for people who write a provider."""
