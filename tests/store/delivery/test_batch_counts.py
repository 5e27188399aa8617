"""What batches know of their deliveries is what the rows say, whatever happens to them."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from delivery_stage import PEOPLE, DeliveryStage
from dispatch.errors import OutcomeUnknown
from dispatch.model.delivery.counts import KINDS_KEPT, nameless, sort_reasons
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.delivery.state import On
from dispatch.pipeline.delivery.resolve import resolve_unknown, retry_failed
from dispatch.store.database.schema import batches, deliveries
from dispatch.store.delivery.batch_counts import edition_counts
from ledger_stage import FIRST, OURS
from pipeline_samples import CAMPAIGN


@pytest.fixture
def going_out(store, clock):
    going_out = DeliveryStage(store, clock)
    going_out.address(replace(CAMPAIGN, social=()))
    return going_out


def adds_up(stage) -> Counter:
    """What is told of an edition, which is what its rows say, with no row read for it."""
    with stage.store.read() as tx:
        told = tx.deliveries.counted(stage.edition)
        rows = tx._connection.execute(sa.select(deliveries.c.state, deliveries.c.reason)).all()
        known = tx._connection.scalars(sa.select(batches.c.counts)).all()
    assert told.by_state == Counter(State(row.state) for row in rows)
    assert all(known)
    assert sum(told.reasons.values()) == sum(
        number for state, number in told.by_state.items() if state not in {
            State.PENDING, State.SENDING, State.ACCEPTED,
        }
    )  # fmt: skip
    return Counter(told.by_state)


class TestKnown:
    def test_from_the_beginning_to_the_end(self, going_out):
        going_out.provider.on(PEOPLE[0], Refused("550 5.1.1 <ada@example.org> no such user"))
        assert adds_up(going_out) == {State.PENDING: 4}

        going_out.deliver()

        assert adds_up(going_out) == {State.ACCEPTED: 3, State.REFUSED: 1}

    def test_after_it_was_cancelled(self, going_out):
        going_out.cancel()

        assert adds_up(going_out) == {State.FAILED: 4}

    def test_after_somebody_has_decided(self, going_out, store, clock):
        for one in PEOPLE:
            going_out.provider.on(one, OutcomeUnknown("the answer was lost"))
        going_out.deliver()
        before = adds_up(going_out)

        resolve_unknown(On.BELIEVED, by="ada", store=store, clock=clock)
        retry_failed(by="ada", store=store, clock=clock)

        assert adds_up(going_out) != before

    def test_after_somebody_was_erased(self, going_out, store, clock):
        with store.begin() as tx:
            person = tx.subscribers.find(PEOPLE[0])
            names = tx.erasures.names(person)
            tx.erasures.empty(person, names, {}, now=clock())

        with store.read() as tx:
            told = tx.deliveries.counted(going_out.edition)
        assert told.by_state == {State.PENDING: 3, State.SUPPRESSED: 1}


def test_a_batch_in_hand_is_counted_by_its_rows(stage):
    one, two = stage.delivery(), stage.delivery()
    stage.commit(one)

    with stage.store.read() as tx:
        counted = edition_counts(tx._connection, "e4")

    assert counted.by_state == {State.SENDING: 1, State.PENDING: 1}
    assert two


@pytest.mark.parametrize("minutes", [10, 0], ids=["by our clock", "unknown to a frozen process"])
def test_an_answer_that_comes_late_has_its_batch_counted_anew(stage, clock, minutes):
    one = stage.delivery()
    ledger = stage.ledger()
    stage.commit(one, ledger=ledger)
    clock.advance(timedelta(minutes=minutes))
    with stage.store.begin() as tx:
        tx._connection.execute(
            deliveries.update().where(deliveries.c.id == one).values(state=State.UNKNOWN.value)
        )
        taken = tx._connection.execute(
            batches.update()
            .where(batches.c.id == OURS.id)
            .values(fence=OURS.fence + 1, lease_until=clock() + timedelta(minutes=2))
        )
        assert taken.rowcount == 1
        tx.batches.put_back(replace(OURS, fence=OURS.fence + 1), now=clock())

    stage.commit(ledger=ledger, taken={one: "its name"})

    with stage.store.read() as tx:
        counted = edition_counts(tx._connection, "e4")
    assert counted.by_state == {State.ACCEPTED: 1}
    assert one >= FIRST


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 5.1.1 no such user", "550 5.1.1 no such user"),
        ("550 5.1.1 <ada@example.org>: unknown", "550 5.1.1 unknown"),
        ("mx1.example.org said: 552 5.2.2 mailbox full", "said: 552 5.2.2 mailbox full"),
        ("554 see https://example.org/why?ada", "554 see"),
        ("451 4.7.1 try later (id 4F2A-9)", "451 4.7.1 try later (id"),
        ("Does not contain a valid address.", "Does not contain a valid address."),
        ("Is it there? No! See mx.example.org.", "Is it there? No! See"),
        ("", ""),
    ],
)
def test_a_reason_names_nobody(said, kept):
    assert nameless(said) == kept


def test_rare_reasons_are_told_together():
    found = [(State.REFUSED, f"no {'x' * number}", 2) for number in range(KINDS_KEPT + 5)]

    kept = sort_reasons(found)

    assert len(kept) == KINDS_KEPT + 1
    assert kept[State.REFUSED, ""] == 10
