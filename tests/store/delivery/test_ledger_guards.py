"""Who may not write into the ledger, and what is nobody's to change: each condition, one by one."""

from datetime import timedelta

import pytest

from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.editions.edition import EditionState
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.store.database.lists import packed
from dispatch.store.database.prepared import moment
from dispatch.store.database.schema import batches, editions
from dispatch.store.delivery.ledger import Chunk
from ledger_stage import FENCE, LEASE, OURS

SECOND = timedelta(seconds=1)
NOTHING = Chunk(frozenset(), held=False)


def _taken_by_another(stage):
    stage.change(batches, OURS.id, fence=FENCE + 1)


def _taken_with_a_smaller_fence(stage):
    stage.change(batches, OURS.id, fence=FENCE - 1)


def _ran_out_just_now(stage):
    stage.change(batches, OURS.id, lease_until=stage.clock())


def _ran_out_long_ago(stage):
    stage.clock.advance(LEASE + SECOND)
    for other in (4, 6, 7):
        stage.change(batches, other, lease_until=stage.clock() + LEASE)


def _put_back(stage):
    stage.change(batches, OURS.id, lease_until=None)


def _paused(stage):
    stage.change(editions, "e4", state=EditionState.PAUSED.value)


def _cancelled(stage):
    stage.change(editions, "e4", state=EditionState.CANCELLED.value)


def _stopped_for_now(stage):
    stage.stop(stage.clock() + SECOND)


def _stopped_until_a_person_acts(stage):
    stage.stop(None)


ENDINGS = [_taken_by_another, _taken_with_a_smaller_fence, _ran_out_just_now, _ran_out_long_ago,
           _put_back, _paused, _cancelled, _stopped_for_now,
           _stopped_until_a_person_acts]  # fmt: skip


@pytest.mark.parametrize("end", ENDINGS, ids=lambda end: end.__name__.strip("_"))
def test_nothing_is_granted_to_a_worker_whose_time_is_over(stage, end):
    to_a_reader, snippet = stage.delivery(to=stage.reader()), stage.delivery()
    granted_before = stage.delivery(State.SENDING, fence=FENCE, attempt=1)
    to_nobody = stage.delivery(to=stage.reader(active=False))
    keys = (to_a_reader, snippet, granted_before, to_nobody)
    before = [stage.row(one) for one in keys]
    end(stage)

    chunk = stage.commit(*keys)

    assert chunk == NOTHING
    assert [stage.row(one) for one in keys] == before


@pytest.mark.parametrize("end", ENDINGS, ids=lambda end: end.__name__.strip("_"))
def test_nothing_is_granted_any_more_to_one_that_has_written_chunks_before(stage, end):
    keys = [stage.delivery(to=stage.reader()) for _ in range(6)]
    ledger = stage.ledger()
    for key in keys[:3]:
        assert stage.commit(key, ledger=ledger).granted == {key}
    end(stage)

    assert stage.commit(*keys[3:5], ledger=ledger) == NOTHING


@pytest.mark.parametrize("state", sorted(set(EditionState) - {EditionState.SENDING}))
def test_nothing_is_granted_of_an_edition_that_does_not_go_out(stage, state):
    key = stage.delivery()
    stage.change(editions, "e4", state=state.value)

    assert stage.commit(key) == NOTHING
    assert stage.state(key) is State.PENDING


def test_with_answers_in_hand_nothing_is_granted_to_it_either(stage):
    wanted, handed = stage.delivery(), stage.delivery(State.SENDING, fence=FENCE)
    stage.change(batches, OURS.id, fence=FENCE + 1)

    chunk = stage.commit(wanted, taken={handed: "name"})

    assert chunk == NOTHING
    assert stage.state(wanted) is State.PENDING
    assert stage.state(handed) is State.ACCEPTED  # an answer counts, whoever brings it


@pytest.mark.parametrize(
    "stop",
    [("mail", timedelta(0)), ("mail", -SECOND), ("backup", SECOND), ("zzz", SECOND)],
    ids=str,
)
def test_a_stop_that_is_over_or_of_another_channel_holds_nobody_up(stage, stop):
    channel, rest = stop
    key = stage.delivery()
    stage.stop(stage.clock() + rest, channel)

    assert stage.commit(key).granted == {key}


