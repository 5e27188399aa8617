# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of suppressions."""

from typing import Literal, NotRequired, TypedDict


class Lifting(TypedDict):
    """Why a suppression is lifted."""

    note: str
    sure: NotRequired[bool]
    """Needed where it is for good."""


class NewSuppression(TypedDict):
    """To what nothing is to go."""

    target: str
    """An address, @example.org, or *.example.org for all below it."""
    reason: str


class TakenIn(TypedDict):
    """What came of a file."""

    rows: int
    """That were read."""
    new: int
    """That were not suppressed until now."""
    faulty: int
    """Rows that do not count."""
    wrong_lines: list[int]
    """Where these are: the first 50."""


What = Literal["addresses", "domains", "asked"]
"""Which suppressions."""
