# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of tokens."""

from typing import TypedDict

from dispatch.client.shapes.common import Role


class Token(TypedDict):
    """What is known of a token, which is not the token."""

    id: str
    name: str
    """What uses it."""
    hint: str
    """How it begins."""
    roles: list[Role]
    made_by: str
    """The handle of who made it."""
    made: str
    ends: str
    last_used: str | None
    """At most ten minutes late."""
    revoked: str | None
    revoked_by: str
    holds: bool
    """Whether it opens anything now."""
