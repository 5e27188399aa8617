"""Bytes to entries, by format."""
