"""Whom programs elsewhere are told by, and what still waits to be told."""
