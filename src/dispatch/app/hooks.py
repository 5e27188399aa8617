"""What services call us back with, from the call to what is kept of it."""

from collections.abc import Mapping, Sequence
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from dispatch.app.channels import Channels
from dispatch.app.tools import Tools
from dispatch.channels.hooks.call import HookCall
from dispatch.channels.opened import Channel
from dispatch.model.delivery.event import Event
from dispatch.pipeline.events.hear_call import hear_call
from dispatch.pipeline.events.record import Recorded, record_events
from dispatch.pipeline.events.record_in_parts import record_in_parts

if TYPE_CHECKING:
    from dispatch.model.campaigns.campaign import ChannelPlan


class Hooks:
    """Hears calls and keeps what they tell; several threads may use it.

    Channels are opened on their first call, apart from those that send, and anew once
    schedules.yaml has been read again.
    """

    def __init__(self, tools: Tools, channels: Channels) -> None:
        self._tools = tools
        self._channels = channels
        self._open: dict[str, tuple[ChannelPlan, Channel]] = {}
        self._lock = Lock()

    def hear(self, name: str, call: HookCall) -> Sequence[Event]:
        """What a call to the hook of a channel tells; nothing of it is kept yet.

        Raises like `hear_call`, and BadInput where the channel cannot be opened.
        """
        return hear_call(self._channel(name), call)

    def record(self, name: str, events: Sequence[Event]) -> Recorded:
        """Keep what a channel's service has told; raises like `record_in_parts`."""
        tools = self._tools
        record = partial(
            record_events,
            channel=name,
            store=tools.store,
            clock=tools.clock,
            endings=tools.endings,
        )
        return record_in_parts(events, record=record)

    def turn_away(self, calls: Mapping[str, tuple[int, str]]) -> None:
        """Count calls that were turned away: channel to how many, and why the last of them was."""
        now = self._tools.clock()
        with self._tools.store.begin() as tx:
            for name, (number, reason) in calls.items():
                tx.hooks.turn_away(name, number, reason, now=now)

    def close(self) -> None:
        """Let go of the channels."""
        with self._lock:
            for _, channel in self._open.values():
                channel.close()
            self._open.clear()

    def _channel(self, name: str) -> Channel:
        plan = self._channels.plan(name)
        with self._lock:
            before = self._open.get(name)
            if before is not None and before[0] is plan:
                return before[1]
            channel = self._channels.open(name)  # raises, and is tried again by the next call
            self._open[name] = plan, channel
        if before is not None:
            before[1].close()
        return channel
