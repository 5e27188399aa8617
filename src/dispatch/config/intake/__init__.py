"""Lists of feeds, in and out."""
