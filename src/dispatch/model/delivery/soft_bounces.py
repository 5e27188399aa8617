"""How often mails to somebody bounced softly of late, and from when on that is too often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LAST = 5
"""The accepted mails that are looked at: the last ones to an address."""

LIMIT = 3
"""Of these so many are too many: an address that is full for weeks is nobody's any more."""


@dataclass(frozen=True, slots=True)
class Fared:
    """When one accepted mail last bounced softly, and when it last was said to be delivered."""

    bounced: datetime | None = None
    delivered: datetime | None = None

    @property
    def arrived(self) -> bool:
        """Whether it got there in the end: many servers try again after a soft bounce."""
        return self.delivered is not None and (
            self.bounced is None or self.delivered >= self.bounced
        )


@dataclass(frozen=True, slots=True)
class SoftBounces:
    """How many of the last `mails` bounced softly and count; `limit` of them are too many."""

    bounced: int = 0
    mails: int = 0
    limit: int = LIMIT

    @property
    def too_many(self) -> bool:
        """Whether the address is not to be mailed again."""
        return self.bounced >= self.limit


def count_soft_bounces(last: Sequence[Fared], *, lifted: datetime | None = None) -> SoftBounces:
    """Count those of the last mails, newest first, after which nothing was delivered.

    `lifted` is when the team last said that the address may be mailed again: what bounced before
    that counts no more.

    >>> from datetime import UTC
    >>> def day(one): return datetime(2026, 11, one, tzinfo=UTC)
    >>> count_soft_bounces([Fared(day(5)), Fared(), Fared(day(3)), Fared(delivered=day(2))]).bounced
    2
    >>> count_soft_bounces([Fared(delivered=day(6)), Fared(day(5)), Fared(day(3))]).bounced
    0
    """
    some = last[:LAST]
    resets = [one.delivered for one in some if one.delivered is not None]
    reset = max([*resets, *([lifted] if lifted else [])], default=None)
    bounced = 0
    for one in some:
        if one.arrived:
            break
        if one.bounced is not None and (reset is None or one.bounced > reset):
            bounced += 1
    return SoftBounces(bounced, len(some))
