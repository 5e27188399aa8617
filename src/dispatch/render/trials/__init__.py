"""Trying templates before anything is kept or sent."""
