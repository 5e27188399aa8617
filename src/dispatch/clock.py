"""Where the time comes from: a callable that is handed in, so that tests hold the hands."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the present moment, aware and in UTC."""


def system_clock() -> datetime:
    """The machine's own time."""
    return datetime.now(UTC)


def rfc3339(moment: datetime, *, timespec: str = "seconds") -> str:
    """A moment as other programs read it, in UTC.

    >>> rfc3339(datetime(2026, 3, 3, 8, tzinfo=UTC))
    '2026-03-03T08:00:00Z'
    """
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


NEVER = datetime.max.replace(tzinfo=UTC)
"""Later than all that will come."""

Timer = Callable[[], float]
"""Gives seconds since some moment; never goes back, and goes on while the machine sleeps."""


def system_timer() -> float:
    """The time since the machine was started, its sleep included where the system tells."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


SKEW = timedelta(minutes=5)
"""What was noted further ahead of the present than this, a clock noted that was wrong by then: the
clocks of machines that share a database are closer to each other."""


def carried_on(moment: datetime, *, timer: Timer) -> Clock:
    """A clock that shows `moment` now, and from then on goes as the timer does."""
    begin = timer()
    return lambda: moment + timedelta(seconds=timer() - begin)
