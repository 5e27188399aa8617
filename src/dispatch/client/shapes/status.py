# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of status."""

from typing import TypedDict


class Status(TypedDict):
    """Whether the work goes on."""

    ready: bool
    """Whether nobody has to do anything."""
    problems: list[str]
    """What somebody has to do something about."""
    waits: list[str]
    """What stands by its nature, such as a paused channel."""
    seconds_since_tick: float | None
    """Since the service last looked for what is due; null: it never has."""
    version: str
    """The version of dispatch."""
    now: str
    """The service's own time."""
