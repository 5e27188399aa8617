"""A machine's clock jumps, forward and back: no slot is lost, and none runs twice."""

from datetime import timedelta

import pytest

from app_stage import change, opened
from dispatch.scheduling.due import Waiting
from dispatch.scheduling.tick import tick

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def daily(folder):
    """The weekly goes out every day at 9:00 in Paris, posts or not: its feeds have some left."""
    change(folder, 'every: tuesday, at: "09:00"', 'every: day, at: "09:00"')
    change(folder, "at_most: 12", "at_most: 1")
    return folder


@pytest.fixture
def app(daily, clock):
    with opened(daily, clock) as app:
        yield app


def slots_of_editions(app) -> list[str]:
    with app.store.read() as tx:
        return sorted(one.slot_key[:16] for one in tx.editions.latest("weekly"))


def skipped(app) -> dict[str, str]:
    with app.store.read() as tx:
        return {run.slot[:16]: run.skipped for run in tx.runs.latest("weekly") if run.skipped}


def live(app, waiting: Waiting, clock, how_long: timedelta) -> None:
    """Tick every ten minutes."""
    for _ in range(how_long // (10 * MINUTE)):
        tick(app, waiting=waiting)
        clock.advance(10 * MINUTE)


def test_slots_that_a_clock_passed_over_while_it_was_ahead_run_at_their_time(app, clock):
    waiting = Waiting()
    live(app, waiting, clock, 2 * HOUR)
    clock.advance(3 * DAY + 12 * HOUR)
    tick(app, waiting=waiting)
    ahead = skipped(app)
    clock.advance(-3 * DAY - 12 * HOUR)
    live(app, waiting, clock, 4 * DAY)

    assert set(ahead) == {"2026-11-25T09:00", "2026-11-26T09:00", "2026-11-27T09:00"}
    assert slots_of_editions(app) == [f"2026-11-{day}T09:00" for day in range(24, 29)]
    assert skipped(app) == {}


def test_a_slot_that_ran_too_early_by_a_wrong_clock_does_not_run_again(app, clock):
    waiting = Waiting()
    live(app, waiting, clock, 2 * HOUR)
    clock.advance(2 * DAY)  # within 6 hours of a slot: it runs, as nobody can know better
    tick(app, waiting=waiting)
    early = slots_of_editions(app)
    clock.advance(-2 * DAY)
    live(app, waiting, clock, 3 * DAY)

    assert early == ["2026-11-24T09:00", "2026-11-26T09:00"]
    assert slots_of_editions(app) == [f"2026-11-{day}T09:00" for day in range(24, 28)]


def test_a_clock_that_goes_back_by_hours_repeats_no_slot(app, clock):
    waiting = Waiting()
    live(app, waiting, clock, 2 * HOUR)
    clock.advance(-3 * HOUR)
    live(app, waiting, clock, DAY + 4 * HOUR)

    assert slots_of_editions(app) == ["2026-11-24T09:00", "2026-11-25T09:00"]


def test_a_service_that_started_in_the_wrong_year_keeps_its_slots(daily, clock):
    clock.advance(400 * DAY)
    with opened(daily, clock) as app:
        tick(app)
    clock.advance(-400 * DAY)

    with opened(daily, clock) as app:
        live(app, Waiting(), clock, 2 * DAY)

        assert slots_of_editions(app) == ["2026-11-24T09:00", "2026-11-25T09:00"]


def test_a_clock_that_is_set_right_while_the_service_runs_costs_no_slot(daily, clock):
    waiting = Waiting()
    clock.advance(400 * DAY + HOUR)
    with opened(daily, clock) as app:
        live(app, waiting, clock, HOUR)
        clock.advance(-400 * DAY - 2 * HOUR)
        live(app, waiting, clock, 2 * DAY)

        assert slots_of_editions(app) == ["2026-11-24T09:00", "2026-11-25T09:00"]


def test_a_slot_every_minute_and_a_week_away_are_caught_up_with_at_once(daily, clock, said):
    change(daily, 'every: day, at: "09:00"', 'cron: "* * * * *"')
    with opened(daily, clock) as app:
        tick(app)
    clock.advance(7 * DAY)

    with opened(daily, clock) as app:
        tick(app)
        tick(app)

        assert len(slots_of_editions(app)) == 1
        with app.store.read() as tx:
            runs = tx.runs.latest("weekly", limit=20_000)
    assert len(runs) == 7 * 24 * 60
    [told] = [line for line in said if line["event"] == "slots.skipped"]
    assert told["number"] == 7 * 24 * 60 - 1
