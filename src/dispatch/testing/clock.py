"""A clock that stands still until it is told otherwise."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Hand it in where a Clock is asked for.

    >>> clock = FakeClock(datetime(2026, 11, 24, 8, tzinfo=UTC))
    >>> clock.advance(timedelta(hours=1))
    >>> clock().hour
    9
    """

    def __init__(self, now: datetime = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by
