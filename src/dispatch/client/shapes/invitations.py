# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of invitations."""

from typing import NotRequired, TypedDict

from dispatch.client.shapes.common import Role


class Invited(TypedDict):
    """Somebody who was asked to join."""

    id: str
    name: str
    email: str
    roles: list[Role]
    by: str
    """The handle of who asks."""
    ends: str


class Invitations(TypedDict):
    """All that can be accepted."""

    items: list[Invited]


class NewInvitation(TypedDict):
    """Whom to ask."""

    email: str
    name: NotRequired[str]
    roles: list[Role]
