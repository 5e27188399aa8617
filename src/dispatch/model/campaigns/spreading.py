"""Posts of an account are kept apart, and leave only in its hours: when each of them is due."""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.campaigns.sending import SendingPlan
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours

_MOST_LOOKS = 2 * 366
"""After a year without a moment at which both kinds of hours are open, there is none."""

_MOST_SLACK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class SnippetHours:
    """When a snippet may leave: in its edition's hours, and outside of its own `quiet` ones.

    The quiet hours go by the clocks of `timezone`, which is the publisher's.
    """

    sending: SendingPlan
    quiet: QuietHours | None
    timezone: str

    def open_from(self, moment: datetime) -> datetime:
        """From when it may leave, looking from `moment` on.

        `moment` itself where it may already, or where there is no such moment within a year.
        """
        return self.opening(moment) or moment

    def opening(self, moment: datetime) -> datetime | None:
        """The same, but None where there is no such moment within a year."""
        own, found = SendingHours(self.quiet), moment
        for _ in range(_MOST_LOOKS):
            opened = own.open_from(self.sending.open_from(found), self.timezone)
            if opened == found:
                return found
            found = opened
        return None

    def open_until(self, moment: datetime) -> datetime | None:
        """When it must not leave any more that may at `moment`; None where nothing stops it."""
        ends = (
            self.sending.open_until(moment),
            SendingHours(self.quiet).open_until(moment, self.timezone),
        )
        return min((end for end in ends if end is not None), default=None)


def spread(
    number: int,
    *,
    start: datetime,
    every: timedelta,
    hours: SnippetHours,
    taken: Iterable[datetime] = (),
) -> Iterator[datetime]:
    """When each of so many snippets is due, in order, looking from `start` on.

    Each is in the hours, and `every` away at least from the others and from all that is `taken`.
    Where `every` is nothing they are due together. Hours that never open keep nothing back.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    >>> hours = SnippetHours(SendingPlan(), None, "UTC")
    >>> minutes = spread(3, start=noon, every=timedelta(minutes=20), hours=hours, taken=[noon])
    >>> [f"{moment:%H:%M}" for moment in minutes]
    ['12:20', '12:40', '13:00']
    """
    if not every:
        moment = hours.open_from(start)
        yield from (moment for _ in range(number))
        return
    known = sorted(taken)
    moment = start
    # To look through a year for each of hundreds would take a minute.
    open_from = _at_once if hours.opening(start) is None else hours.open_from
    for _ in range(number):
        moment = _next_free(moment, every, open_from, known)
        yield moment
        insort(known, moment)
        moment += every


def slack(every: timedelta) -> timedelta:
    """How much closer two may come when they leave: a worker is never there to the second."""
    return min(every / 10, _MOST_SLACK)


def _next_free(
    moment: datetime,
    every: timedelta,
    open_from: Callable[[datetime], datetime],
    known: list[datetime],
) -> datetime:
    moment = open_from(moment)
    for _ in known:  # each look passes one of them at least
        # The last of those that are too close, or before: a whole row of them is passed at once.
        at = bisect_right(known, moment + every, key=_just_before)
        if not at or known[at - 1] + every <= moment:
            break
        moment = open_from(known[at - 1] + every)
    return moment


def _at_once(moment: datetime) -> datetime:
    return moment


def _just_before(moment: datetime) -> datetime:
    """A moment that is as far away as it has to be is not in the way."""
    return moment + timedelta.resolution
