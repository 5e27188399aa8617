# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of me."""

from typing import Literal, TypedDict

from dispatch.client.shapes.common import Role


Right = Literal[
    "look",
    "write",
    "decide posts",
    "approve",
    "pause",
    "mend",
    "plan",
    "readers",
    "try channels",
    "erase",
    "channels",
    "people",
    "own",
]
"""Something that not everybody may do."""


class Me(TypedDict):
    """A token, as it sees itself."""

    handle: str
    """Who made the token: what it does is theirs."""
    name: str
    """Their name."""
    token: str
    """What the token is called."""
    roles: list[Role]
    """What it was made with."""
    rights: list[Right]
    """What it may do now: never more than who made it."""
    ends: str
    """Until when it holds."""
