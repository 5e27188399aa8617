"""Keep many events, few at a time: nobody else can write meanwhile, and one may be a bad one."""

from collections.abc import Callable, Sequence

from dispatch.errors import DispatchError
from dispatch.model.delivery.event import Event
from dispatch.pipeline.events.record import Recorded

Record = Callable[[Sequence[Event]], Recorded]
"""Keeps events in one transaction, all of them or none (`record_events`)."""

AT_ONCE = 100
"""So many events take SQLite some thousandths of a second, which is how long a sender waits: at
1,000 mails a second one keeps its pace beside 3,000 events."""


def record_in_parts(events: Sequence[Event], *, record: Record) -> Recorded:
    """Keep all events; those of them that cannot be kept, by a bug of ours, cost no other.

    Raises the first of such errors once all others are kept, and a DispatchError, such as
    StoreUnavailable, at once. What was kept until then is known when it is told again.
    """
    recorded, error = Recorded(0), None
    for at in range(0, len(events), AT_ONCE):
        part, failed = _record(events[at : at + AT_ONCE], record)
        recorded, error = _sum(recorded, part), error or failed
    if error is not None:
        raise error
    return recorded


def _record(events: Sequence[Event], record: Record) -> tuple[Recorded, Exception | None]:
    """The half that has the bad one is halved again, until that one is alone."""
    try:
        return record(events), None
    except DispatchError:
        raise
    except Exception as error:  # noqa: BLE001 - it is raised in the end
        if len(events) == 1:
            return Recorded(0), error
    middle = len(events) // 2
    first, bad = _record(events[:middle], record)
    second, worse = _record(events[middle:], record)
    return _sum(first, second), bad or worse


def _sum(one: Recorded, other: Recorded) -> Recorded:
    return Recorded(
        one.new + other.new, one.repeated + other.repeated, one.strangers + other.strangers
    )
