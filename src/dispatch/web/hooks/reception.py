"""What all calls to hooks share, in one process."""

from anyio import CapacityLimiter

from dispatch.app import App
from dispatch.web.hooks.body import Room
from dispatch.web.hooks.line import Line
from dispatch.web.hooks.turned_away import TurnedAway
from dispatch.web.limits import HOOKS_AT_ONCE


class Reception:
    """Room for calls, threads in which they are read, the line to be kept, and the turned away."""

    def __init__(self, app: App) -> None:
        self.room = Room()
        self.threads = CapacityLimiter(HOOKS_AT_ONCE)
        self.line = Line(app.hooks.record)
        self.turned_away = TurnedAway(app.hooks.turn_away)

    async def close(self) -> None:
        """Write down what was only counted."""
        await self.turned_away.write()
        self.turned_away.stop()
