"""The clock that ticks: at once, one tick at a time, and no more once it is stopped."""

from datetime import timedelta
from threading import Event, active_count

from dispatch.clock import system_clock
from dispatch.scheduling.ticker import Ticker

PATIENCE = 10
"""In seconds; what is waited for comes much sooner."""


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
    before = active_count()

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
    assert active_count() == before


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


def test_it_goes_on_when_the_clock_is_put_back():
    ticked = Event()

    def clock_before_it_was_put_back():
        return system_clock() + timedelta(hours=3)

    ticker = Ticker(ticked.set, clock=clock_before_it_was_put_back)
    ticker.start()
    went_on = ticked.wait(PATIENCE)
    ticker.stop()

    assert went_on
