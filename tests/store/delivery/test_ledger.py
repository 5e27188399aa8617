"""The rows of one batch as its holder reads and writes them."""

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.state import Delivery
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.people.subscriber import Subscriber
from dispatch.store.database.engine import open_engine
from dispatch.store.database.schema import batches
from dispatch.store.delivery.ledger import Chunk, Ledger
from ledger_stage import FENCE, FIRST, LEASE, OURS

SECOND = timedelta(seconds=1)


@pytest.fixture
def on_sqlite(stage):
    return stage.store._engine.dialect.name == "sqlite"


def keys_of(items):
    return [one.id for one in items]


class TestItems:
    def test_what_is_due_of_the_batch_is_read_by_key(self, stage):
        stage.delivery(id=OURS.first - 1)
        last = stage.delivery(id=OURS.last)
        stage.delivery(id=OURS.last + 1)
        first = stage.delivery(id=OURS.first)
        due = stage.delivery(due=stage.clock())
        stage.delivery(due=stage.clock() + SECOND)
        long_due = stage.delivery(due=stage.clock() - SECOND)
        for state in set(State) - {State.PENDING}:
            stage.delivery(state)

        items = stage.ledger().items(now=stage.clock())

        assert keys_of(items) == [first, due, long_due, last]

    def test_no_more_than_asked_for(self, stage):
        keys = [stage.delivery() for _ in range(3)]

        items = stage.ledger().items(now=stage.clock(), limit=2)

        assert keys_of(items) == keys[:2]

    def test_a_delivery_is_read_as_it_stands_once_it_is_handed_over(self, stage):
        until = stage.clock() + timedelta(minutes=9)
        key = stage.delivery(attempt=2, fence=1, part="post 7", repeats_until=until)

        ledger = stage.ledger()

        [item] = ledger.items(now=stage.clock())

        assert ledger.delivery(item, stage.clock()) == Delivery(
            id=key,
            edition_id="e4",
            channel="planned",
            recipient="r0",
            part="post 7",
            subscriber_id=None,
            state=State.SENDING,
            attempt=3,
            fence=FENCE,
            changed=stage.clock(),
            repeats_until=until,
        )
        assert item.subscriber_id is None

    def test_with_the_person_it_is_for(self, stage):
        profile = {
            "email": "Ada@example.org",
            "name": "Ada",
            "locale": "de",
            "timezone": "Europe/Berlin",
            "topics": ["a", "b"],
            "cadence": "weekly",
            "fields": {"city": "Köln"},
        }
        nobody_in_particular, ada = stage.reader(), stage.reader(**profile)
        stage.delivery(to=ada)
        stage.delivery(to=nobody_in_particular)

        first, second = stage.ledger().items(now=stage.clock())

        topics = tuple(profile.pop("topics"))
        read, public_id = first.subscriber, f"public{ada}"
        assert read == Subscriber(ada, topics=topics, public_id=public_id, **profile)
        other = nobody_in_particular
        assert second.subscriber == Subscriber(
            other, f"reader{other}@example.org", public_id=f"public{other}"
        )
        assert (first.subscriber_id, first.repeats_until) == (ada, None)


class TestIntents:
    def test_an_intent_says_that_it_is_being_handed_over_and_by_whom(self, stage):
        key = stage.delivery(attempt=1, fence=1, to=stage.reader())

        chunk = stage.commit(key)

        row = stage.row(key)
        assert (chunk.granted, chunk.left, chunk.held) == ({key}, 0, True)
        assert (row.state, row.attempt, row.fence) == (State.SENDING.value, 2, FENCE)
        assert (row.channel, row.changed_at) == ("mail", stage.clock())

    def test_an_intent_says_over_which_channel(self, stage):
        key = stage.delivery()

        stage.commit(key, ledger=stage.ledger(channel="backup"))

        assert stage.row(key).channel == "backup"

    def test_intents_and_answers_are_written_together(self, stage):
        wanted, handed = stage.delivery(), stage.delivery(State.SENDING, fence=FENCE)

        chunk = stage.commit(wanted, taken={handed: "name"})

        assert chunk.granted == {wanted}
        assert [stage.state(one) for one in (wanted, handed)] == [State.SENDING, State.ACCEPTED]

    def test_one_that_came_out_without_a_hand_over_may_be_in_both(self, stage):
        accepted, refused = stage.delivery(), stage.delivery()
        settlement = stage.settlement(refused, State.REFUSED, reason="no", answered=True)

        chunk = stage.commit(accepted, refused, taken={accepted: "name"}, settled=(settlement,))

        assert chunk.granted == {accepted, refused}
        assert stage.state(accepted) is State.ACCEPTED
        assert stage.state(refused) is State.REFUSED
        assert stage.row(accepted).attempt == stage.row(refused).attempt == 1

    def test_one_that_was_accepted_without_a_hand_over_may_be_in_both(self, stage):
        key = stage.delivery()

        chunk = stage.commit(key, taken={key: "name"})

        assert (chunk.granted, stage.state(key)) == ({key}, State.ACCEPTED)

    def test_of_several_only_those_go_out_who_are_still_there(self, stage):
        there, gone = (
            stage.delivery(to=stage.reader()),
            stage.delivery(to=stage.reader(active=False)),
        )
        snippet = stage.delivery()

        chunk = stage.commit(there, gone, snippet)

        assert (chunk.granted, chunk.left) == ({there, snippet}, 1)
        states = [stage.state(key) for key in (there, gone, snippet)]
        assert states == [State.SENDING, State.SUPPRESSED, State.SENDING]

    def test_those_that_all_are_there_go_out_together(self, stage):
        keys = [stage.delivery(to=stage.reader()) for _ in range(3)]

        chunk = stage.commit(*keys[::-1])

        assert (chunk.granted, chunk.left) == (set(keys), 0)
        assert {stage.row(key).attempt for key in keys} == {1}

    def test_after_a_lost_answer_it_is_asked_again_and_granted_again(self, stage):
        key = stage.delivery()
        ledger = stage.ledger()

        first, second = (stage.commit(key, ledger=ledger) for _ in range(2))

        assert first.granted == second.granted == {key}

    def test_nothing_asked_for_is_nothing_granted(self, stage):
        assert stage.commit() == Chunk(frozenset())

    def test_a_database_in_a_file_is_older_with_each_grant(self, stage, on_sqlite):
        first, second = (stage.commit(stage.delivery()).grown for _ in range(2))
        nothing = stage.commit(taken={FIRST: "name"}).grown

        assert nothing is None
        if on_sqlite:
            assert second == replace(first, age=first.age + 1)
        else:
            assert first is second is None

    def test_what_was_granted_stays_what_it_is(self):
        chunk = Chunk(frozenset())

        with pytest.raises(FrozenInstanceError):
            chunk.held = False
        assert not hasattr(chunk, "__dict__")


