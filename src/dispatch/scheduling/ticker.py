"""APScheduler, set to tick; it knows nothing of campaigns."""

import logging
from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler

from dispatch.clock import Clock, system_clock

EVERY_SECONDS = 15

# It warns whenever a tick takes longer than the pause, which a large delivery ordinarily does.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


class Ticker:
    """Calls a function in its own thread, at once and then regularly, never twice at a time."""

    def __init__(
        self,
        tick: Callable[[], None],
        *,
        every_seconds: float = EVERY_SECONDS,
        clock: Clock = system_clock,
    ) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC)
        # One job, and not one more for the first tick: `max_instances` counts for each job.
        self._scheduler.add_job(
            tick,
            "interval",
            seconds=every_seconds,
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
