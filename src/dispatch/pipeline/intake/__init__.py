"""Feeds to posts."""
