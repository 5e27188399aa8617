"""Posts to editions."""
