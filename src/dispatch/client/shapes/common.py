# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of several groups."""

from typing import Literal, NotRequired, TypedDict


Role = Literal["viewer", "author", "approver", "editor", "admin", "owner"]
"""What somebody is in the team. A person has one or several, and their rights add up."""


class SuppressionLine(TypedDict):
    """An address or a domain to which nothing goes."""

    id: str
    """Its part of an address."""
    target: str
    """An address, @example.org, or *.example.org for all below it."""
    reason: str
    source: str
    """Who said so."""
    since: str
    for_good: bool
    """Whether it takes `sure` to lift it: they have complained, or said never."""
    asked: NotRequired[str | None]
    """Since when they ask for it to be lifted."""
