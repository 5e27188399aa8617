"""Mails to somebody about their own affairs, such as the one in which they confirm."""

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
"""Then it is given up: who still wants it asks again."""

MOST_A_DAY = 3
"""To one address, whoever asks for them: a form is no means to fill somebody's mailbox."""


class Topic(StrEnum):
    """What a reader's mail is about."""

    CONFIRM = "confirm"  # somebody has filled in a form: was it they?
    REMIND = "remind"  # the same once more
    ALREADY = "already"  # who filled it in has been a reader for long
    PREFERENCES = "preferences"  # the link to what they may choose
    NEW_ADDRESS = "new address"  # to it: is it theirs?
    MOVED = "moved"  # to the old one: it is not used any more


class ReaderMailState(StrEnum):
    """Where a reader's mail stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    DROPPED = "dropped"  # nobody needs it any more


@dataclass(frozen=True, slots=True)
class ReaderMail:
    """One of them. `subject_id` is the public id of what it is about.

    That is a sign-up, a change of address, or the reader. `via` is the channel; `attempt` counts
    the attempts that were begun, the last of which is under way until `lease_until` at most.
    """

    id: int
    about: Topic
    address: str
    subject_id: str
    audience: str
    form: str
    locale: str
    via: str
    state: ReaderMailState
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
