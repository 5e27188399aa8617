"""The keys of schedules.yaml: which there are, what they may say, what goes together."""
