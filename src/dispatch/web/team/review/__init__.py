"""The page of an edition before it goes out: looked at, mended, decided about."""
