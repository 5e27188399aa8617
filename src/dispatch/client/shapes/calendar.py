# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of calendar."""

from typing import Literal, TypedDict


class EventShape(TypedDict):
    """A slot: past, or to come."""

    kind: Literal["past", "waiting", "planned", "left out"]
    """past: it had its run; waiting: its edition is made and has not gone out; planned: it is
    to come; left out: its day is.
    """
    campaign: str
    """The campaign."""
    title: str
    """What readers call it."""
    slot: str
    """The wall-clock time and the zone."""
    moment: str
    """The same as a moment."""
    leaves: str | None
    """When its first message leaves, or did."""
    state: str
    """planned, skipped, or where its edition stands."""
    why: str
    """Why it made no edition; else empty."""
    edition: str | None
    """The id of its edition."""
    channels: list[str]
    """Over which channels."""


class CalendarShape(TypedDict):
    """What there is on some days."""

    items: list[EventShape]
    """In order of their moments."""
    horizon: int
    """So many days ahead plans are told."""
