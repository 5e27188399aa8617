"""What a provider tells is kept once, beside the delivery that it is of."""

from datetime import timedelta

import pytest

from delivery_stage import DeliveryStage
from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.event import Event, EventKind, Later
from dispatch.pipeline.events.record import Recorded, record_events
from dispatch.store.transactions import Store
from pipeline_samples import ENDINGS


@pytest.fixture
def stage(store, clock):
    stage = DeliveryStage(store, clock)
    stage.address()
    stage.deliver_until_the_end()
    return stage


@pytest.fixture
def record(store, clock):
    def keep(*events):
        return record_events(events, channel="mail", store=store, clock=clock, endings=ENDINGS)

    return keep


def told(delivery, kind=EventKind.DELIVERED, **values):
    return Event(kind=kind, delivery=f"{delivery.edition_id}.{delivery.id}", **values)


def test_what_came_later_stands_beside_the_delivery(stage, store, record):
    with store.read() as tx:
        first, second, *_ = tx.deliveries.latest()

    done = record(
        told(first, id="e1"),
        told(second, EventKind.BOUNCED, id="e2", permanent=True, reason="550 no such user"),
    )

    assert done == Recorded(2)
    with store.read() as tx:
        later = tx.later.of([first.id, second.id])
        assert later[first.id].state is Later.DELIVERED
        assert (later[second.id].state, later[second.id].reason) == (
            Later.BOUNCED,
            "550 no such user",
        )
        assert tx.later.counts(stage.edition) == {Later.DELIVERED: 1, Later.BOUNCED: 1}
        assert tx.hooks.all()["mail"].events == 2


def test_what_is_told_again_changes_nothing(stage, store, record):
    with store.read() as tx:
        first, *_ = tx.deliveries.latest()
    event = told(first, reason="250 ok")
    record(event)

    assert record(event, event) == Recorded(0, 2)
    with store.read() as tx:
        assert tx.later.counts(stage.edition) == {Later.DELIVERED: 1}


def test_an_id_that_is_good_for_one_event_brings_no_other(stage, store, record):
    with store.read() as tx:
        first, second, *_ = tx.deliveries.latest()
    true, *forged = (
        told(first, id="token", once=True),
        told(second, EventKind.COMPLAINED, id="token", once=True),
        told(second, EventKind.BOUNCED, id="token", permanent=True, once=True),
        told(second, id="token", once=True),
    )

    assert record(true, *forged, true) == Recorded(1, 4)
    assert record(*forged) == Recorded(0, 3)
    with store.read() as tx:
        assert tx.later.counts(stage.edition) == {Later.DELIVERED: 1}
        assert not list(tx.suppressions.listed())


def test_an_event_of_no_delivery_of_ours_is_kept_and_counted(stage, store, record, clock):
    strange = Event(
        kind=EventKind.COMPLAINED,
        id="x",
        at=clock() + timedelta(days=1),
        delivery="other.12",
        recipient="Eve@Example.org",
    )

    assert record(strange) == Recorded(1, 0, 1)
    with store.read() as tx:
        [kept] = tx.events.of_address("eve@example.org")
        assert (kept.delivery, kept.at) == (None, clock())


def test_nothing_is_taken_into_a_file_that_is_the_database_no_more(tmp_path, clock):
    store = Store(f"sqlite:///{tmp_path / 'dispatch.db'}")
    (tmp_path / "dispatch.db").rename(tmp_path / "elsewhere.db")

    with pytest.raises(StoreUnavailable):
        record_events(
            [Event(kind=EventKind.OPENED)],
            channel="mail",
            store=store,
            clock=clock,
            endings=ENDINGS,
        )

    store.close()
