"""One thing that one receiver is told: its states, and when it is tried again."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class NotificationState(StrEnum):
    """Where a notification stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Notification:
    """A row. `event` is what the receiver knows it by: the same at each attempt.

    `status` is that of the last answer, 0 where there was none, and `reason` why it did not count.
    Until `lease_until` it is in somebody's hands.
    """

    id: int
    event: str
    receiver: str
    type: str
    body: str
    state: NotificationState
    made_at: datetime
    due: datetime
    attempt: int
    delivered_at: datetime | None
    status: int
    reason: str
    lease_until: datetime | None = None


# As the specification proposes it: after the first attempt, which is at once
# (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)

LONGEST_WAIT = WAITS[-1]
"""Longer no receiver is left alone, whatever it asks for: it would be given up meanwhile."""

PROBES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=5))
"""How long a failing receiver is left alone after each attempt in a row; then always the last."""

GIVEN_UP_AFTER = timedelta(days=5)
"""Who has taken nothing for so long is told nothing more until a person says so."""


def wait_after(attempt: int, rng: random.Random) -> timedelta | None:
    """How long after so many attempts the next one is made; None: there is none.

    Up to a tenth more, so that what failed together does not come together again.
    """
    if attempt > len(WAITS):
        return None
    return _jittered(WAITS[attempt - 1], rng)


def rest_after(failures: int, rng: random.Random) -> timedelta:
    """How long a receiver is left alone that has failed so many times in a row."""
    return _jittered(PROBES[min(failures, len(PROBES)) - 1], rng)


def _jittered(wait: timedelta, rng: random.Random) -> timedelta:
    return wait * (1 + rng.random() / 10)
