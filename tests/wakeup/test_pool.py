"""The doorbell inside one process."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from dispatch.errors import StoreUnavailable
from dispatch.wakeup.pool import Pool
from patience import PATIENCE


class Ear:
    """Hears what is rung for, and remembers it in order."""

    def __init__(self):
        self.heard = []
        self._quiet = Event()

    def hear(self, payload):
        self.heard.append(payload["name"])
        if payload["name"] == "last":
            self._quiet.set()

    def wait_for_last(self, pool, *, not_before=None):
        """Ring once more, and wait until that one is heard."""
        self._quiet.clear()
        pool.wake("hear", {"name": "last"}, key="last", not_before=not_before)
        assert self._quiet.wait(PATIENCE)


@pytest.fixture
def ear():
    return Ear()


@pytest.fixture
def pool(ear, clock):
    """A pool of one thread, so that there is one order; not yet started."""
    pool = Pool({"hear": ear.hear}, threads=1, clock=clock)
    yield pool
    pool.stop()


def test_what_is_rung_is_heard_in_order(pool, ear):
    pool.wake("hear", {"name": "one"}, key="one")
    pool.wake("hear", {"name": "two"}, key="two")

    pool.start()
    ear.wait_for_last(pool)

    assert ear.heard == ["one", "two", "last"]


def test_rings_with_one_key_are_heard_once_while_they_wait(pool, ear):
    for _ in range(3):
        pool.wake("hear", {"name": "one"}, key="same")

    pool.start()
    ear.wait_for_last(pool)

    assert ear.heard == ["one", "last"]


def test_a_ring_for_a_job_under_way_is_heard_again(clock):
    calls = []
    twice = Event()

    def ring_again(payload):
        calls.append(payload)
        if len(calls) == 1:
            pool.wake("again", payload, key="same")
        else:
            twice.set()

    pool = Pool({"again": ring_again}, threads=1, clock=clock)
    pool.start()
    pool.wake("again", {"batch": 1}, key="same")
    heard_twice = twice.wait(PATIENCE)
    pool.stop()

    assert heard_twice


def test_a_ring_waits_for_its_time(pool, ear, clock):
    pool.wake("hear", {"name": "later"}, key="later", not_before=clock() + timedelta(hours=1))
    pool.start()
    pool.wake("hear", {"name": "now"}, key="now")
    clock.advance(timedelta(hours=1))
    ear.wait_for_last(pool, not_before=clock())

    assert ear.heard == ["now", "later", "last"]


def test_nothing_is_heard_before_its_time(pool, ear, clock):
    pool.wake("hear", {"name": "later"}, key="later", not_before=clock() + timedelta(hours=1))

    pool.start()
    ear.wait_for_last(pool)

    assert ear.heard == ["last"]


def test_the_sooner_of_two_due_times_counts(pool, ear, clock):
    tomorrow = clock() + timedelta(days=1)
    pool.wake("hear", {"name": "brought forward"}, key="one", not_before=tomorrow)
    pool.wake("hear", {"name": "brought forward"}, key="one")
    pool.wake("hear", {"name": "not put off"}, key="two")
    pool.wake("hear", {"name": "not put off"}, key="two", not_before=tomorrow)

    pool.start()
    ear.wait_for_last(pool)
    clock.advance(timedelta(days=2))
    ear.wait_for_last(pool)

    assert ear.heard == ["brought forward", "not put off", "last", "last"]


def test_a_clock_that_is_put_back_holds_up_nothing_that_was_rung_for(pool, ear, clock):
    pool.wake("hear", {"name": "one"}, key="one")
    clock.advance(timedelta(days=-7))

    pool.start()
    ear.wait_for_last(pool)

    assert ear.heard == ["one", "last"]


@pytest.mark.parametrize("problem", [ZeroDivisionError(), StoreUnavailable("database: full")])
def test_a_job_that_fails_is_told_and_the_others_go_on(ear, clock, problem):
    def fail(_payload):
        raise problem

    pool = Pool({"fail": fail, "hear": ear.hear}, threads=1, clock=clock)
    pool.wake("fail", {"batch": 7}, key="fail")
    with capture_logs(processors=[merge_contextvars]) as logs:
        pool.start()
        ear.wait_for_last(pool)
        pool.stop()

    assert [(line["job"], line["batch"]) for line in logs] == [("fail", 7)]


def test_stopping_waits_for_what_is_under_way_and_takes_up_nothing_more(ear, clock):
    story = []
    begun, go_on = Event(), Event()

    def work(_payload):
        begun.set()
        go_on.wait(PATIENCE)
        story.append("ended")

    def stop():
        pool.stop()
        story.append("stopped")

    pool = Pool({"work": work, "hear": ear.hear}, threads=1, clock=clock)
    pool.start()
    pool.wake("work", {}, key="work")
    begun.wait(PATIENCE)
    pool.wake("hear", {"name": "too late"}, key="too late")
    stopper = Thread(target=stop)
    stopper.start()
    with pool._changed:
        assert pool._changed.wait_for(lambda: pool._stopped, PATIENCE)
    go_on.set()
    stopper.join(PATIENCE)

    assert story == ["ended", "stopped"]
    assert ear.heard == []


def test_a_pool_that_was_never_started_can_be_stopped(clock):
    pool = Pool({}, threads=2, clock=clock)

    pool.stop()


def test_many_threads_hear_everything_once(clock):
    heard = []
    done = Event()

    def hear(payload):
        heard.append(payload["number"])
        if len(heard) == 300:
            done.set()

    pool = Pool({"hear": hear}, threads=4, clock=clock)
    pool.start()

    def wake(numbers):
        for number in numbers:
            pool.wake("hear", {"number": number}, key=str(number))

    ringers = [Thread(target=wake, args=(range(part, 300, 3),)) for part in range(3)]
    for ringer in ringers:
        ringer.start()
    for ringer in ringers:
        ringer.join()
    done.wait(PATIENCE)
    pool.stop()

    assert sorted(heard) == list(range(300))
