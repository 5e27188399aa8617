"""Readers are counted when some have come or gone, so that no page counts a million."""

from collections.abc import Hashable
from datetime import timedelta
from zoneinfo import ZoneInfo

from dispatch.clock import Clock
from dispatch.store.transactions import Store

OFTEN = timedelta(minutes=1)
"""At most so often, by all machines together."""

KEPT = timedelta(days=3 * 366)
"""How far back the counts of days go."""


def count_readers(seen: Hashable, *, store: Store, clock: Clock, zone: ZoneInfo) -> Hashable:
    """Count, if there is anything else than at the last time; returns what to hand in then.

    Days are those of `zone`. Nobody who writes waits for it.
    """
    now = clock()
    today = now.astimezone(zone).date()
    with store.read() as tx:
        marks = (today, *tx.reader_counts.marks())
        last = tx.reader_counts.now()
        if marks == seen:
            return seen
        if last and last.at and last.day == today and timedelta(0) <= now - last.at < OFTEN:
            return seen
        counts = tx.reader_counts.count(today, now=now)
    with store.begin() as tx:
        tx.reader_counts.keep(counts)
        if last is None or last.day != today:
            tx.reader_counts.forget(before=today - KEPT)
    return marks
