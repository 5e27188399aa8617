"""What may go out is asked for many at once on SQLite, and holds until anybody else has written."""

import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.editions.edition import EditionState
from dispatch.store.database.engine import file_in
from dispatch.store.database.prepared import moment
from dispatch.store.database.schema import identity
from dispatch.store.delivery.ledger import Chunk
from ledger_stage import FENCE, LEASE, OURS
from on_sqlite import on_sqlite

pytestmark = on_sqlite

NOTHING = Chunk(frozenset(), held=False)
SECOND = timedelta(seconds=1)
NUMBER = 24


class Worker:
    """Ours, of a batch for some people: it has written two chunks, and has looked at the rest."""

    def __init__(self, stage, fence: int = 0, last: int = OURS.last) -> None:
        self.stage = stage
        self.keys = [stage.delivery(to=stage.reader(), fence=fence) for _ in range(NUMBER)]
        self.ledger = stage.ledger(last=last)
        self.asked: list[str] = []
        driver = self.ledger._take_connection().driver
        driver.set_trace_callback(lambda said: said.startswith("SELECT del") and self.look(said))
        for key in self.keys[:2]:
            assert self.commit(key).granted == {key}
        self.next = self.keys[2]

    def look(self, statement: str) -> None:
        self.asked.append(statement)

    def commit(self, *keys: int, **outcomes: object) -> Chunk:
        return self.stage.commit(*keys, ledger=self.ledger, **outcomes)

    def elsewhere(self, statement: str, *values: object) -> None:
        """Another connection, which is not ours, commits."""
        with sqlite3.connect(file_in(self.stage.store._engine)) as other:
            other.execute(statement, values)
        other.close()


@pytest.fixture
def worker(stage):
    worker = Worker(stage)
    yield worker
    worker.ledger._take_connection().driver.set_trace_callback(None)


def test_what_comes_after_is_looked_at_along_with_a_chunk_and_not_again(worker):
    before = len(worker.asked)

    chunks = [worker.commit(key) for key in worker.keys[2:6]]

    assert [chunk.granted for chunk in chunks] == [{key} for key in worker.keys[2:6]]
    assert (before, len(worker.asked)) == (2, 2)


def test_the_longer_nobody_writes_the_more_is_looked_at(worker):
    for key in worker.keys[2:]:
        worker.commit(key)

    assert len(worker.asked) == 4  # 1, 5, 9, and all


def test_other_batches_are_not_looked_at(stage):
    worker = Worker(stage, last=OURS.first + 3)

    worker.ledger._take_connection().driver.set_trace_callback(None)
    assert f"BETWEEN {OURS.first + 1} AND {OURS.first + 3}" in worker.asked[-1]


UNSUBSCRIBE = "UPDATE subscriptions SET state = 'ended' WHERE subscriber_id = 3"
SUPPRESS = (
    "INSERT INTO suppressions (email_key, since) VALUES ('reader3@example.org', '2026-01-01')"
)
SUPPRESS_ALL = (
    "INSERT INTO suppressed_domains (domain, since) VALUES ('@example.org', '2026-01-01')"
)
ERASE = "DELETE FROM subscriptions WHERE subscriber_id = 3"


@pytest.mark.parametrize("leave", [UNSUBSCRIBE, SUPPRESS, SUPPRESS_ALL, ERASE])
def test_whoever_leaves_between_two_chunks_gets_nothing(worker, leave):
    worker.elsewhere(leave)

    chunk = worker.commit(worker.next)

    assert (chunk.granted, chunk.left, chunk.held) == (frozenset(), 1, True)
    assert worker.stage.state(worker.next) is State.SUPPRESSED


@pytest.mark.parametrize(
    "end",
    [
        f"UPDATE editions SET state = '{EditionState.PAUSED.value}' WHERE id = 'e4'",
        "INSERT INTO stops (channel) VALUES ('mail')",
        f"UPDATE batches SET fence = {FENCE + 1} WHERE id = {OURS.id}",
        f"UPDATE batches SET lease_until = NULL WHERE id = {OURS.id}",
        f"UPDATE batches SET lease_until = '2000-01-01 00:00:00.000000' WHERE id = {OURS.id}",
    ],
)
def test_what_ends_the_work_between_two_chunks_ends_it_at_once(worker, end):
    worker.elsewhere(end)

    assert worker.commit(worker.next) == NOTHING
    assert worker.stage.state(worker.next) is State.PENDING


def test_another_process_is_heard_as_well(worker):
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
    )
    file = str(file_in(worker.stage.store._engine))
    subprocess.run([sys.executable, "-ISc", code, file, UNSUBSCRIBE], check=True)

    assert worker.commit(worker.next).granted == frozenset()


def test_other_connections_of_our_own_process_are_heard_as_well(worker):
    worker.stage.suppress("reader3@example.org")

    assert worker.commit(worker.next).left == 1


