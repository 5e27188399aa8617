"""What goes in and comes out of the API, as models."""
