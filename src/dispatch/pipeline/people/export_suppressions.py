"""Suppressions as rows of a file, read while somebody takes it; that they took it is on record."""

from collections.abc import Iterator, Sequence

from dispatch.clock import Clock
from dispatch.store.transactions import Store


def export_suppressions(*, by: str, store: Store, clock: Clock) -> Iterator[Sequence[str]]:
    """All of them, in the columns that `read_suppressions` takes back."""
    with store.begin() as tx:
        tx.audit.add("suppression.export", by=by, now=clock(), kind="suppression")
    return _rows(store)


def _rows(store: Store) -> Iterator[Sequence[str]]:
    with store.read() as tx:
        for one in tx.suppressions.listed():
            yield [one.email, one.reason, one.source, one.since.isoformat()]
