"""A workspace and its database."""
