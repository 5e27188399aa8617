"""Commands that run on, and how they are stopped."""
