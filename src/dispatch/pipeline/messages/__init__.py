"""What one reader or account gets."""
