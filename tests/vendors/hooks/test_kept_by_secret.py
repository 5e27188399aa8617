"""A hard bounce that one of these vendors tells finds its delivery, by what we had sent along."""

import json

from delivery_stage import DeliveryStage
from dispatch.model.delivery.event import EventKind, Later
from dispatch.pipeline.events.record import Recorded, record_events
from pipeline_samples import ENDINGS
from vendors.hooks.documented import OURS, TOLD
from vendors.hooks.test_documented import provider, signed


def hard_bounce(name, delivery):
    """What is told of a hard bounce, of this delivery."""
    told = next(
        told for told, event in TOLD[name] if event.permanent and event.kind is EventKind.BOUNCED
    )
    return json.loads(json.dumps(told).replace(OURS, delivery))


def test_a_hard_bounce_is_kept_beside_its_delivery_and_the_address_is_suppressed(store, clock):
    stage = DeliveryStage(store, clock)
    stage.address()
    stage.deliver_until_the_end()
    with store.read() as tx:
        delivery = next(iter(tx.deliveries.latest()))

    for name in TOLD:
        service = provider(name)
        call = signed(name, hard_bounce(name, f"{delivery.edition_id}.{delivery.id}"))
        service.verify(call)
        done = record_events(
            service.parse_events(call), channel=name, store=store, clock=clock, endings=ENDINGS
        )
        assert done == Recorded(1), name

    with store.read() as tx:
        assert tx.later.of([delivery.id])[delivery.id].state is Later.BOUNCED
        assert [one.email for one in tx.suppressions.listed()] == [delivery.recipient]
