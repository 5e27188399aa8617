"""Waking: tells a worker that there may be something to do, and knows nothing else."""
