"""The team: who signs in, and what they may do."""