@pytest.mark.parametrize(
    "end",
    [_taken_by_another, _taken_with_a_smaller_fence, _ran_out_just_now, _put_back],
    ids=lambda end: end.__name__.strip("_"),
)
def test_a_lease_is_renewed_only_by_whoever_holds_it(stage, end):
    end(stage)
    lease, others = stage.lease(), [stage.lease(other) for other in (4, 6, 7)]
    stage.clock.advance(-SECOND if lease == stage.clock() + SECOND else timedelta(0))

    stage.commit()

    assert stage.lease() == lease
    assert [stage.lease(other) for other in (4, 6, 7)] == others


def test_a_lease_is_renewed_and_those_of_other_batches_are_not(stage):
    stage.clock.advance(SECOND)

    stage.commit()

    assert stage.lease() == stage.clock() + LEASE
    assert {stage.lease(other) for other in (4, 6, 7)} == {stage.clock() + LEASE - SECOND}


# What a worker with fence 3 finds, and whether it may hand it over.
FOUND = [
    (State.PENDING, 0, True),
    (State.PENDING, FENCE, True),
    (State.PENDING, FENCE + 1, True),
    (State.SENDING, FENCE, True),  # granted to us, and the answer of the database was lost
    (State.SENDING, FENCE - 1, False),
    (State.SENDING, FENCE + 1, False),
    *((state, FENCE, False) for state in set(State) - {State.PENDING, State.SENDING}),
]


def test_only_what_waits_or_was_granted_to_us_is_granted(stage):
    keys = [stage.delivery(state, fence=fence) for state, fence, _ in FOUND]
    before = [stage.row(key) for key in keys]

    chunk = stage.commit(*keys)

    assert chunk == Chunk(
        frozenset(key for key, (*_, may) in zip(keys, FOUND, strict=True) if may),
        grown=chunk.grown,
    )
    for key, row, (*_, may) in zip(keys, before, FOUND, strict=True):
        assert (stage.row(key) == row) is not may


def test_nothing_is_granted_that_was_not_asked_for(stage):
    below, asked, above = (stage.delivery() for _ in range(3))

    stage.commit(asked)

    assert [stage.state(one) for one in (below, asked, above)] == [
        State.PENDING, State.SENDING, State.PENDING,
    ]  # fmt: skip


def test_whoever_has_left_gets_nothing(stage):
    stage.suppress(f"reader{stage.reader()}@example.org")
    stays = stage.reader()
    stays_with_others = stage.reader()
    stage.subscribe(stays_with_others, "archive", SubscriptionState.ENDED)
    stage.subscribe(stays_with_others, "zebras", SubscriptionState.ENDED)
    ended = stage.reader(active=False)
    never_confirmed = stage.reader("archive")
    stage.subscribe(never_confirmed, "readers", SubscriptionState.PENDING)
    of_others = stage.reader("archive")
    stage.subscribe(of_others, "zebras", SubscriptionState.ACTIVE)
    suppressed = stage.reader()
    stage.suppress(f"reader{suppressed}@example.org")
    stage.suppress("aaa@example.org")
    stage.suppress("zzz@example.org")
    both = stage.reader(active=False)
    stage.suppress(f"reader{both}@example.org")
    people = (stays, stays_with_others, ended, never_confirmed, of_others, suppressed, both)
    keys = {person: stage.delivery(to=person) for person in people}
    not_asked_for = stage.delivery(to=ended)
    snippet = stage.delivery()

    chunk = stage.commit(*keys.values(), snippet)

    assert chunk.granted == {keys[stays], keys[stays_with_others], snippet}
    assert (chunk.left, chunk.held) == (5, True)
    why = {person: stage.row(keys[person]).reason for person in people}
    assert why == {
        stays: "",
        stays_with_others: "",
        ended: "the subscription has ended",
        never_confirmed: "the subscription has ended",
        of_others: "the subscription has ended",
        suppressed: "the address is suppressed",
        both: "the address is suppressed",
    }
    assert {stage.state(keys[person]) for person in people[2:]} == {State.SUPPRESSED}
    assert {stage.row(keys[person]).changed_at for person in people[2:]} == {stage.clock()}
    assert stage.state(not_asked_for) is State.PENDING


