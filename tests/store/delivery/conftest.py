"""A batch in a worker's hands, on each database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ledger_stage import LEASE, LedgerStage


@pytest.fixture
def stage(store, clock) -> Iterator[LedgerStage]:
    stage = LedgerStage(store, clock)
    stage.set_up()
    yield stage
    stage.close()


@pytest.fixture
def bare(store, clock) -> LedgerStage:
    """A stage with nothing on it."""
    return LedgerStage(store, clock)


@pytest.fixture
def rows(store):
    """The batches of a transaction."""

    @contextmanager
    def rows():
        with store.begin() as tx:
            yield tx.batches

    return rows


@pytest.fixture
def take(rows, clock):
    def take(
        edition="e4", planned=("mail",), *, channel="mail", connections=2, at_most=None, after=None
    ):
        with rows() as some:
            return some.take(
                edition,
                planned,
                channel=channel,
                connections=connections,
                at_most=at_most,
                now=clock(),
                lease=LEASE,
                after=after,
            )

    return take
