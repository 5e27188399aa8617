"""In whatever order events come, and however often, nothing moves backwards and nothing is lost."""

import shutil
import threading
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftermath import Aftermath, told
from dispatch.errors import OutcomeUnknown
from dispatch.model.delivery.event import EventKind, Later, later_of, rank
from dispatch.model.delivery.state import DeliveryState
from dispatch.pipeline.events.record import record_events
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from pipeline_samples import ENDINGS

EDITIONS = 4
HARD = {Later.BOUNCED, Later.COMPLAINED}

ONE = st.tuples(
    st.integers(0, EDITIONS - 1),
    st.sampled_from(("ada@example.org", "bob@example.org")),
    st.sampled_from(EventKind),
    st.booleans(),
    st.integers(0, 9),
)


def lose():
    raise OutcomeUnknown("no answer")


@pytest.fixture(scope="module")
def sent(migrated_sqlite, tmp_path_factory):
    """A database with editions that have gone out, one answer lost; and the mails in each."""
    file = tmp_path_factory.mktemp("sent") / "sent.db"
    shutil.copy(migrated_sqlite, file)
    clock = FakeClock()
    store = Store(f"sqlite:///{file}")
    stage, mails = Aftermath(store, clock), []
    for number in range(EDITIONS):
        stage.begin()
        stage.during_call(1, lose if number == 0 else lambda: None)
        stage.deliver_until_the_end(timedelta(minutes=2))
        mails.append(stage.mails)
    store.close()
    return file, clock, mails


def came_to(store):
    with store.read() as tx:
        deliveries = {one.id: one.state for one in tx.deliveries.latest()}
        later = {key: one.state for key, one in tx.later.of(deliveries).items()}
        return deliveries, later, {one.email for one in tx.suppressions.listed()}


@settings(max_examples=15)
@given(drawn=st.lists(ONE, min_size=1, max_size=14), size=st.integers(1, 8), data=st.data())
def test_nothing_moves_backwards_and_no_suppression_is_lost(sent, drawn, size, data):
    file, clock, mails = sent
    copy = file.with_name("copy.db")
    shutil.copy(file, copy)
    store = Store(f"sqlite:///{copy}")
    events = [
        told(mails[at][who], kind, permanent=hard, at=clock() + timedelta(minutes=minute))
        for at, who, kind, hard, minute in drawn
    ]
    twice = data.draw(st.permutations([*events, *events[: len(events) // 2]]))
    clock = FakeClock(clock() + timedelta(hours=1))

    before = came_to(store)
    for start in range(0, len(twice), size):
        tools = {"store": store, "clock": clock, "endings": ENDINGS}
        record_events(twice[start : start + size], channel="mail", **tools)
        after = came_to(store)
        assert all(rank(after[1][key]) >= rank(state) for key, state in before[1].items())
        assert after[2] >= before[2]
        before = after
    store.close()

    deliveries, later, suppressed = after
    pairs = zip(drawn, events, strict=True)
    said = [(mails[at][who].id, who, event) for (at, who, *_), event in pairs]
    best: dict[int, Later] = {}
    for key, _, event in said:
        state = later_of(event)
        if state and (key not in best or rank(state) > rank(best[key])):
            best[key] = state
    hard = {who for _, who, one in said if later_of(one) in HARD or _will_not_try(one)}
    soft = {(who, key) for key, who, one in said if later_of(one) is Later.SOFT_BOUNCED}
    full = {who for who, _ in soft if sum(one == who for one, _ in soft) > 2}
    assert later == best
    assert hard <= suppressed <= hard | full
    unknown = {key for key, state in deliveries.items() if state is DeliveryState.UNKNOWN}
    assert unknown == {mails[0]["ada@example.org"].id} - {key for key, _, _ in said}


def _will_not_try(event):
    return event.kind is EventKind.DROPPED and event.permanent


def test_two_who_record_the_same_at_once_keep_it_once(clock, postgres_url):
    """Each has connections of its own, as two nodes have."""
    shared = Store(postgres_url)
    stage = Aftermath(shared, clock)
    mails = [stage.send() for _ in range(3)]
    kinds = (EventKind.DELIVERED, EventKind.BOUNCED)
    events = [
        told(one, kind, id=f"{kind}{one.id}", reason="full")
        for sent in mails
        for one in sent.values()
        for kind in kinds
    ]
    new: list[int] = []

    def record(order):
        with_own = Store(postgres_url)
        for start in range(0, len(order), 4):
            tools = {"store": with_own, "clock": clock, "endings": ENDINGS}
            new.append(record_events(order[start : start + 4], channel="mail", **tools).new)
        with_own.close()

    both = [threading.Thread(target=record, args=(one,)) for one in (events, events[::-1])]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sum(new) == len(events)
    with shared.read() as tx:
        counts = [tx.later.counts(tx.editions.get(f"e{n}")) for n in (1, 2, 3)]
    shared.close()
    assert counts == [{Later.SOFT_BOUNCED: 4}] * 3
