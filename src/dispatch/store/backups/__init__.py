"""Copies of a database."""
