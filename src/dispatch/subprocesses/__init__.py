"""Processes of our own for work that may never end, or end the process that does it."""
