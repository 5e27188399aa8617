"""What a process has lately done and failed at, for whoever asks whether it is well."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from dispatch.clock import Timer, system_timer


class Pulse:
    """When the last tick ended, and what went wrong the last time it was tried.

    Threads may share it. A process that does not tick has no age.
    """

    def __init__(self, timer: Timer = system_timer) -> None:
        self._timer = timer
        self._lock = Lock()
        self._last: float | None = None
        self._troubles: dict[str, str] = {}

    def begin(self) -> None:
        """From now on this process ticks, and should go on."""
        self._last = self._timer()

    @contextmanager
    def beat(self) -> Iterator[None]:
        """One tick, which counts however it ends."""
        try:
            yield
        finally:
            self._last = self._timer()

    @property
    def age(self) -> float | None:
        """Seconds since the last tick ended, or since the ticks began; None: this does not tick."""
        return None if self._last is None else self._timer() - self._last

    def failed(self, what: str, why: str) -> None:
        """Note that something went wrong, until it works."""
        with self._lock:
            self._troubles[what] = why

    def worked(self, what: str) -> None:
        """Note that it works."""
        if what in self._troubles:
            with self._lock:
                self._troubles.pop(what, None)

    def start_over(self) -> None:
        """Forget what went wrong: things may not be there any more."""
        with self._lock:
            self._troubles.clear()

    @property
    def troubles(self) -> dict[str, str]:
        """What went wrong when it was last tried, and why."""
        with self._lock:
            return dict(self._troubles)
