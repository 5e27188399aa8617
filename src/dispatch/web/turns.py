"""Changes that readers make: a few at a time, so that they do not push back a sender's."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

from dispatch.errors import StoreUnavailable
from dispatch.web.limits import CHANGES_AT_ONCE, TURN_SECONDS

P = ParamSpec("P")
T = TypeVar("T")


class Turns:
    """Who wants to change something waits for those before, in the order in which they came.

    SQLite lets one write at a time and keeps no order: whoever finds it busy tries again after a
    while. So forty clicks at once leave a sender one chance in forty.
    """

    def __init__(self, *, seconds: float = TURN_SECONDS) -> None:
        self._seconds = seconds
        self._free = asyncio.Semaphore(CHANGES_AT_ONCE)

    async def take(self, change: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make the change, in a thread, when its turn has come.

        Raises StoreUnavailable if it has not come after so many seconds.
        """
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError as error:
            raise StoreUnavailable(
                f"database: busy with other changes for {self._seconds:g} seconds - see with whose"
            ) from error
        try:
            return await run_in_threadpool(change, *args, **kwargs)
        finally:
            self._free.release()
