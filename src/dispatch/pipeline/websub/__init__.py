"""Subscriptions at hubs."""
