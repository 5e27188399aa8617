"""Bodies of calls: one event, or a list of them, in one version of a service or another."""

from collections.abc import Callable, Mapping
from typing import Any

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.hooks.reading import value_at
from dispatch.errors import CallUnreadable
from dispatch.model.delivery.event import Event, EventKind


def events_in(call: HookCall, read: Callable[[Mapping[str, Any]], Event | None]) -> list[Event]:
    """What each object of the body tells, in its order: the body is one of them, or a list.

    `read` gives None where an object tells nothing. What is no object is kept as
    `EventKind.OTHER`. Raises CallUnreadable where the body is neither.
    """
    whole = call.json()
    if not isinstance(whole, list | dict):
        raise CallUnreadable("the body is no event and no list of events")
    told = (
        read(one) if isinstance(one, dict) else Event(kind=EventKind.OTHER)
        for one in (whole if isinstance(whole, list) else [whole])
    )
    return [one for one in told if one is not None]


def value_in(call: HookCall, *path: str | int) -> Any:
    """What stands at a path in the body; None also where the body cannot be read."""
    try:
        return value_at(call.json(), *path)
    except CallUnreadable:
        return None
