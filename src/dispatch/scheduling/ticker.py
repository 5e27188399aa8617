"""APScheduler, set to tick; it knows nothing of campaigns."""

from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler

EVERY_SECONDS = 15


class Ticker:
    """Calls a function in its own thread, at once and then regularly, never twice at a time."""

    def __init__(self, tick: Callable[[], None], *, every_seconds: float = EVERY_SECONDS) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC)
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(tick, "interval", seconds=every_seconds, **options)
        self._scheduler.add_job(tick, **options)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking; returns when the tick under way has ended."""
        self._scheduler.shutdown(wait=True)
