"""Where a mail stands that is no delivery, and when it is tried again."""

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


def next_due(made: datetime, attempt: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts that came to nothing; None: not any more."""
    if now - made >= TRIED_FOR:
        return None
    return now + PAUSES[min(max(attempt, 1), len(PAUSES)) - 1]
