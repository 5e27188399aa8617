"""A batch in a worker's hands, on each database."""

from collections.abc import Iterator

import pytest

from ledger_stage import LedgerStage


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
