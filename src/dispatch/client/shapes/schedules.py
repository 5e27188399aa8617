# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of schedules."""

from typing import TypedDict


class WentBack(TypedDict):
    """What became of going back."""

    changed: bool
    """Whether the file says anything else now."""
    fingerprint: str
    """Of what it says now."""
