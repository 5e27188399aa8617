"""Changes that readers make: a few at a time, so that they do not push back a sender's."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, TypeVar, cast

from starlette.concurrency import run_in_threadpool

from dispatch.errors import StoreUnavailable
from dispatch.web.limits import (
    CHANGES_AT_ONCE,
    CHANGES_TOGETHER,
    LOOK_SECONDS,
    LOOKS_AT_ONCE,
    TURN_SECONDS,
)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Waiting:
    """A change that waits in line for whoever makes several, and what became of it."""

    change: Callable[[], Any]
    over: asyncio.Event
    made: Any = None
    error: BaseException | None = None


class Turns:
    """Who wants to change something waits for those before, in the order in which they came.

    SQLite lets one write at a time and keeps no order: whoever finds it busy tries again after a
    while. So forty clicks at once leave a sender one chance in forty. `together` is in what several
    changes are kept at once.
    """

    def __init__(
        self,
        *,
        together: Callable[[], AbstractContextManager[None]] = nullcontext,
        seconds: float = TURN_SECONDS,
    ) -> None:
        self._together = together
        self._seconds = seconds
        self._free = asyncio.Semaphore(CHANGES_AT_ONCE)
        self._looks = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._line: deque[_Waiting] = deque()

    async def look(self, look: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Have a short look, in a thread: a few at a time, as far as that takes no long wait."""
        begun = False
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                begun = await self._looks.acquire()
        try:
            return await run_in_threadpool(look, *args, **kwargs)
        finally:
            if begun:
                self._looks.release()

    async def take(self, change: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make the change, in a thread, when its turn has come.

        Raises StoreUnavailable if it has not come after so many seconds.
        """
        await self._begin()
        try:
            return await run_in_threadpool(change, *args, **kwargs)
        finally:
            self._free.release()

    async def share(self, change: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for a short change: made by whoever's turn comes first, with all in line.

        They are kept at once, and answered when they are. What fails of one is its own.
        """
        mine = _Waiting(partial(change, *args, **kwargs), asyncio.Event())
        self._line.append(mine)
        try:
            await self._begin()
        except BaseException:
            if mine in self._line:
                self._line.remove(mine)
            raise
        try:
            while mine in self._line:
                some = [self._line.popleft() for _ in range(min(CHANGES_TOGETHER, len(self._line)))]
                await run_in_threadpool(self._make, some, asyncio.get_running_loop())
            await mine.over.wait()  # somebody else may have it in hand
        finally:
            self._free.release()
        if mine.error is not None:
            raise mine.error
        return cast("T", mine.made)

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError as error:
            raise StoreUnavailable(
                f"database: busy with other changes for {self._seconds:g} seconds - see with whose"
            ) from error

    def _make(self, some: list[_Waiting], loop: asyncio.AbstractEventLoop) -> None:
        try:
            with self._together():
                for one in some:
                    try:
                        one.made = one.change()
                    except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
                        one.error = error
        except Exception as error:  # noqa: BLE001 - nothing of it is kept
            for one in some:
                one.error = error
        for one in some:
            with suppress(RuntimeError):  # the service has ended, and nobody waits
                loop.call_soon_threadsafe(one.over.set)
