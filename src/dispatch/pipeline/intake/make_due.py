"""Have feeds polled at the next tick, because a person wants to know now."""

from collections.abc import Collection

from dispatch.clock import Clock
from dispatch.store.transactions import Store

WHY = "somebody asked for it"


def make_due(names: Collection[str], *, by: str, store: Store, clock: Clock) -> int:
    """How many of these feeds are due now; one that is gone is not.

    One that was never polled is due anyway, and counts.
    """
    now = clock()
    with store.begin() as tx:
        number = tx.feeds.make_due(names, now=now, why=WHY)
        tx.audit.add("feed.poll_all", by=by, now=now, kind="feed", feeds=number)
    return number