class TestOutcomes:
    def test_an_acceptance_has_the_providers_name_for_it(self, stage):
        one, two = (
            stage.delivery(State.SENDING, fence=FENCE, reason="it was down") for _ in range(2)
        )

        stage.commit(taken={two: "name of two", one: "name of one"})

        rows = [stage.row(key) for key in (one, two)]
        assert [row.provider_id for row in rows] == ["name of one", "name of two"]
        assert {(row.state, row.reason, row.changed_at) for row in rows} == {
            (State.ACCEPTED.value, "", stage.clock())
        }

    @pytest.mark.parametrize("names", [("same", "same"), ("one", "two")])
    def test_what_is_unusual_about_one_changes_nothing_for_the_other(self, stage, names):
        usual = stage.delivery(State.SENDING, fence=FENCE)
        late = stage.delivery(State.UNKNOWN, fence=FENCE)
        erased = stage.delivery(State.SENDING, fence=FENCE, recipient="")
        others = stage.delivery(State.SENDING, fence=FENCE + 1)

        for odd in (late, erased, others):
            stage.commit(taken=dict(zip((usual, odd), names, strict=True)))

        rows = [stage.row(key) for key in (usual, late, erased, others)]
        states = [State.ACCEPTED, State.ACCEPTED, State.ACCEPTED, State.SENDING]
        assert [row.state for row in rows] == [state.value for state in states]
        assert [row.provider_id for row in rows] == [names[0], names[1], "", ""]

    def test_a_settlement_is_written_as_it_is(self, stage):
        key = stage.delivery(State.SENDING, fence=FENCE, attempt=2)
        later, until = stage.clock() + SECOND, stage.clock() + LEASE

        stage.commit(
            settled=(
                stage.settlement(
                    key, State.PENDING, reason="try later", due=later, repeats_until=until
                ),
            )
        )

        row = stage.row(key)
        assert (row.state, row.reason, row.attempt) == (State.PENDING.value, "try later", 2)
        assert (row.due, row.repeats_until, row.changed_at) == (later, until, stage.clock())

    def test_a_settlement_keeps_the_times_it_does_not_name(self, stage):
        due, until = stage.clock() - SECOND, stage.clock() + LEASE
        key = stage.delivery(State.SENDING, fence=FENCE, due=due, repeats_until=until)

        stage.commit(settled=(stage.settlement(key, State.UNKNOWN),))

        assert (stage.row(key).due, stage.row(key).repeats_until) == (due, until)

    def test_an_attempt_that_says_nothing_is_not_counted(self, stage):
        key = stage.delivery(State.SENDING, fence=FENCE, attempt=2)

        stage.commit(settled=(stage.settlement(key, State.PENDING, counted=False),))

        assert stage.row(key).attempt == 1

    def test_each_of_several_has_its_own(self, stage):
        one, two = (stage.delivery(State.SENDING, fence=FENCE) for _ in range(2))

        stage.commit(
            settled=(
                stage.settlement(one, State.FAILED, reason="one"),
                stage.settlement(two, State.UNKNOWN, reason="two"),
            )
        )

        assert [(stage.state(key), stage.row(key).reason) for key in (one, two)] == [
            (State.FAILED, "one"),
            (State.UNKNOWN, "two"),
        ]


