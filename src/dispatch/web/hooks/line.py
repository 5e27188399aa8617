"""Events that wait to be kept: those of several calls at once, and one group after the other."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread

from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.event import Event
from dispatch.pipeline.events.record_in_parts import AT_ONCE
from dispatch.web.limits import HOOK_BREATH_SECONDS, HOOK_SECONDS

Record = Callable[[str, Sequence[Event]], object]
"""Keeps events of a channel; raises StoreUnavailable."""


@dataclass(slots=True, eq=False)
class _Call:
    """What one call told; `left` is what is not kept yet."""

    channel: str
    left: Sequence[Event]
    kept: "asyncio.Future[None]" = field(default_factory=asyncio.Future)


class Line:
    """Keeps what calls tell, in the order in which they came; only for the thread of the loop.

    A service that makes a call for each event would else cost a commit for each. What waits for one
    channel is kept together, up to so many events (`AT_ONCE`); between two groups others can write.
    """

    def __init__(
        self,
        record: Record,
        *,
        seconds: float = HOOK_SECONDS,
        breath: float = HOOK_BREATH_SECONDS,
    ) -> None:
        self._record = record
        self._seconds = seconds
        self._breath = breath
        self._line: deque[_Call] = deque()
        self._writer = CapacityLimiter(1)  # a thread of its own, which no page can take
        self._work: asyncio.Task[None] | None = None

    async def keep(self, channel: str, events: Sequence[Event]) -> None:
        """Have events of a call kept, and return once they are.

        Raises StoreUnavailable where they are not after so many seconds, or cannot be, and what
        `record` raises for the group that they are in. A part of them may be kept then.
        """
        if not events:
            return
        mine = _Call(channel, events)
        self._line.append(mine)
        if self._work is None:
            self._work = asyncio.create_task(self._keep_all())
        try:
            async with asyncio.timeout(self._seconds):
                await mine.kept
        except TimeoutError as error:
            raise StoreUnavailable(
                f"database: busy with other changes for {self._seconds:g} seconds"
                " - see what else writes to it"
            ) from error
        finally:
            if mine in self._line:
                self._line.remove(mine)

    async def _keep_all(self) -> None:
        try:
            while self._line:
                await self._keep_some()
                await asyncio.sleep(self._breath)
        finally:
            self._work = None

    async def _keep_some(self) -> None:
        channel = self._line[0].channel
        group: list[tuple[_Call, int]] = []
        events: list[Event] = []
        for call in self._line:
            some = call.left[: AT_ONCE - len(events)] if call.channel == channel else ()
            if some:
                group.append((call, len(some)))
                events += some
        try:
            await to_thread.run_sync(self._record, channel, events, limiter=self._writer)
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            for call, _ in group:
                self._end(call, error)
            return
        for call, kept in group:
            call.left = call.left[kept:]
            if not call.left:
                self._end(call)

    def _end(self, call: _Call, error: Exception | None = None) -> None:
        if call in self._line:
            self._line.remove(call)
        if call.kept.done():
            return  # nobody waits any more
        if error is None:
            call.kept.set_result(None)
        else:
            call.kept.set_exception(error)
