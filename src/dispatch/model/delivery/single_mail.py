"""A mail that is no delivery: where it stands, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
)
"""The waits after attempts that came to nothing; the last one for all that follow."""

TRIED_FOR = timedelta(days=3)
"""Then it is given up: whoever it is for looks by themselves, or asks again."""


class MailState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    DROPPED = "dropped"  # what it tells is no longer so, or nobody needs it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleMail:
    """What each of them has: to whom it goes, and how far that has come.

    `due` is when it may be tried; `attempt` counts the attempts that were begun, the last of which
    is under way until `lease_until` at most. `reason` says why it was not accepted so far.
    """

    id: int
    address: str
    state: MailState
    made: datetime
    due: datetime
    attempt: int = 0
    lease_until: datetime | None = None
    accepted: datetime | None = None
    reason: str = ""

    def next_due(self, now: datetime) -> datetime | None:
        """When to try again after an attempt that came to nothing; None: not any more."""
        if now - self.made >= TRIED_FOR:
            return None
        return now + PAUSES[min(max(self.attempt, 1), len(PAUSES)) - 1]
