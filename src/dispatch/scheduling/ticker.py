"""APScheduler, set to tick; it knows nothing of campaigns."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

EVERY_SECONDS = 15

# It warns whenever a tick takes longer than the pause, which a large delivery ordinarily does.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)

DUE = datetime.min.replace(tzinfo=UTC)
"""Has passed, whatever the clock on the wall shows."""


class _Later(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Has a job rest until the scheduler makes it due.

    The library's interval counts every missed time, which takes long after a clock has jumped.
    """

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + timedelta(days=1)


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]  # the library has no types
    """Makes its jobs due by a timer that nobody sets, and leaves to the library what is due.

    The library reckons when to wake up by the clock on the wall, which it reads more than once: put
    back between two of these, it waits until that clock is as late again.
    """

    def __init__(self, every_seconds: float) -> None:
        super().__init__(timezone=UTC)
        self._every_seconds = every_seconds
        self._due_at = time.monotonic()  # what threads wait by

    def _process_jobs(self) -> float:
        """Called when as many seconds have passed as it returned, or a job was changed."""
        if time.monotonic() >= self._due_at:
            self._due_at = time.monotonic() + self._every_seconds
            for job in self.get_jobs():
                job.modify(next_run_time=DUE)
            super()._process_jobs()
        return max(self._due_at - time.monotonic(), 0)


class Ticker:
    """Calls a function in its own thread, at once and then regularly, never twice at a time.

    However the clock on the wall is set.
    """

    def __init__(self, tick: Callable[[], None], *, every_seconds: float = EVERY_SECONDS) -> None:
        self._scheduler = _Scheduler(every_seconds)
        # One job, and not one more for the first tick: `max_instances` counts for each job.
        self._scheduler.add_job(
            tick,
            _Later(),
            next_run_time=DUE,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking; returns when the tick under way has ended."""
        self._scheduler.shutdown(wait=True)
