"""The worker that hears what is rung in PostgreSQL."""

import json
from threading import Event, Thread, Timer

import pytest
import sqlalchemy as sa
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from dispatch.store.database.engine import open_engine
from dispatch.store.database.wakeups import Wakeups
from dispatch.wakeup.postgres import run_worker
from patience import PATIENCE

"""Seconds after which a test gives up waiting."""


class Worker:
    """A worker in a thread, which hears "hear" and fails at "fail"."""

    def __init__(self, url, engine):
        self._engine = engine
        self.heard = []
        self.stopping = Event()
        self._last = Event()
        self.work = lambda: None
        handlers = {"hear": self._hear, "fail": self._fail}
        self.thread = Thread(
            target=run_worker,
            args=(url, handlers),
            kwargs={"threads": 1, "stopping": self.stopping},
        )

    def wake(self, name, job="hear"):
        with self._engine.begin() as connection:
            wakeups = Wakeups(connection)
            wakeups.wake(job, {"name": name}, key=name)
            wakeups.enqueue()

    def wait_for_last(self):
        """Ring once more, and wait until that one is heard: the others were before it."""
        self._last.clear()
        self.wake("last")
        assert self._last.wait(PATIENCE)

    def stop(self):
        self.stopping.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()

    def _hear(self, payload):
        self.work()
        self.heard.append(payload["name"])
        if payload["name"] == "last":
            self._last.set()

    def _fail(self, payload):
        raise ZeroDivisionError(payload["name"])


@pytest.fixture
def engine(postgres_url):
    engine = open_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def worker(postgres_url, engine):
    """A worker that is not yet started."""
    worker = Worker(postgres_url, engine)
    yield worker
    if worker.thread.ident:
        worker.stop()


def queue(engine):
    with engine.connect() as connection:
        return connection.execute(
            sa.text(
                "SELECT queueing_lock, status::text, scheduled_at > now() AS later, args"
                " FROM procrastinate_jobs ORDER BY id"
            )
        ).all()


def test_a_ring_is_heard_and_leaves_nothing_in_the_queue(worker, engine):
    worker.thread.start()

    worker.wake("one")
    worker.wait_for_last()
    worker.stop()

    assert worker.heard == ["one", "last"]
    assert queue(engine) == []


def test_what_was_rung_while_no_worker_ran_is_heard_later(worker):
    worker.wake("one")
    worker.wake("one")

    worker.thread.start()
    worker.wait_for_last()

    assert worker.heard == ["one", "last"]


def test_a_ring_of_a_transaction_that_failed_is_not_heard(worker, engine):
    worker.thread.start()
    with engine.connect() as connection:
        wakeups = Wakeups(connection)
        wakeups.wake("hear", {"name": "one"}, key="one")
        wakeups.enqueue()
        connection.rollback()

    worker.wait_for_last()

    assert worker.heard == ["last"]


def test_a_job_that_fails_is_told_and_the_worker_goes_on(worker, engine):
    worker.wake("broken", job="fail")

    with capture_logs(processors=[merge_contextvars]) as logs:
        worker.thread.start()
        worker.wait_for_last()
        worker.stop()

    assert [(line["event"], line["name"]) for line in logs] == [("job.crashed", "broken")]
    assert queue(engine) == []


@pytest.mark.parametrize(
    "envelope",
    [
        '{"v": 2, "job": "hear", "payload": {"name": "strange"}}',
        '{"v": 1, "job": "fly", "payload": {"name": "strange"}}',
        '{"v": 1, "job": "hear"}',
    ],
)
def test_a_ring_of_another_version_is_left_to_other_workers(worker, engine, envelope):
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)"
                " VALUES ('dispatch', 'dispatch', 'strange', CAST(:envelope AS jsonb))"
            ),
            {"envelope": envelope},
        )

    with capture_logs() as logs:
        worker.thread.start()
        worker.wait_for_last()
        worker.stop()

    assert [line["event"] for line in logs] == ["wakeup.put_back"]
    [left] = queue(engine)
    assert (left.queueing_lock, left.status, left.later) == ("strange", "todo", True)
    assert left.args == json.loads(envelope)


def test_a_worker_outlives_the_loss_of_its_connections(worker, engine):
    worker.thread.start()
    worker.wait_for_last()

    with capture_logs():
        with engine.begin() as connection:
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid != pg_backend_pid()"
                )
            )
        worker.wait_for_last()

    assert worker.heard == ["last", "last"]


def test_a_worker_that_others_took_for_dead_comes_back(worker, engine):
    worker.thread.start()
    worker.wait_for_last()

    with capture_logs():
        with engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM procrastinate_workers"))
        worker.wait_for_last()

    assert worker.heard == ["last", "last"]


def test_stopping_waits_for_what_is_under_way_and_leaves_the_rest(worker, engine):
    begun, go_on = Event(), Event()

    def work():
        begun.set()
        assert go_on.wait(PATIENCE)

    worker.work = work
    worker.wake("one")
    worker.thread.start()
    begun.wait(PATIENCE)
    worker.wake("two")
    worker.stopping.set()
    Timer(0.5, go_on.set).start()  # once the worker has noticed
    worker.stop()

    assert worker.heard == ["one"]
    assert [(left.queueing_lock, left.status) for left in queue(engine)] == [("two", "todo")]


def test_a_worker_stops_while_it_has_nothing_to_do(worker):
    worker.thread.start()
    worker.wait_for_last()

    worker.stop()

    assert worker.heard == ["last"]
