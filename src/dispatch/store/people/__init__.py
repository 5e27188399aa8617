"""Subscribers and endings as rows."""
