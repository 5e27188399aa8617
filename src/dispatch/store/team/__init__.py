"""Who of the team signs in, what they did, and what their pages keep for a while."""
