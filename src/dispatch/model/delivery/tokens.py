"""What a network gives an account of ours by OAuth 2, so that we may post there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Tokens:
    """`access` is shown with each call, `refresh` gets another one where the network gives such.

    `ends` and `refresh_ends` are when they end, None: not told. `scopes` is what they may do.
    """

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    ends: datetime | None = None
    refresh_ends: datetime | None = None
    scopes: tuple[str, ...] = ()


RENEW_BEFORE = timedelta(minutes=5)
"""So long before its end a token is no longer believed to reach the end of a call."""

WARN_BEFORE = timedelta(days=14)
"""So long before an access ends that only a person can renew, the team is told."""
