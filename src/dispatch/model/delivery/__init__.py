"""Deliveries: their states, batches and messages."""
