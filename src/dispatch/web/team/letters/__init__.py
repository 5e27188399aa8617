"""Letters on their pages: begun, for whom and when, sent by oneself, thrown away."""
