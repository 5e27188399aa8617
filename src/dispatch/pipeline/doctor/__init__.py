"""The check-up of a channel and its sender: what would go wrong before anything is sent."""
