"""APScheduler, set to tick; it knows nothing of campaigns."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from dispatch.clock import Clock, system_clock

EVERY_SECONDS = 15

# It warns whenever a tick takes longer than the pause, which a large delivery ordinarily does.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


class _Pause(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """A job's next time is a pause after its last one was begun: time that was lost is not made up.

    The library's interval counts every missed time, which takes long after a clock has jumped.
    """

    def __init__(self, length: timedelta) -> None:
        self._length = length

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + self._length


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]  # the library has no types
    """Goes on when a clock is put back; the library waits until it is as late again."""

    def __init__(self, length: timedelta) -> None:
        super().__init__(timezone=UTC)
        self._length = length

    def _process_jobs(self) -> float | None:
        for job in self.get_jobs():
            if job.next_run_time > system_clock() + self._length:
                job.modify(next_run_time=system_clock())
        wait: float | None = super()._process_jobs()
        return wait


class Ticker:
    """Calls a function in its own thread, at once and then regularly, never twice at a time."""

    def __init__(
        self,
        tick: Callable[[], None],
        *,
        every_seconds: float = EVERY_SECONDS,
        clock: Clock = system_clock,
    ) -> None:
        pause = timedelta(seconds=every_seconds)
        self._scheduler = _Scheduler(pause)
        # One job, and not one more for the first tick: `max_instances` counts for each job.
        self._scheduler.add_job(
            tick,
            _Pause(pause),
            next_run_time=clock(),
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
