"""One file per provider, nothing else; they are found by their entry points."""
