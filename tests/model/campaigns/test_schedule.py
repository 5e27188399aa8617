"""Slots: each chosen local day exactly once, however the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from dispatch.model.campaigns.days import CronDays, MonthDay, MonthDays, Weekdays
from dispatch.model.campaigns.schedule import Schedule, slot_at, slot_on, slots

DAILY = Weekdays(frozenset(range(7)))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def found(schedule: Schedule, after: str, most: int = 5) -> list[str]:
    """The first slots after a moment, by the clock on the wall."""
    return [f"{s.local:%Y-%m-%d %H:%M}" for s in islice(slots(schedule, after=utc(after)), most)]


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        pytest.param(
            "Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00", id="spring"
        ),
        pytest.param(
            "Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30", id="autumn"
        ),
        pytest.param(
            "Asia/Beirut", date(2026, 3, 29), time(0, 0), "2026-03-28T22:00", id="gap at midnight"
        ),
        pytest.param(
            "Australia/Lord_Howe",
            date(2026, 10, 4),
            time(2, 10),
            "2026-10-03T15:30",
            id="half hour",
        ),
    ],
)
def test_where_the_clocks_change_a_slot_is_the_next_valid_minute_or_the_first(
    zone, day, at, moment
):
    slot = slot_on(day, at, zone)

    assert slot.moment == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_slot_is_named_by_the_clock_on_the_wall():
    slot = slot_on(date(2026, 11, 24), time(9, 0), "Europe/Paris")

    assert slot.key == "2026-11-24T09:00[Europe/Paris]"


def test_a_run_that_a_person_starts_has_this_moment_as_its_slot():
    moment = datetime(2026, 11, 24, 8, 0, 5, tzinfo=UTC)

    assert slot_at(moment, "Europe/Paris").key == "2026-11-24T09:00:05[Europe/Paris]"


# What APScheduler 3.11 does with its triggers, and this must not.


def test_trap_monday_is_monday_and_not_the_day_after():
    monday = Schedule(Weekdays(frozenset({0})), (time(9),), "Europe/Berlin")

    assert found(monday, "2026-11-20T00:00", 2) == ["2026-11-23 09:00", "2026-11-30 09:00"]


def test_trap_the_day_after_a_gap_at_midnight_is_not_skipped():
    midnight = Schedule(DAILY, (time(0),), "Asia/Beirut")  # 29 March begins at 1:00

    assert found(midnight, "2026-03-27T12:00", 4) == [
        "2026-03-28 00:00",
        "2026-03-29 00:00",
        "2026-03-30 00:00",
        "2026-03-31 00:00",
    ]


def test_trap_the_day_after_the_gap_is_not_skipped_in_berlin():
    midnight = Schedule(DAILY, (time(0),), "Europe/Berlin")

    assert found(midnight, "2026-03-28T12:00", 3) == [
        "2026-03-29 00:00",
        "2026-03-30 00:00",
        "2026-03-31 00:00",
    ]


def test_trap_an_hour_that_repeats_has_one_slot():
    in_overlap = Schedule(DAILY, (time(2, 30),), "Europe/Berlin")

    moments = [slot.moment for slot in islice(slots(in_overlap, after=utc("2026-10-24T12:00")), 2)]

    assert moments == [utc("2026-10-25T00:30"), utc("2026-10-26T01:30")]


def test_trap_a_time_that_does_not_exist_is_not_used():
    in_gap = Schedule(DAILY, (time(2, 30),), "Europe/Berlin")

    [slot] = islice(slots(in_gap, after=utc("2026-03-28T12:00")), 1)

    assert slot.moment == utc("2026-03-29T01:00")
    assert slot.key == "2026-03-29T02:30[Europe/Berlin]"


def test_times_that_a_gap_moves_to_one_moment_are_one_slot_named_by_the_first():
    three = Schedule(DAILY, (time(2, 15), time(2, 45), time(3)), "Europe/Berlin")

    assert found(three, "2026-03-28T20:00", 4) == [
        "2026-03-29 02:15",
        "2026-03-30 02:15",
        "2026-03-30 02:45",
        "2026-03-30 03:00",
    ]


def test_a_day_that_a_zone_left_out_has_no_slot():
    daily = Schedule(DAILY, (time(0), time(9)), "Pacific/Apia")

    assert found(daily, "2011-12-29T10:30", 4) == [
        "2011-12-29 09:00",
        "2011-12-31 00:00",
        "2011-12-31 09:00",
        "2012-01-01 00:00",
    ]


def test_several_times_a_day_come_in_order():
    twice = Schedule(DAILY, (time(9), time(17, 30)), "UTC")

    assert found(twice, "2026-11-24T09:00", 3) == [
        "2026-11-24 17:30",
        "2026-11-25 09:00",
        "2026-11-25 17:30",
    ]


def test_nothing_runs_before_the_first_day_after_the_last_or_on_days_off():
    schedule = Schedule(
        DAILY,
        (time(9),),
        "Europe/Paris",
        first=date(2026, 12, 22),
        last=date(2026, 12, 28),
        days_off=frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)}),
    )

    assert found(schedule, "2026-01-01T00:00", 99) == [
        "2026-12-22 09:00",
        "2026-12-23 09:00",
        "2026-12-27 09:00",
        "2026-12-28 09:00",
    ]


def cron_days(months: set[int], days: set[int]) -> CronDays:
    return CronDays("", frozenset(days), frozenset(months), frozenset(range(7)))


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(DAILY, (time(9),), "UTC", last=date(2025, 12, 31)),
        Schedule(MonthDays((MonthDay(1),)), (time(9),), "UTC", last=date(2025, 12, 31)),
        Schedule(cron_days({2}, {30, 31}), (time(9),), "UTC"),
    ],
    ids=["ended", "ended, monthly", "30 February"],
)
def test_a_schedule_without_further_slots_ends(schedule):
    assert found(schedule, "2026-01-01T00:00") == []


def test_a_leap_day_is_found_over_the_century_that_has_none():
    leap = Schedule(cron_days({2}, {29}), (time(9),), "UTC")

    assert found(leap, "2096-03-01T00:00", 2) == ["2104-02-29 09:00", "2108-02-29 09:00"]


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(Weekdays(frozenset({1})), (time(9),), "UTC"), "tuesday at 09:00 UTC"),
        (Schedule(DAILY, (time(9), time(17, 5)), "UTC"), "every day at 09:00, 17:05 UTC"),
        (
            Schedule(MonthDays((MonthDay(1, 0), MonthDay(22))), (time(9),), "UTC"),
            "first monday, 22nd of every month at 09:00 UTC",
        ),
        (
            Schedule(DAILY, (time(9),), "UTC", first=date(2026, 1, 5), last=date(2026, 2, 1)),
            "every day at 09:00 UTC, from 2026-01-05, until 2026-02-01",
        ),
        (
            Schedule(DAILY, (time(9),), "UTC", days_off=frozenset({date(2026, 12, 24)})),
            "every day at 09:00 UTC, except 2026-12-24",
        ),
    ],
)
def test_a_schedule_can_be_read(schedule, words):
    assert str(schedule) == words


def test_other_days_off_make_other_words_however_many_they_are():
    def words(start: date) -> str:
        off = frozenset(start + timedelta(days=n) for n in range(30))
        return str(Schedule(DAILY, (time(9),), "UTC", days_off=off))

    assert "except 30 days" in words(date(2026, 1, 1))
    assert words(date(2026, 1, 1)) == words(date(2026, 1, 1))
    assert words(date(2026, 1, 1)) != words(date(2026, 1, 2))
