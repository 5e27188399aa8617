"""Telling programs elsewhere, signed by Standard Webhooks."""
