# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of audiences."""

from typing import TypedDict


class Count(TypedDict):
    """How many there were on a day."""

    day: str
    readers: int
    """Who gets mail: active, and not suppressed."""
    active: int
    pending: int
    paused: int
    ended: int
    suppressed: int
    """Of the active, who gets no mail."""


class Audience(TypedDict):
    """People who asked for something."""

    name: str
    count: Count | None
    """The last one; null: it was never counted."""


class WeekCount(TypedDict):
    """How many there were at the end of a week."""

    day: str
    readers: int
    """Who gets mail: active, and not suppressed."""
    active: int
    pending: int
    paused: int
    ended: int
    suppressed: int
    """Of the active, who gets no mail."""
    week: str
    """Its Monday."""
