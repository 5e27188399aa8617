"""The waker inside one process: a few threads that wait for what is due next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Thread

from dispatch.clock import Clock
from dispatch.wakeup.handle import answer
from dispatch.wakeup.port import Handler, Payload, Wakeup

LONGEST_WAIT_SECONDS = 60.0
"""A thread looks at the clock at least so often: somebody may have set it."""

AT_ONCE = datetime.min.replace(tzinfo=UTC)
"""For a wake-up without a due time: none that a clock could be put back to."""


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    """A wake-up's place in the queue: by due time, those without one first, then as they came."""

    at: datetime
    number: int
    wakeup: Wakeup = field(compare=False)


class Pool:
    """Does the jobs that it is woken for; what waits is forgotten when the process ends."""

    def __init__(self, handlers: Mapping[str, Handler], *, threads: int, clock: Clock) -> None:
        self._handlers = handlers
        self._clock = clock
        self._changed = Condition()
        self._queue: list[_Due] = []  # a heap; may hold wake-ups that a sooner one has replaced
        self._waiting: dict[str, Wakeup] = {}
        self._numbers = count()
        self._stopped = False
        self._threads = [
            Thread(target=self._work, name=f"pool-{number}") for number in range(threads)
        ]

    def start(self) -> None:
        """Begin to work. What it was woken for before is done now."""
        for thread in self._threads:
            thread.start()

    def wake(
        self, job: str, payload: Payload, *, key: str, not_before: datetime | None = None
    ) -> None:
        """See Waker."""
        wakeup = Wakeup(job, payload, key, not_before)
        with self._changed:
            known = self._waiting.get(key)
            if known is not None and not wakeup.is_sooner(known):
                return
            self._waiting[key] = wakeup
            heappush(self._queue, _Due(not_before or AT_ONCE, next(self._numbers), wakeup))
            self._changed.notify()

    def stop(self) -> None:
        """Take up nothing more; returns when the jobs under way have ended."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident is not None:  # it was started
                thread.join()

    def _work(self) -> None:
        while wakeup := self._take():
            answer(wakeup.job, wakeup.payload, self._handlers)

    def _take(self) -> Wakeup | None:
        """Wait for the next wake-up that is due; None when the pool was stopped."""
        with self._changed:
            while not self._stopped:
                seconds = self._seconds_to_next()
                if seconds > 0:
                    self._changed.wait(min(seconds, LONGEST_WAIT_SECONDS))
                else:
                    wakeup = heappop(self._queue).wakeup
                    del self._waiting[wakeup.key]
                    return wakeup
        return None

    def _seconds_to_next(self) -> float:
        while self._queue:
            due = self._queue[0]
            if self._waiting.get(due.wakeup.key) is due.wakeup:
                return (due.at - self._clock()).total_seconds()
            heappop(self._queue)
        return LONGEST_WAIT_SECONDS
