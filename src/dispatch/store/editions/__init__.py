"""Editions and runs as rows."""
