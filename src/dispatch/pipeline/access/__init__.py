"""How networks let us in by OAuth 2, and how that is kept and renewed."""