def test_what_came_out_for_somebody_who_has_left_since_stays_what_it_is(stage):
    gone = stage.reader(active=False)
    states = sorted(set(State) - {State.PENDING})
    keys = [stage.delivery(state, to=gone, fence=FENCE - 1) for state in states]

    chunk = stage.commit(*keys)

    assert (chunk.granted, chunk.left, chunk.held) == (frozenset(), 0, True)
    assert [stage.state(key) for key in keys] == states


def test_a_snippet_that_is_not_granted_has_not_left_an_audience(stage):
    key = stage.delivery(State.UNKNOWN)

    assert stage.commit(key).left == 0


def test_what_waits_again_since_it_was_asked_for_is_not_suppressed(stage):
    # On a server another worker may settle a delivery between the two statements.
    stays, snippet = stage.delivery(to=stage.reader()), stage.delivery()
    gone = stage.delivery(to=stage.reader(active=False))
    ledger = stage.ledger()
    dialect, driver = stage.store._engine.dialect, ledger._take_connection().driver
    statement = ledger._statements["suppress"]

    driver.execute(
        statement.sql,
        statement.values(
            ids=packed([stays, snippet, gone], dialect),
            audience="readers",
            now=moment(stage.clock(), dialect),
        ),
    )

    states = [stage.state(key) for key in (stays, snippet, gone)]
    assert states == [State.PENDING, State.PENDING, State.SUPPRESSED]


# What an answer finds, and whether it still counts.
ANSWERED = [
    (State.SENDING, FENCE, True),
    (State.UNKNOWN, FENCE, True),
    (State.PENDING, FENCE, True),
    *((state, FENCE + 1, False) for state in State),
    *((state, FENCE - 1, False) for state in State),
    (State.REFUSED, FENCE, False),
    (State.SUPPRESSED, FENCE, False),
    (State.FAILED, FENCE, False),
]


def test_an_acceptance_counts_for_our_own_hand_over_alone(stage):
    stage.delivery(State.SENDING, fence=FENCE)
    keys = [stage.delivery(state, fence=fence) for state, fence, _ in ANSWERED]
    before = [stage.row(key) for key in keys]
    untouched = stage.delivery(State.SENDING, fence=FENCE)

    stage.commit(taken={key: f"name {key}" for key in keys})

    for key, row, (*_, counts) in zip(keys, before, ANSWERED, strict=True):
        now = stage.row(key)
        if counts:
            assert (now.state, now.provider_id) == (State.ACCEPTED.value, f"name {key}")
        else:
            assert now == row
    assert stage.state(untouched) is State.SENDING


def test_a_refusal_counts_for_our_own_hand_over_alone(stage):
    before_them = stage.delivery(State.SENDING, fence=FENCE)
    keys = [stage.delivery(state, fence=fence) for state, fence, _ in ANSWERED]
    before = [stage.row(key) for key in keys]
    untouched = [before_them, stage.delivery(State.SENDING, fence=FENCE)]

    stage.commit(settled=tuple(stage.settlement(key, State.REFUSED, answered=True) for key in keys))

    for key, row, (*_, counts) in zip(keys, before, ANSWERED, strict=True):
        now = stage.row(key)
        if counts:
            assert now.state == State.REFUSED.value
        else:
            assert now == row
    assert {stage.state(one) for one in untouched} == {State.SENDING}


@pytest.mark.parametrize("state", sorted(set(State) - {State.SENDING}))
def test_what_nobody_answered_for_changes_nothing_that_has_come_out(stage, state):
    key = stage.delivery(state, fence=FENCE)
    before = stage.row(key)

    stage.commit(settled=(stage.settlement(key, State.FAILED, reason="it is too late"),))

    assert stage.row(key) == before
