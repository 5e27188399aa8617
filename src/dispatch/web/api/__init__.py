"""What scripts call, under /api/v1: the one part that FastAPI makes, with its description."""
