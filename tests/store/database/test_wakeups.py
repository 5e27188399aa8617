"""Rings that come with a transaction."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from procrastinate.schema import SchemaManager

from dispatch.errors import UnfitDatabase
from dispatch.store.database.engine import open_engine
from dispatch.store.database.wakeups import Wakeups
from dispatch.store.transactions import Store
from dispatch.wakeup.port import Wakeup


@pytest.fixture
def engine(postgres_url):
    engine = open_engine(postgres_url)
    yield engine
    engine.dispose()


@contextmanager
def ringing(engine):
    """A transaction with rings, as the store begins and ends one."""
    with engine.begin() as connection:
        wakeups = Wakeups(connection)
        yield wakeups
        wakeups.enqueue()


def queue(engine):
    with engine.connect() as connection:
        return connection.execute(
            sa.text(
                "SELECT queueing_lock AS key, status::text, args, scheduled_at"
                " FROM procrastinate_jobs ORDER BY queueing_lock, id"
            )
        ).all()


def test_a_database_without_a_queue_gives_the_rings_back(sqlite_url, clock):
    engine = open_engine(sqlite_url)

    with engine.begin() as connection:
        wakeups = Wakeups(connection)
        wakeups.wake("deliver", {"batch": 1}, key="batch 1", not_before=clock())
        wakeups.wake("deliver", {"batch": 1}, key="batch 1")
        left = wakeups.enqueue()
        again = wakeups.enqueue()
        forgotten = wakeups.forget_stalled()
    engine.dispose()

    assert left == [Wakeup("deliver", {"batch": 1}, "batch 1", None)]
    assert again == []
    assert forgotten == 0


def test_rings_are_written_into_the_queue(engine, clock):
    with ringing(engine) as wakeups:
        wakeups.wake("deliver", {"batch": 1}, key="batch 1")
        wakeups.wake("deliver", {"batch": 2}, key="batch 2", not_before=clock())

    [one, two] = queue(engine)
    assert (one.key, one.status, one.scheduled_at) == ("batch 1", "todo", None)
    assert one.args == {"v": 1, "job": "deliver", "payload": {"batch": 1}}
    assert (two.key, two.scheduled_at) == ("batch 2", clock())


def test_a_repeat_neither_adds_a_ring_nor_breaks_the_transaction(engine):
    with ringing(engine) as wakeups:
        wakeups.wake("deliver", {"batch": 1}, key="batch 1")

    with ringing(engine) as wakeups:
        wakeups.wake("deliver", {"batch": 1}, key="batch 1")
        wakeups.wake("deliver", {"batch": 2}, key="batch 2")

    assert [job.key for job in queue(engine)] == ["batch 1", "batch 2"]


def test_the_sooner_of_two_due_times_counts(engine, clock):
    hour = timedelta(hours=1)
    for key, first, second in [
        ("brought forward", clock() + hour, clock()),
        ("now after all", clock() + hour, None),
        ("not put off", clock(), clock() + hour),
        ("still now", None, clock() + hour),
    ]:
        for due in (first, second):
            with ringing(engine) as wakeups:
                wakeups.wake("deliver", {}, key=key, not_before=due)

    assert {job.key: job.scheduled_at for job in queue(engine)} == {
        "brought forward": clock(),
        "now after all": None,
        "not put off": clock(),
        "still now": None,
    }


def test_nodes_that_ring_for_the_same_things_do_not_block_each_other(engine):
    start = threading.Barrier(2)
    problems = []

    def wake(numbers):
        start.wait()
        try:
            for _ in range(10):
                with ringing(engine) as wakeups:
                    for number in numbers:
                        wakeups.wake("deliver", {"batch": number}, key=f"batch {number}")
                with engine.begin() as connection:
                    connection.execute(sa.text("UPDATE procrastinate_jobs SET status = 'doing'"))
        except sa.exc.DBAPIError as error:
            problems.append(error)

    orders = (range(40), range(39, -1, -1))
    nodes = [threading.Thread(target=wake, args=(numbers,)) for numbers in orders]
    for node in nodes:
        node.start()
    for node in nodes:
        node.join()

    assert problems == []


def test_what_a_killed_worker_had_taken_up_blocks_nothing_and_is_forgotten(engine):
    with ringing(engine) as wakeups:
        wakeups.wake("deliver", {"batch": 1}, key="batch 1")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE procrastinate_jobs SET status = 'doing'"))

    with ringing(engine) as wakeups:
        wakeups.wake("deliver", {"batch": 1}, key="batch 1")
    before = [job.status for job in queue(engine)]
    with ringing(engine) as wakeups:
        forgotten = wakeups.forget_stalled()

    assert before == ["doing", "todo"]
    assert forgotten == 1
    assert [job.status for job in queue(engine)] == ["todo"]


@pytest.mark.parametrize(("silent", "left"), [("1 minute", ["doing"]), ("3 minutes", [])])
def test_only_what_a_silent_worker_holds_is_forgotten(engine, silent, left):
    with ringing(engine) as wakeups:
        wakeups.wake("deliver", {"batch": 1}, key="batch 1")
    with engine.begin() as connection:
        worker = connection.scalar(
            sa.text(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - CAST(:silent AS interval)) RETURNING id"
            ),
            {"silent": silent},
        )
        connection.execute(
            sa.text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :id"),
            {"id": worker},
        )

    with ringing(engine) as wakeups:
        wakeups.forget_stalled()

    assert [job.status for job in queue(engine)] == left


KNOWN = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""Procrastinate's newest migration when ours were written."""


def test_all_of_procrastinates_own_migrations_are_in_ours():
    shipped = [path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql")]

    assert max(shipped) == KNOWN, (
        "Procrastinate has new ones, and new databases get them: write the migration that adds "
        "them to those that have not"
    )


def test_a_queue_of_somebody_else_is_left_alone(engine, postgres_url):
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
        connection.execute(sa.text("CREATE TABLE procrastinate_jobs (id integer)"))

    with pytest.raises(
        UnfitDatabase, match=r"procrastinate_jobs.* - give dispatch a database of its own"
    ):
        Store(postgres_url)

    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["procrastinate_jobs"]


class Bell:
    """A doorbell that remembers who rang."""

    def __init__(self):
        self.rung = []

    def wake(self, job, payload, *, key, not_before=None):
        self.rung.append(key)


def test_the_store_rings_the_pool_when_the_transaction_is_kept(sqlite_url):
    store = Store(sqlite_url)
    store.waker = Bell()

    def fail_half_way():
        with store.begin() as tx:
            tx.wakeups.wake("deliver", {"batch": 2}, key="batch 2")
            raise ZeroDivisionError

    with store.begin() as tx:
        tx.wakeups.wake("deliver", {"batch": 1}, key="batch 1")
        before = list(store.waker.rung)
    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    store.close()

    assert before == []
    assert store.waker.rung == ["batch 1"]


def test_the_store_needs_no_doorbell(store):
    with store.begin() as tx:
        tx.wakeups.wake("deliver", {"batch": 1}, key="batch 1")


def test_a_rehearsal_rings_for_nobody(store):
    store.waker = Bell()
    rehearsal = store.rehearsal()

    with rehearsal.begin() as tx:
        tx.wakeups.wake("deliver", {"batch": 1}, key="batch 1")
    rehearsal.close()

    assert store.waker.rung == []
