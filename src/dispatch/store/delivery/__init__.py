"""Deliveries, batches and channels as rows."""
