# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of editions."""

from typing import Literal, TypedDict


class Approval(TypedDict):
    """What was looked at."""

    fingerprint: str
    """Of the edition as it was looked at: one that says something else by now is not approved."""


EditionState = Literal[
    "draft",
    "in review",
    "changes requested",
    "approved",
    "sending",
    "paused",
    "cancelled",
    "finished",
    "rejected",
]
"""Where an edition stands, as stored; `stage` has more words for people."""


class Decided(TypedDict):
    """An edition after a decision."""

    id: str
    state: EditionState
    fingerprint: str
    """Of what it says now."""
    waits_until: str | None
    """When an approved one goes out, if that is later."""
