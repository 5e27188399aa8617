from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from dispatch.model.campaigns.days import CronDays, Weekdays
from dispatch.model.campaigns.schedule import Schedule
from dispatch.pipeline.editions.plan_days import MOST_SLOTS, find_slot, plan_days
from pipeline_samples import CAMPAIGN

TUESDAYS = Schedule(Weekdays(frozenset({1})), (time(9), time(17, 30)), "Europe/Paris")
WEEKLY = replace(CAMPAIGN, schedule=TUESDAYS)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = timedelta(days=7)


def test_days_have_the_slots_of_all_schedules_in_order():
    other = replace(TUESDAYS, at=(time(12),), timezone="America/New_York")
    campaigns = [WEEKLY, replace(WEEKLY, name="far", schedule=other)]

    found = plan_days(campaigns, first=MONDAY, until=MONDAY + WEEK)

    assert [(one.campaign.name, one.slot.local.hour) for one in found] == [
        ("weekly", 9),
        ("weekly", 17),
        ("far", 12),
    ]


def test_a_day_that_is_left_out_is_there_and_says_so():
    off = replace(TUESDAYS, days_off=frozenset({date(2026, 12, 1)}))

    found = plan_days([replace(WEEKLY, schedule=off)], first=MONDAY, until=MONDAY + 2 * WEEK)

    assert [one.is_off for one in found] == [False, False, True, True]


def test_without_a_schedule_there_is_no_slot():
    assert plan_days([replace(WEEKLY, schedule=None)], first=MONDAY, until=MONDAY + WEEK) == []


def test_a_campaign_that_runs_each_minute_does_not_fill_the_calendar():
    days = CronDays(
        "* * * * *", frozenset(range(1, 32)), frozenset(range(1, 13)), frozenset(range(7))
    )
    each_minute = Schedule(days, tuple(time(h, m) for h in range(24) for m in range(60)), "UTC")

    found = plan_days(
        [replace(WEEKLY, schedule=each_minute)], first=MONDAY, until=MONDAY + 6 * WEEK
    )

    assert len(found) == MOST_SLOTS


@pytest.mark.parametrize(
    ("local", "is_there"),
    [
        ("2026-12-01T09:00", True),
        ("2026-12-01T17:30", True),
        ("2026-12-01T10:00", False),
        ("2026-12-02T09:00", False),
        ("0001-01-01T09:00", False),
        ("9999-12-31T23:59", False),
    ],
)
def test_a_slot_is_found_by_its_time_on_the_wall(local, is_there):
    found = find_slot(WEEKLY, datetime.fromisoformat(local))

    assert (found is not None) is is_there


def test_a_slot_is_found_in_the_hour_that_spring_leaves_out():
    sunday = replace(TUESDAYS, days=Weekdays(frozenset({6})), at=(time(2, 30),))

    found = find_slot(replace(WEEKLY, schedule=sunday), datetime.fromisoformat("2026-03-29T02:30"))

    assert found is not None
    assert found.slot.moment == datetime(2026, 3, 29, 1, tzinfo=UTC)
