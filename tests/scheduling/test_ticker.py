"""The clock that ticks: at once, one tick at a time, and no more once it is stopped."""

from datetime import datetime, timedelta
from threading import Event, Semaphore
from threading import enumerate as threads

import pytest

from dispatch.clock import system_clock
from dispatch.scheduling.ticker import Ticker
from patience import PATIENCE


def some_work() -> None:
    """Take a few milliseconds, longer than the pause between ticks."""
    sum(range(500_000))


def test_it_ticks_at_once_and_again():
    ticks, first, third = [], Event(), Event()

    def tick():
        ticks.append(1)
        (third if len(ticks) == 3 else first).set()

    patient = Ticker(tick, every_seconds=3600)
    patient.start()
    assert first.wait(PATIENCE)
    patient.stop()
    quick = Ticker(tick, every_seconds=0.01)
    quick.start()
    assert third.wait(PATIENCE)
    quick.stop()


def test_it_stops_when_the_tick_under_way_has_ended():
    begun, ended = [], []
    under_way = Event()
    before = set(threads())

    def tick():
        begun.append(1)
        under_way.set()
        some_work()
        ended.append(1)

    ticker = Ticker(tick, every_seconds=0.005)
    ticker.start()
    assert under_way.wait(PATIENCE)
    ticker.stop()

    assert begun == ended
    assert set(threads()) <= before  # those of other tests may end meanwhile


def test_a_tick_that_takes_longer_than_the_pause_is_not_doubled():
    running, most, enough = [], [], Event()

    def tick():
        running.append(1)
        most.append(len(running))
        some_work()
        running.pop()
        if len(most) == 5:
            enough.set()

    ticker = Ticker(tick, every_seconds=0.001)
    ticker.start()
    assert enough.wait(PATIENCE)
    ticker.stop()

    assert max(most) == 1


@pytest.mark.parametrize("turned_after", range(8))
@pytest.mark.parametrize("days", [-7, -0.0001, 400])
def test_it_ticks_whatever_the_clock_on_the_wall_shows(monkeypatch, turned_after, days):
    class Wall(datetime):
        """A clock that somebody sets after it was read so often."""

        read = 0

        @classmethod
        def now(cls, tz=None):
            cls.read += 1
            return system_clock() + timedelta(days=days if cls.read > turned_after else 0)

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Wall)
    ticks = Semaphore(0)

    ticker = Ticker(ticks.release, every_seconds=0.001)
    ticker.start()
    went_on = [ticks.acquire(timeout=PATIENCE) for _ in range(8)]
    ticker.stop()

    assert all(went_on)
    assert Wall.read > turned_after
