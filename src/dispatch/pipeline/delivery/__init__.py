"""Editions to deliveries to outcomes."""
