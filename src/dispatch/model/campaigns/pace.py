"""How fast a channel may go: an even pace, a number for each day, a limit for some domains."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

BURST = timedelta(milliseconds=50)
"""What a pace allows at once. A worker asks again when half of it is free, and may be as late as
the other half lasts without loss: another process may be writing to the database."""

CALL_BURST = timedelta(seconds=1)
"""What it allows a call that carries many: services also count calls, and a few of a second."""


@dataclass(frozen=True, slots=True)
class WarmUp:
    """A new sender's first days: `first` on the first, then more each day, all after `days`."""

    first: int
    days: int


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits of one channel, for all workers together. None is no limit.

    `per_domain` is per second, by the recipient's domain in lower case; `connections` is how many
    may be open at once, None what the provider sees fit.
    """

    per_second: float | None = None
    per_day: int | None = None
    per_domain: Mapping[str, float] = field(default_factory=dict)
    connections: int | None = None
    warm_up: WarmUp | None = None

    @property
    def limited(self) -> bool:
        """Whether anything has to be asked for before a message goes out."""
        return bool(self.per_second or self.per_day or self.warm_up)

    def most_on(self, today: date, first_day: date) -> int | None:
        """How many may go out today, if it is limited; `first_day` is the first with any.

        >>> pace = Pace(per_day=10_000, warm_up=WarmUp(first=100, days=5))
        >>> [pace.most_on(date(2026, 3, day), date(2026, 3, 1)) for day in (1, 2, 5, 6)]
        [100, 251, 3981, 10000]
        """
        if self.warm_up is None or self.per_day is None:
            return self.per_day
        passed = (today - first_day).days
        if passed >= self.warm_up.days:
            return self.per_day
        growth = (self.per_day / self.warm_up.first) ** (passed / self.warm_up.days)
        return min(self.per_day, int(self.warm_up.first * growth))


@dataclass(frozen=True, slots=True)
class Permission:
    """How many may go out now, and when to ask again if that was less than wanted."""

    number: int
    again: datetime | None = None


def even(
    wanted: int,
    per_second: float,
    *,
    next_at: datetime | None,
    now: datetime,
    burst: timedelta = BURST,
) -> tuple[Permission, datetime]:
    """How many of `wanted` keep to an even pace, and the new moment of the next one.

    `next_at` is when the next one would be due (the theoretical arrival time of GCRA, the generic
    cell rate algorithm, ITU-T I.371): no more than `burst` of them, or one, are ever ahead of it.
    """
    gap = timedelta(seconds=1 / per_second)
    ahead = max(burst, gap)
    start = max(next_at or now, now)
    # A moment is kept to the microsecond: one more, so that `again` is never too early.
    room = int(((now + ahead - start).total_seconds() + 1e-6) * per_second)
    number = max(0, min(wanted, room))
    following = start + timedelta(seconds=number / per_second)
    # Not for each one: to ask costs as much as to send ten.
    again = following - ahead + max(ahead / 2, gap) if number < wanted else None
    return Permission(number, again), following
