# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of me."""

from typing import TypedDict

from dispatch.client.shapes.common import Right, Role


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
