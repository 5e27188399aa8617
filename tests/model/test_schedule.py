"""One slot for each local day, however the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from dispatch.model.schedule import Schedule, slot_at, slot_on, slots

EVERY_DAY = frozenset(range(7))

# Zones whose clocks change at midnight, by half an hour, or on odd days.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Pacific/Apia",
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [time(0, 0), time(0, 30), time(2, 15), time(9, 0), time(23, 59)])
def test_a_daily_schedule_has_one_slot_on_each_local_day(zone, at):
    start = datetime(2026, 1, 1, tzinfo=UTC)

    year = list(islice(slots(Schedule(EVERY_DAY, at, zone), after=start), 730))

    days = [slot.local.date() for slot in year]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    moments = [slot.moment for slot in year]
    assert moments == sorted(set(moments))
    assert len({slot.key for slot in year}) == len(year)
    assert all(slot.moment.astimezone(ZoneInfo(zone)).date() == slot.local.date() for slot in year)


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


def test_a_weekly_schedule_keeps_its_weekday():
    tuesday = Schedule(frozenset({1}), time(9), "Europe/Paris")

    found = islice(slots(tuesday, after=datetime(2026, 11, 24, 8, 0, tzinfo=UTC)), 3)

    assert [slot.local.date().isoformat() for slot in found] == [
        "2026-12-01",
        "2026-12-08",
        "2026-12-15",
    ]


def test_a_run_that_a_person_starts_has_this_moment_as_its_slot():
    moment = datetime(2026, 11, 24, 8, 0, 5, tzinfo=UTC)

    assert slot_at(moment, "Europe/Paris").key == "2026-11-24T09:00:05[Europe/Paris]"
