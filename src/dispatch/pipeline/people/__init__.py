"""Subscribers: how they come, choose and leave."""
