"""Two who bring in the same person at once, on any machines: the second knows of the first."""

from collections.abc import Callable
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


def put_new(row: SubscriberRow, *, tx: Transaction, ids: Ids) -> int:
    """Add somebody whom nobody knew; their id. Raises ChangedMeanwhile where somebody does by now.

    On SQLite nobody can come in between.
    """
    found = tx.subscribers.add(row, ids=ids)
    if found is None:
        raise ChangedMeanwhile(f"{row.email}: was brought in meanwhile - look at them again")
    return found


def knowing_others(change: Callable[[], T]) -> T:
    """Make a change, and once more from the beginning where somebody was quicker."""
    try:
        return change()
    except ChangedMeanwhile:
        return change()