class TestLease:
    def test_it_is_not_known_before_the_first_commit(self, stage):
        assert stage.ledger().lease_until is None

    def test_it_is_renewed_when_a_quarter_is_over(self, stage):
        ledger, begun = stage.ledger(), stage.clock()
        held = []

        for passed in (0, 1, 29, 30, 31, 60, 120):
            stage.clock.now = begun + timedelta(seconds=passed)
            stage.commit(ledger=ledger)
            assert stage.lease() == ledger.lease_until
            held.append((ledger.lease_until - begun - LEASE).seconds)

        assert held == [0, 0, 0, 30, 30, 60, 120]

    def test_it_is_renewed_with_answers_alone_too(self, stage):
        stage.clock.advance(SECOND)

        stage.commit(taken={FIRST: "name"})

        assert stage.lease() == stage.clock() + LEASE


class TestTrouble:
    def test_all_is_written_or_nothing(self, stage):
        wanted, handed, bad = (
            stage.delivery(),
            stage.delivery(State.SENDING, fence=FENCE),
            stage.delivery(State.SENDING, fence=FENCE),
        )
        before = [stage.row(key) for key in (wanted, handed, bad)]
        unwritable = stage.settlement(bad, State.FAILED, reason=None)
        ledger = stage.ledger()
        stage.clock.advance(SECOND)

        with pytest.raises(stage.store._engine.dialect.dbapi.IntegrityError):
            stage.commit(wanted, ledger=ledger, taken={handed: "name"}, settled=(unwritable,))

        assert [stage.row(key) for key in (wanted, handed, bad)] == before
        assert stage.lease() == stage.clock() + LEASE - SECOND

    def test_a_database_that_is_back_is_written_to_again(self, stage):
        key, ledger = stage.delivery(), stage.ledger()
        stage.commit(ledger=ledger)
        stage.lose(ledger)

        with pytest.raises(StoreUnavailable):
            stage.commit(key, ledger=ledger)
        forgotten = ledger.lease_until
        chunk = stage.commit(key, ledger=ledger)

        assert (chunk.granted, forgotten) == ({key}, None)
        assert ledger.lease_until == stage.clock() + LEASE

    def test_what_cannot_be_read_is_trouble_of_the_store(self, stage):
        key, ledger = stage.delivery(), stage.ledger()
        stage.lose(ledger)

        with pytest.raises(StoreUnavailable):
            ledger.items(now=stage.clock())

        assert keys_of(ledger.items(now=stage.clock())) == [key]

    def test_a_connection_that_cannot_be_had_is_trouble_of_the_store(self, tmp_path, stage):
        engine = open_engine(f"sqlite:///{tmp_path}/no/such/folder/x.db")
        ledger = Ledger(engine, OURS, stage.store._writing)

        with pytest.raises(StoreUnavailable):
            ledger.items(now=stage.clock())


class TestConnections:
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_a_servers_connection_is_for_ledgers_only_and_knows_their_statements(self, stage):
        first, second = stage.delivery(), stage.delivery()
        ledger, other = stage.ledger(), stage.ledger()
        stage.commit(first, ledger=ledger)
        ours = ledger._connection.driver.info.backend_pid
        ledger.close()
        with stage.store.read() as tx:  # which is rolled back
            tx.channels.stop("mail")
        with stage.store._engine.connect() as connection:
            theirs = connection.connection.driver_connection.info.backend_pid
            plan = connection.scalar(sa.text("SHOW plan_cache_mode"))

        stage.commit(second, ledger=other)

        driver = other._connection.driver
        known = driver.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'often_0'")
        assert driver.info.backend_pid == ours != theirs
        assert (known.fetchone()[0], plan) == (1, "auto")

    def test_it_is_closed_once_and_may_be_used_again(self, stage):
        ledger, key = stage.ledger(), stage.delivery()
        ledger.close()
        stage.commit(key, ledger=ledger)
        pool = stage.store._engine.pool

        ledger.close()
        ledger.close()

        assert pool.checkedout() == 0
        assert keys_of(ledger.items(now=stage.clock())) == []

    def test_a_failed_connection_is_not_given_to_others(self, stage):
        ledger = stage.ledger()
        stage.commit(ledger=ledger)
        ours = ledger._connection.driver
        stage.lose(ledger)
        with pytest.raises(StoreUnavailable):
            stage.commit(ledger=ledger, taken={FIRST: "name"})

        with stage.store._engine.connect() as connection:
            assert connection.connection.driver_connection is not ours


def test_whoever_holds_a_batch_may_lose_it_between_two_commits(stage):
    first, second, ledger = stage.delivery(), stage.delivery(), stage.ledger()
    stage.commit(first, ledger=ledger)
    stage.change(batches, OURS.id, fence=FENCE + 1)

    chunk = stage.commit(second, ledger=ledger)

    assert chunk == Chunk(frozenset(), held=False)
    assert stage.state(second) is State.PENDING
