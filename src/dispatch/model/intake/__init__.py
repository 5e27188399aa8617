"""Feeds and posts."""
