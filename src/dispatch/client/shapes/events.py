# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of events."""

from typing import Literal, TypedDict


EventKind = Literal[
    "delivered",
    "deferred",
    "bounced",
    "complained",
    "unsubscribed",
    "opened",
    "clicked",
    "dropped",
    "other",
]
"""What happened, in one set of words for all providers."""


class EventLine(TypedDict):
    """One event, once. What is about a reader is null without the right `readers`."""

    id: str
    channel: str
    kind: EventKind
    permanent: bool
    """Nothing sent there will ever arrive."""
    at: str
    """When it happened, as the provider says."""
    received: str
    """When we heard of it."""
    edition: str | None
    """Null: it is of no mail of an edition of ours."""
    campaign: str | None
    said: str
    """The provider's word for the kind."""
    subscriber: str | None
    """The id of who it was to."""
    recipient: str | None
    """Their address."""
    reason: str | None
    """What the provider or the mail server says."""
    url: str | None
    """What was clicked."""
