"""schedules.yaml: read, checked, turned into model values."""
