"""Deliveries in a transaction, and others beside them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dispatch.model.delivery.state import DeliveryState as State
from dispatch.store.delivery.deliveries import Deliveries
from dispatch.store.delivery.row_keys import key

BESIDE = (key(4, 0), key(5, 1))
"""Keys just outside of the edition; `FIRST` is the first inside."""


@pytest.fixture
def rows(store):
    """The deliveries of a transaction."""

    @contextmanager
    def rows() -> Iterator[Deliveries]:
        with store.begin() as tx:
            yield tx.deliveries

    return rows


@pytest.fixture
def beside(bare):
    """Whatever is done to an edition, its neighbours' deliveries stay as they are."""

    def beside(state=State.PENDING, **values):
        for one in BESIDE:
            bare.delivery(state, id=one, **{"channel": "mail", **values})
        before = [bare.row(one) for one in BESIDE]
        return lambda: [bare.row(one) for one in BESIDE] == before

    return beside
