"""Subscribers and their consent."""
