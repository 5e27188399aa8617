# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of runs."""

from typing import TypedDict


class RunRow(TypedDict):
    """One firing of a campaign."""

    id: str
    campaign: str
    slot: str
    """The wall-clock time that it is for."""
    timezone: str
    moment: str
    """The same as a moment."""
    started: str
    manual: bool
    """Whether somebody had it run."""
    outcome: str
    """Skipped, or where its edition stands."""
    skipped: str
    """Why it made no edition, or empty."""
    edition: str | None
    """The edition that it made."""
