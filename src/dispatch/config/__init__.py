"""Settings, schedules.yaml and subscribers/: read, checked, turned into model values."""
