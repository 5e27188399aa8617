"""Editions that have gone out, as anybody may read them on the web."""
