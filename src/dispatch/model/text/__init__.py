"""Texts: cutting, cleaning, filling in, saying times."""