def test_what_others_have_begun_and_not_committed_is_heard_once_it_is(worker):
    other = sqlite3.connect(file_in(worker.stage.store._engine), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute(UNSUBSCRIBE)
    other.execute("ROLLBACK")
    stays = worker.commit(worker.next)
    other.execute("BEGIN")
    other.execute("SELECT * FROM deliveries").fetchone()
    other.execute("COMMIT")
    asked = len(worker.asked)
    other.close()

    assert stays.granted == {worker.next}
    assert (worker.commit(worker.keys[3]).granted, len(worker.asked)) == ({worker.keys[3]}, asked)


def test_a_lease_that_runs_out_ends_it_though_nobody_has_written(worker):
    worker.stage.clock.advance(LEASE + SECOND)

    assert worker.commit(worker.next) == NOTHING


def test_a_stop_that_was_over_counts_again_once_the_clock_is_set_back(stage):
    stage.clock.advance(SECOND)
    stage.stop(stage.clock() - SECOND / 2)
    worker = Worker(stage)
    stage.clock.advance(-SECOND)

    chunk = worker.commit(worker.next)

    worker.ledger._take_connection().driver.set_trace_callback(None)
    assert chunk == NOTHING


def test_what_was_granted_once_is_not_taken_for_waiting(worker):
    again, other = worker.keys[2:4]
    worker.commit(again)

    chunk = worker.commit(again, other)

    assert chunk.granted == {again, other}
    assert [worker.stage.row(key).attempt for key in (again, other)] == [2, 1]


def test_what_we_have_had_wait_again_is_granted_again(worker):
    worker.commit(worker.next)
    worker.commit(settled=(worker.stage.settlement(worker.next, State.PENDING),))

    chunk = worker.commit(worker.next)

    assert (chunk.granted, worker.stage.row(worker.next).attempt) == ({worker.next}, 2)


@pytest.mark.parametrize("accepted", [True, False])
def test_what_is_answered_late_while_it_waits_is_not_handed_over(stage, accepted):
    worker = Worker(stage, fence=FENCE)
    key = worker.next
    late = {key: "name"} if accepted else {}
    refused = stage.settlement(key, State.REFUSED, answered=True)
    worker.commit(taken=late, settled=() if accepted else (refused,))

    chunk = worker.commit(key, worker.keys[3])

    worker.ledger._take_connection().driver.set_trace_callback(None)
    assert chunk.granted == {worker.keys[3]}
    assert stage.row(worker.keys[3]).attempt == 1
    assert stage.state(key) is (State.ACCEPTED if accepted else State.REFUSED)


def test_one_key_twice_in_a_chunk_is_granted_once_and_no_neighbour(worker):
    first, neighbour, third = worker.keys[2:5]

    chunk = worker.commit(first, first, third)

    assert chunk.granted == {first, third}
    assert worker.stage.state(neighbour) is State.PENDING
    assert worker.stage.row(first).attempt == 1


def test_keys_with_gaps_are_granted_and_accepted_without_those_between(worker):
    some, between = worker.keys[2::3], worker.keys[3::3]

    chunk = worker.commit(*some)
    worker.commit(taken=dict.fromkeys(some, "taken"))

    assert chunk.granted == set(some)
    assert {worker.stage.state(key) for key in some} == {State.ACCEPTED}
    assert {worker.stage.state(key) for key in between} == {State.PENDING}


def test_beside_others_who_write_all_the_time_no_more_is_looked_at_than_is_wanted(worker):
    del worker.asked[:]
    for key in worker.keys[2:8]:
        worker.elsewhere("UPDATE identity SET age = age + 1")
        worker.commit(key)

    assert [f"BETWEEN {key} AND {key}" in one for key, one in
            zip(worker.keys[2:8], worker.asked, strict=True)] == [True] * 6  # fmt: skip


def test_one_who_has_left_is_not_looked_for_twice(worker):
    worker.stage.suppress("reader8@example.org")
    for key in worker.keys[2:7]:
        worker.commit(key)
    del worker.asked[:]

    left = [worker.commit(key).left for key in worker.keys[7:9]]

    assert (left, worker.asked) == ([1, 0], [])


def test_the_age_counts_what_others_have_added(worker):
    ages = [worker.commit(key).grown.age for key in worker.keys[2:4]]
    worker.elsewhere("UPDATE identity SET age = age + 5")
    ages += [worker.commit(key).grown.age for key in worker.keys[4:6]]

    with worker.stage.store._engine.connect() as connection:
        kept = connection.scalar(sa.select(identity.c.age))
    assert ages == [kept - 8, kept - 7, kept - 1, kept]


def test_moments_are_compared_as_they_are_written(stage):
    dialect, now = stage.store._engine.dialect, stage.clock()

    assert moment(now, dialect) < moment(now + timedelta(microseconds=1), dialect)
