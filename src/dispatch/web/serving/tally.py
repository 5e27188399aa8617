"""Trouble with clients: the first case is told at once, what follows once a minute, as a number."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import structlog

from dispatch.web.limits import TELL_SECONDS

Wake = Callable[[float, Callable[[], object]], asyncio.TimerHandle]
"""Calls something after so many seconds, such as a loop's `call_later`."""

Key = tuple[str, tuple[tuple[str, object], ...]]

log = structlog.get_logger()


def later(seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
    """Wakes in the loop that runs now."""
    return asyncio.get_running_loop().call_later(seconds, call)


class Tally:
    """Counts what happens again and again; only for the thread of the loop.

    An event may bring facts, which are counted apart: there must be few values of each.
    """

    def __init__(self, wake: Wake = later, *, every: float = TELL_SECONDS) -> None:
        self._wake = wake
        self._every = every
        self._untold: dict[Key, int] = {}
        self._timers: dict[Key, asyncio.TimerHandle] = {}

    def note(
        self, event: str, *, error: BaseException | None = None, **facts: str | int | None
    ) -> None:
        """Count it; say it unless it has been said within the last minute.

        Of an error, only what is said at once has where it came from.
        """
        if error is not None:
            facts["error"] = type(error).__name__
        key = (event, tuple(sorted(facts.items())))
        if key in self._untold:
            self._untold[key] += 1
            return
        log.warning(event, **facts, times=1, **({"exc_info": error} if error else {}))
        self._begin(key)

    def close(self) -> None:
        """Say what has not been said."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for key, times in self._untold.items():
            _tell(key, times)
        self._untold.clear()

    def _begin(self, key: Key) -> None:
        self._untold[key] = 0
        self._timers[key] = self._wake(self._every, lambda: self._end(key))

    def _end(self, key: Key) -> None:
        del self._timers[key]
        if times := self._untold.pop(key):
            _tell(key, times)
            self._begin(key)


def _tell(key: Key, times: int) -> None:
    event, facts = key
    if times:
        log.warning(event, **dict(facts), times=times)


class ServerLog(logging.Handler):
    """What uvicorn says through the standard library, as events of ours."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(logging.WARNING)
        self._tally = tally

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._tally.note("web.server_said", error=error, text=record.getMessage().strip())


def loop_failed(tally: Tally) -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]:
    """What a loop calls when nobody else answers for an exception."""

    def failed(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        tally.note("web.server_said", error=context.get("exception"), text=str(context["message"]))

    return failed
