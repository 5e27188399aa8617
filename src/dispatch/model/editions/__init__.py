"""Editions, and the runs that make them."""
