"""Feeds and posts as rows."""
