"""Two who bring in the same person at once, on any machines: the second knows of the first."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from dispatch.errors import ChangedMeanwhile
from dispatch.ids import Ids
from dispatch.model.people.subscriber import Subscriber, SubscriberRow
from dispatch.store.transactions import Transaction

T = TypeVar("T")


def held(email: str, tx: Transaction) -> Subscriber | None:
    """Who has this address, as they are now; whoever else changes them waits for us."""
    person = tx.subscribers.find(email)
    return tx.preferences.lock(person.id) if person else None


def put_new(row: SubscriberRow, *, tx: Transaction, now: datetime, ids: Ids) -> int:
    """Add somebody whom nobody knew; their id. Raises ChangedMeanwhile where somebody does by now.

    On SQLite nobody can come in between.
    """
    drawn = ids()
    found = tx.subscribers.put(row, now=now, ids=lambda: drawn)
    person = tx.subscribers.get([found]).get(found)
    if person is None or person.public_id != drawn:
        raise ChangedMeanwhile(f"{row.email}: was brought in meanwhile - look at them again")
    return found


def knowing_others(change: Callable[[], T]) -> T:
    """Make a change, and once more from the beginning where somebody was quicker."""
    try:
        return change()
    except ChangedMeanwhile:
        return change()
