"""Hubs: what to ask them, and how to check what they say."""
