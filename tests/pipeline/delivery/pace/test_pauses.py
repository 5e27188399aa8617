"""How long a worker waits for the next one whom it may announce."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.model.campaigns.pace import Pace
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.state import DeliveryState
from dispatch.pipeline.delivery.queue import Queue
from dispatch.testing.wires import WiredProvider
from pace_stage import ACCEPTED, LEASE
from pipeline_samples import channel


class TestPauses:
    """How long a worker sleeps: never for nothing, and never round and round."""

    @pytest.fixture
    def queue(self, store, clock, mail, edition):
        def queue(pace, *, people=3):
            going_out = edition(people)
            with store.begin() as tx:
                batch = tx.batches.take(
                    going_out.id,
                    ["mail"],
                    channel="mail",
                    connections=1,
                    at_most=1,
                    now=clock(),
                    lease=LEASE,
                )
            ledger = store.ledger(batch)
            items = ledger.items(now=clock())
            ledger.close()
            return Queue(items, channel=mail(pace), store=store, clock=clock, timezone="UTC")

        return queue

    def test_an_empty_queue_is_no_reason_to_hurry(self, queue, clock):
        some = queue(Pace(per_second=10, per_domain={"example.org": 1}), people=1)
        some.take(5, offered=0)
        some.permit(1)
        clock.advance(timedelta(seconds=5))
        some.take(5, offered=0)

        assert some.is_empty
        assert some.pause(0.5, ready=False, room=True) == 0.5

    def test_the_pause_ends_when_the_next_one_may_go(self, queue, clock):
        some = queue(Pace(per_second=10))
        taken = some.take(5, offered=0)

        assert (len(taken), some.permit(3)) == (3, 1)
        assert some.pause(0.5, ready=True, room=True) == pytest.approx(0.1)
        clock.advance(timedelta(seconds=0.1))
        assert some.permit(2) == 1

    def test_at_a_slow_pace_one_is_announced_after_the_other(self, queue):
        some = queue(Pace(per_second=0.05))

        assert len(some.take(5, offered=0)) == 1
        assert some.take(5, offered=1) == []

    def test_those_refused_when_announced_count_too(self, queue, clock):
        some = queue(Pace(per_second=1))
        some.take(1, offered=0)
        some.used(2)

        some.permit(0)

        assert some.take(1, offered=0) == []
        clock.advance(timedelta(seconds=some.pause(9, ready=False, room=True)))
        some.permit(0)
        assert len(some.take(1, offered=0)) == 1

    def test_full_connections_do_not_make_a_worker_spin(self, deliver, edition, clock):
        seconds = []
        wired = WiredProvider()
        open_wire = wired.open_wire

        def watched(connections):
            wire = open_wire(connections)
            poll = wire.poll

            def look(most):
                if wire.room <= 0 and wire.in_flight == 1:
                    seconds.append(most)
                clock.advance(timedelta(seconds=most))
                wired.silent = len(seconds) < 5
                return poll(most)

            wire.poll = look
            return wire

        wired.open_wire = watched
        slow = replace(channel(wired), pace=Pace(per_second=1000, connections=1))

        report = deliver(edition(20), slow)

        assert report.counts == {ACCEPTED: 20}
        assert max(seconds) == 0.5

    def test_a_list_that_is_refused_when_announced_goes_no_faster(self, deliver, edition, clock):
        wired, before = WiredProvider(), clock()
        for number in range(10):
            wired.always(f"{number:03}@example.org", Refused("550 no such user"))
        slow = replace(channel(wired), pace=Pace(per_second=1, connections=1))

        report = deliver(edition(10), slow)

        assert report.counts == {DeliveryState.REFUSED: 10}
        assert clock() - before >= timedelta(seconds=4)
