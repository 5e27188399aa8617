"""What all calls to hooks share, in one process."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from dispatch.app import App
from dispatch.web.hooks.body import Room
from dispatch.web.hooks.line import Line
from dispatch.web.hooks.turned_away import TurnedAway
from dispatch.web.limits import HOOKS_AT_ONCE, HOOKS_OF_CHANNEL

T = TypeVar("T")


class Reception:
    """Room for calls, threads in which they are read, the line to be kept, and the turned away."""

    def __init__(self, app: App) -> None:
        self.room = Room()
        self._threads = CapacityLimiter(HOOKS_AT_ONCE)
        self._of_channel: dict[str, CapacityLimiter] = {}
        self.line = Line(app.hooks.record)
        self.turned_away = TurnedAway(app.hooks.turn_away)

    async def read(self, channel: str, read: Callable[[], T]) -> T:
        """What a function gives that is called in a thread, once there is one for the channel."""
        share = self._of_channel.setdefault(channel, CapacityLimiter(HOOKS_OF_CHANNEL))
        async with share:
            return await to_thread.run_sync(read, limiter=self._threads)

    async def close(self) -> None:
        """Write down what was only counted."""
        await self.turned_away.write()
        self.turned_away.stop()
