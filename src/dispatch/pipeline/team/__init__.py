"""Use cases of the team itself: who joins it, signs in, and leaves."""
