"""How many calls were turned away, and why: counted here, and written down now and then."""

import asyncio
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool

from dispatch.errors import DispatchError
from dispatch.web.limits import TURNED_AWAY_SECONDS
from dispatch.web.serving.tally import Wake, later

Write = Callable[[Mapping[str, tuple[int, str]]], object]
"""Adds to what is kept: channel to how many calls, and why the last of them was turned away."""


class TurnedAway:
    """Counts calls by their channels; only for the thread of the loop."""

    def __init__(
        self, write: Write, *, wake: Wake = later, every: float = TURNED_AWAY_SECONDS
    ) -> None:
        self._write = write
        self._wake = wake
        self._every = every
        self._unwritten: dict[str, tuple[int, str]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    def note(self, channel: str, reason: str) -> None:
        """Count a call to a channel that there is."""
        number, _ = self._unwritten.get(channel, (0, ""))
        self._unwritten[channel] = number + 1, reason
        if self._timer is None:
            self._timer = self._wake(self._every, self._begin_to_write)

    async def write(self) -> None:
        """Write down what has come together; where that is not possible, it is kept for later."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        counted, self._unwritten = self._unwritten, {}
        if not counted:
            return
        try:
            await run_in_threadpool(self._write, counted)
        except DispatchError:  # the database is away, which others say
            for channel, (number, reason) in counted.items():
                more, last = self._unwritten.get(channel, (0, reason))
                self._unwritten[channel] = number + more, last
            if self._timer is None:
                self._timer = self._wake(self._every, self._begin_to_write)

    def _begin_to_write(self) -> None:
        self._timer = None
        self._writing = asyncio.create_task(self.write())

    def stop(self) -> None:
        """Write no more by itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
