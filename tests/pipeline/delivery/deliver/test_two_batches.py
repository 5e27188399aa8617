"""Over a wire the next batch begins while the last messages of the one before are under way."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from delivery_stage import LEASE, PEOPLE
from dispatch.errors import (
    OutcomeUnknown,
    ProviderUnavailable,
    StoreUnavailable,
    UnknownDatabase,
)
from dispatch.model.campaigns.pace import Pace
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.state import DeliveryState
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.pause import pause_edition
from dispatch.pipeline.delivery.sending_loop import SendingLoop
from dispatch.pipeline.delivery.taken_batches import LONGEST_DONE, TakenBatches
from dispatch.store.database.schema import batches
from dispatch.store.delivery.ledger import Ledger
from dispatch.testing.wires import RecordingWire, WiredProvider
from pipeline_samples import GUARD, LINKS, addressed_edition, channel

ADA, BOB, EVE, ZOE = PEOPLE
ACCEPTED, PENDING = DeliveryState.ACCEPTED, DeliveryState.PENDING


class SlowWire(RecordingWire):
    """It takes two looks for each answer."""

    def poll(self, seconds):
        self._provider.silent = bool(self._flying) and not self._provider.silent
        return super().poll(seconds)


class Slow(WiredProvider):
    """Hands over through slow wires; `at` has what happens when a mail is handed over."""

    def __init__(self):
        super().__init__()
        self.at = {}
        self.look = lambda: None

    def open_wire(self, connections):
        self.wires.append(SlowWire(self, connections))
        return self.wires[-1]

    def answer_mail(self, mail, promised):
        self.look()
        self.at.pop(mail.recipient, lambda: None)()
        return super().answer_mail(mail, promised)


@pytest.fixture
def provider():
    return Slow()


@pytest.fixture
def people():
    return PEOPLE


@pytest.fixture
def edition(store, clock, monkeypatch, people):
    """Two batches."""
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", len(people) // 2)
    return addressed_edition(store, clock, people)


@pytest.fixture
def deliver(store, clock, provider, edition):
    def deliver(pace=Pace(connections=2), **options):  # noqa: B008 - a value
        return deliver_edition(
            edition,
            store=store,
            open_channel=lambda _: replace(channel(provider), pace=pace),
            guard=GUARD,
            links=LINKS,
            clock=clock,
            lease=LEASE,
            wait=lambda seconds: clock.advance(timedelta(seconds=seconds)),
            **options,
        )

    return deliver


@pytest.fixture
def looks(store, clock, provider, edition):
    """At each hand-over: how many batches are in hand, how many connections are in use."""
    found = []

    def look():
        with store.read() as tx:
            in_use = tx.batches.connections_in_use("mail", now=clock())
            found.append((tx.batches.in_hand(edition.id)["mail"], in_use))

    provider.look = look
    return found


@pytest.fixture
def state_of(store, edition):
    """Whom a delivery is for to its state, or another attribute."""

    def state_of(attribute="state"):
        with store.read() as tx:
            found = tx.deliveries.latest(edition=edition)
            return {one.recipient: getattr(one, attribute) for one in found}

    return state_of


@pytest.fixture
def pause(store, clock, edition):
    return lambda: pause_edition(edition.id, reason="a dead link", store=store, clock=clock)


@pytest.fixture
def in_hand(store, edition):
    def in_hand():
        with store.read() as tx:
            return tx.batches.are_in_hand()

    return in_hand


def test_the_next_batch_goes_out_while_the_last_answer_is_waited_for(deliver, looks, provider):
    report = deliver()

    assert report.counts == {ACCEPTED: 4}
    assert [number for number, _ in looks] == [1, 1, 2, 2]
    [wire] = provider.wires
    assert wire.most_in_flight == 2


def test_both_together_have_the_connections_of_one(deliver, looks):
    deliver()

    assert {in_use for _, in_use in looks} == {2}


def test_no_more_are_in_doubt_than_there_are_connections(deliver, provider, state_of):
    in_doubt = []
    provider.look = lambda: in_doubt.append([*state_of().values()].count(DeliveryState.SENDING))

    deliver()

    assert max(in_doubt) == 2


def test_where_a_pace_says_when_they_leave_one_batch_comes_after_the_other(deliver, looks):
    deliver(Pace(per_second=1, connections=2))

    assert {number for number, _ in looks} == {1}


def test_an_answer_that_comes_late_is_written_into_its_own_batch(deliver, provider, state_of):
    provider.late(BOB, Refused("550 no such user"))
    provider.late(EVE, OutcomeUnknown("the line broke"))

    report = deliver()

    assert report.counts == {ACCEPTED: 2, DeliveryState.REFUSED: 1, DeliveryState.UNKNOWN: 1}
    found = state_of()
    assert (found[BOB], found[EVE]) == (DeliveryState.REFUSED, DeliveryState.UNKNOWN)


def test_trouble_with_the_next_batch_leaves_nothing_of_the_one_before_open(
    deliver, provider, in_hand
):
    provider.on(EVE, ProviderUnavailable("smtp.example.org: down"))

    report = deliver()

    assert report.counts == {ACCEPTED: 2, PENDING: 2}
    assert "is stopped until" in report.stops[0]
    assert not in_hand()


def test_an_edition_that_is_paused_between_the_two_stops_there(deliver, provider, pause, in_hand):
    provider.at[BOB] = pause

    report = deliver()

    assert report.counts == {ACCEPTED: 2, PENDING: 2}
    assert not in_hand()


def test_who_is_told_to_stop_puts_back_both(deliver, provider, in_hand):
    stopped = []
    provider.at[BOB] = lambda: stopped.append(True)

    report = deliver(keep_going=lambda: not stopped)

    assert report.counts == {ACCEPTED: 2, PENDING: 2}
    assert not in_hand()


def test_what_becomes_due_while_the_last_answers_are_waited_for_goes_out_too(
    deliver, clock, monkeypatch, store
):
    finish = SendingLoop._finish

    def finish_later(loop):
        clock.advance(timedelta(seconds=11))
        return finish(loop)

    monkeypatch.setattr(SendingLoop, "_finish", finish_later)
    with store.begin() as tx:
        ids = tx._connection.scalars(sa.select(batches.c.id).order_by(batches.c.id)).all()
        due = clock() + timedelta(seconds=10)
        tx._connection.execute(batches.update().where(batches.c.id == ids[-1]).values(due=due))

    report = deliver()

    assert report.counts == {ACCEPTED: 4}


@pytest.mark.parametrize("error", [StoreUnavailable("locked"), UnknownDatabase("another one")])
def test_where_the_next_batch_cannot_be_taken_what_is_under_way_comes_in(
    deliver, monkeypatch, state_of, error
):
    take, calls = TakenBatches.take, []

    def fail(self, **how):
        calls.append(how)
        if len(calls) == 2:
            raise error
        return take(self, **how)

    monkeypatch.setattr(TakenBatches, "take", fail)

    with pytest.raises(type(error)):
        deliver()

    assert [*state_of().values()] == [ACCEPTED, ACCEPTED, PENDING, PENDING]


def test_where_the_next_batch_cannot_be_read_what_is_under_way_comes_in(
    deliver, monkeypatch, state_of
):
    items, calls = Ledger.items, []

    def fail(self, **how):
        calls.append(how)
        if len(calls) == 2:
            raise StoreUnavailable("locked")
        return items(self, **how)

    monkeypatch.setattr(Ledger, "items", fail)

    with pytest.raises(StoreUnavailable):
        deliver()

    assert [*state_of().values()] == [ACCEPTED, ACCEPTED, PENDING, PENDING]


class TestFivePeopleEach:
    @pytest.fixture
    def people(self):
        return tuple(f"{number}@example.org" for number in range(10))

    def test_a_batch_that_had_to_wait_for_its_turn_is_taken_anew(
        self, deliver, provider, clock, state_of
    ):
        """One connection has room for three, so that two are left when the first has come out."""
        provider.at["2@example.org"] = lambda: clock.advance(LEASE / 2)

        report = deliver(Pace(connections=1))

        assert report.counts == {ACCEPTED: 10}
        assert [*state_of("fence").values()] == [1] * 5 + [2] * 5

    @pytest.mark.parametrize(
        ("error", "sent"), [(StoreUnavailable("locked"), 10), (UnknownDatabase("another one"), 5)]
    )
    def test_a_batch_that_cannot_be_taken_early_is_taken_later_or_never(
        self, deliver, monkeypatch, state_of, error, sent
    ):
        take = TakenBatches.take

        def fail(self, *, ahead=False):
            if ahead:
                raise error
            return take(self)

        monkeypatch.setattr(TakenBatches, "take", fail)

        with nullcontext() if sent == 10 else pytest.raises(UnknownDatabase):
            deliver(Pace(connections=1))

        states = [*state_of().values()]
        assert DeliveryState.SENDING not in states
        assert 1 <= states.count(ACCEPTED) <= sent
        assert sent == 5 or states.count(ACCEPTED) == 10

    def test_where_only_the_hours_of_the_next_one_are_over_the_one_before_goes_on(
        self, deliver, monkeypatch, clock, state_of
    ):
        until, seen = SendingLoop._open_until, []

        def closed(loop, batch, moment):
            seen.append(batch.first)
            is_second = batch.first != seen[0] and batch.fence == 1
            return clock() if is_second else until(loop, batch, moment)

        monkeypatch.setattr(SendingLoop, "_open_until", closed)

        report = deliver(Pace(connections=1))

        assert report.counts == {ACCEPTED: 10}
        assert [*state_of("fence").values()] == [1] * 5 + [2] * 5

    def test_a_batch_whose_turn_comes_in_time_is_kept(self, deliver, provider, clock, state_of):
        provider.at["2@example.org"] = lambda: clock.advance(LEASE / 3)

        deliver(Pace(connections=1))

        assert [*state_of("fence").values()] == [1] * 10

    def test_a_batch_that_is_done_waits_for_a_moment_to_be_put_back_with_another(
        self, deliver, provider, clock, looks
    ):
        provider.at["6@example.org"] = lambda: clock.advance(LONGEST_DONE / 2)

        deliver(Pace(connections=1))

        assert looks[7] == (2, 1)

    def test_it_does_not_wait_for_long(self, deliver, provider, clock, looks):
        provider.at["6@example.org"] = lambda: clock.advance(LONGEST_DONE * 2)

        deliver(Pace(connections=1))

        assert looks[7] == (1, 1)
