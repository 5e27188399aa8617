"""Export the run log: all of it, or some campaign's or days', without holding it in memory."""

from collections.abc import Iterator
from datetime import date

from dispatch.model.editions.run import Run
from dispatch.store.transactions import Store

AT_A_TIME = 500


def export_runs(
    *,
    store: Store,
    campaign: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Iterator[Run]:
    """Runs with their posts, in the order in which they started; the days are of their slots.

    They are read in pieces, each in a transaction of its own: a slow reader is in nobody's way. A
    run that starts meanwhile comes last.
    """
    after = 0
    while True:
        with store.read() as tx:
            found = tx.runs.after(after, campaign=campaign, first=first, last=last, limit=AT_A_TIME)
        yield from found
        if len(found) < AT_A_TIME:
            return
        after = found[-1].id
