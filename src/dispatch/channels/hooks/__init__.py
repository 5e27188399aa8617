"""What providers call us back with: the call, the proof that it is theirs, and what it tells."""
