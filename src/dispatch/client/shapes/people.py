# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of people."""

from typing import NotRequired, TypedDict

from dispatch.client.shapes.common import Right, Role


class Member(TypedDict):
    """Somebody of the team."""

    handle: str
    name: str
    email: str
    roles: list[Role]
    rights: list[Right]
    """What the roles add up to."""
    last_seen: str | None
    """In the team's pages."""


class PersonChanges(TypedDict):
    """What is to be different; what is left out stays."""

    name: NotRequired[str | None]
    email: NotRequired[str | None]
    roles: NotRequired[list[Role] | None]
    """Who gets other roles signs in again."""
