"""Marks: what stands in a text for a value that is not there yet."""

import hashlib


def mark_of(content: object) -> str:
    """What marks in the texts of an edition begin with, which nobody can write into a post."""
    seed = repr(content).encode("utf-8", "replace")
    return "slot" + hashlib.sha256(seed).hexdigest()[:20]
