"""Bringing a database to this version's shape, and telling whether it has it."""
