"""What one reader was sent, found by the keys of editions: also where they stand zone by zone."""

from datetime import timedelta

from delivery_stage import DeliveryStage
from pipeline_samples import compose, entry, keep
from sending_stage import address, made, people

READER = "taro@example.org"


def test_the_last_of_it_comes_first_whatever_way_it_was_addressed(store, clock):
    people(store, clock)
    stage = DeliveryStage(store, clock)
    made(stage)  # by zones
    clock.advance(timedelta(days=2))
    address(stage)
    stage.deliver()
    by_zones = stage.edition_id
    clock.advance(timedelta(days=1))
    keep(store, entry("two"), now=clock())
    stage.edition_id = compose(store, clock, name="e2").edition.id
    address(stage)
    stage.deliver()

    with store.read() as tx:
        reader = tx.subscribers.find(READER)
        found = tx.received.last(reader.id, limit=10)
        first = tx.received.last(reader.id, limit=1)
        nobody = tx.received.last(999, limit=10)

    assert [(one.edition_id, one.recipient) for one in found] == [
        (stage.edition_id, READER),
        (by_zones, READER),
    ]
    assert {(one.campaign, one.channel, one.state.value) for one in found} == {
        ("weekly", "mail", "accepted")
    }
    assert (first, nobody) == (found[:1], [])
