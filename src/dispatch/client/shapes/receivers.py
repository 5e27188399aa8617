# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of receivers."""

from typing import Literal, TypedDict


ReceiverState = Literal["on", "off", "removed"]
"""Whether a receiver is told anything."""


class ReceiverOf(TypedDict):
    """A receiver, as the file has it and as it goes with it."""

    name: str
    host: str
    """Where it is, without the path, which may be a secret."""
    events: list[str]
    """What it is told."""
    addresses: bool
    """Whether it gets the addresses of readers."""
    state: ReceiverState
    reason: str
    """Why it is off, or empty."""
    failing_since: str | None
    answered: str | None
    """When it last took something."""
    waiting: int
    """What it is still to be told."""
    failed: int
    """What it has not taken, and is told no more by itself."""


class ReceiverTest(TypedDict):
    """What came of a call."""

    took: bool
    status: int
    """0: nothing was answered."""
    reason: str
    """Why it did not count, or empty."""
