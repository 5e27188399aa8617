"""A provider that takes batches by `send`, fed like a wire: one batch is under way at a time."""

from collections import deque
from collections.abc import Sequence
from typing import Any

import structlog

from dispatch.channels.provider import READY, Provider, WireEvent
from dispatch.errors import OutcomeUnknown, ProviderError
from dispatch.model.delivery.message import Message

log = structlog.get_logger()


class Calling:
    """A Wire whose every hand-over is one call."""

    def __init__(self, provider: Provider[Any], *, name: str, batch: int) -> None:
        self._provider = provider
        self._name = name
        self._batch = batch
        self._offered: list[Message] = []
        self._events: deque[WireEvent] = deque()
        self.in_flight = 0

    @property
    def room(self) -> int:
        """How many more messages fit into the next call."""
        return self._batch - len(self._offered) - self.in_flight

    def offer(self, messages: Sequence[Message]) -> None:
        """Keep messages for the next call."""
        self._offered += messages
        self._events.extend((one, READY) for one in messages)

    def poll(self, seconds: float) -> Sequence[WireEvent]:  # noqa: ARG002 - nothing comes by itself
        """What has happened since."""
        events = list(self._events)
        self._events.clear()
        self.in_flight = 0
        return events

    def hand_over(self, messages: Sequence[Message]) -> None:
        """Call the provider with messages that are READY."""
        if not messages:
            return
        self.withdraw(messages)
        self.in_flight = len(messages)
        self._events.extend(self._call(messages))

    def withdraw(self, messages: Sequence[Message]) -> None:
        """Forget messages that were offered."""
        gone = {one.id for one in messages}
        self._offered = [one for one in self._offered if one.id not in gone]

    def close(self) -> None:
        """There is nothing of its own to close."""

    def _call(self, messages: Sequence[Message]) -> list[WireEvent]:
        error: ProviderError
        try:
            outcomes = self._provider.send(messages)
        except ProviderError as caught:
            error = caught
        except Exception as caught:
            # An adapter's bug says nothing about what has gone out: it must not cost a duplicate.
            log.exception("channel.crashed", channel=self._name)
            error = OutcomeUnknown(f"{self._name}: {type(caught).__name__} inside the provider")
        else:
            if len(outcomes) == len(messages):
                return list(zip(messages, outcomes, strict=True))
            error = OutcomeUnknown(
                f"{len(messages)} messages went out, {len(outcomes)} were answered"
            )
        return [(one, error) for one in messages]
