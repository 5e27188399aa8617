"""A picture's address to a picture that we keep: fetched, read in bounds, made ordinary."""
