"""Handing messages over as the engine does: what there is room for, until a call is in trouble."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dispatch.channels.calling import Calling
from dispatch.channels.provider import Provider, Ready
from dispatch.errors import ProviderError, TryLater
from dispatch.model.delivery.message import Message, Outcome

Came = Outcome | ProviderError | None
"""What became of a message; None: it was kept back, as a call before it was in trouble."""


def hand_over(
    provider: Provider[Any], messages: Sequence[Message], *, at_once: int = 0
) -> list[Came]:
    """What becomes of messages, in their order; `at_once` go into a call, or all that may."""
    declared = provider.capabilities
    batch = min(at_once or declared.batch, declared.batch)
    wire = Calling(provider, replace(declared, batch=batch), name="the service")
    found: dict[str, Outcome | ProviderError] = {}
    waiting, ready = list(messages), list[Message]()
    in_trouble = False
    while wire.in_flight or not in_trouble:
        if not in_trouble:
            room = wire.room
            wire.offer(waiting[:room])
            waiting = waiting[room:]
        ready.clear()
        for message, what in wire.poll(1):
            if isinstance(what, Ready):
                ready.append(message)
                continue
            found[message.id] = what
            in_trouble |= isinstance(what, ProviderError) and not isinstance(what, TryLater)
        if len(found) == len(messages):
            break
        if not in_trouble:
            wire.hand_over(ready)
    wire.close()
    return [found.get(one.id) for one in messages]
