"""Changes in YAML that people wrote: what they are not about keeps each of its bytes."""
