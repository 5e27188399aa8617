"""The values in schedules.yaml: what they mean."""
