"""When an edition goes out, by the campaign's clocks or by each reader's."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.campaigns.schedule import slot_on
from dispatch.model.campaigns.sending import (
    FIRST_ZONE,
    Passed,
    SendingPlan,
    SendingRule,
    known_zone,
)
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours

NINE = time(9)
TUESDAY = date(2026, 11, 24)
NIGHT = SendingHours(QuietHours(time(22), time(7)))
PARIS = "Europe/Paris"
EARLY = datetime(2026, 11, 20, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local_plan(day: date = TUESDAY, at: time = NINE, **values) -> SendingPlan:
    return SendingPlan(slot_on(day, at, PARIS), PARIS, local_time=True, **values)


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Pacific/Kiritimati", TUESDAY, "2026-11-23T19:00"),
        ("Pacific/Apia", TUESDAY, "2026-11-23T20:00"),
        ("Asia/Tokyo", TUESDAY, "2026-11-24T00:00"),
        ("Asia/Kathmandu", TUESDAY, "2026-11-24T03:15"),
        ("Asia/Beirut", TUESDAY, "2026-11-24T07:00"),
        (PARIS, TUESDAY, "2026-11-24T08:00"),
        ("Africa/Casablanca", TUESDAY, "2026-11-24T08:00"),
        ("America/New_York", TUESDAY, "2026-11-24T14:00"),
        ("Pacific/Niue", TUESDAY, "2026-11-24T20:00"),
        # Days on which clocks change there; the hour that is left out, or repeated, is not ours.
        ("Australia/Lord_Howe", date(2026, 10, 4), "2026-10-03T22:00"),
        ("Australia/Lord_Howe", date(2026, 4, 5), "2026-04-04T22:30"),
        ("America/Santiago", date(2026, 9, 6), "2026-09-06T12:00"),
        ("Africa/Casablanca", date(2026, 3, 22), "2026-03-22T08:00"),
    ],
)
def test_nine_oclock_comes_to_each_zone_at_its_own_moment(zone, day, expected):
    assert local_plan(day).due_in(zone, EARLY - timedelta(days=365)) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),  # 3:00 there
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),  # the first one
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30"),  # 2:30 there
        ("Asia/Beirut", date(2026, 3, 29), time(0, 0), "2026-03-28T22:00"),  # 1:00 there
    ],
)
def test_an_hour_that_a_zone_leaves_out_or_repeats_comes_once(zone, day, at, expected):
    assert local_plan(day, at).due_in(zone, utc("2026-01-01T00:00")) == utc(expected)


def test_an_edition_for_readers_hours_is_addressed_when_the_first_zone_has_it():
    assert local_plan().starts(EARLY) == utc("2026-11-23T19:00")


def test_an_edition_for_everybody_at_once_starts_at_its_slot_and_never_in_the_night():
    plan = SendingPlan(slot_on(TUESDAY, time(6, 30), PARIS), PARIS, NIGHT)

    assert plan.starts(EARLY) == utc("2026-11-24T06:00")
    assert plan.starts(utc("2026-11-24T21:30")) == utc("2026-11-25T06:00")
    assert plan.starts(utc("2026-11-24T12:00")) == utc("2026-11-24T12:00")


def test_a_run_by_hand_goes_at_once_but_not_in_the_night():
    slot = slot_on(TUESDAY, time(23, 30), PARIS)

    by_hand = SendingRule(NIGHT).plan(slot, manual=True)

    assert by_hand.starts(slot.moment) == utc("2026-11-25T06:00")
    assert by_hand.starts(utc("2026-11-24T12:00")) == utc("2026-11-24T12:00")


def test_a_run_by_hand_for_readers_hours_asks_the_clock_of_each():
    plan = replace(local_plan(hours=NIGHT), slot=None)
    now = utc("2026-11-24T22:00")

    assert plan.starts(now) == now
    assert plan.due_in("America/New_York", now) == now
    assert plan.due_in(PARIS, now) == utc("2026-11-25T06:00")


class TestPassed:
    """The edition may go out at 10:00 in Paris, an hour after its slot."""

    NOW = utc("2026-11-24T09:00")

    @pytest.mark.parametrize(
        ("zone", "at_once", "tomorrow"),
        [
            ("America/New_York", "2026-11-24T14:00", "2026-11-24T14:00"),
            (PARIS, "2026-11-24T09:00", "2026-11-25T08:00"),
            ("Asia/Tokyo", "2026-11-24T09:00", "2026-11-25T00:00"),
        ],
    )
    def test_zones_whose_hour_has_passed_get_it_as_the_campaign_says(self, zone, at_once, tomorrow):
        later = local_plan(passed=Passed.TOMORROW)

        assert local_plan().due_in(zone, self.NOW) == utc(at_once)
        assert later.due_in(zone, self.NOW) == utc(tomorrow)

    def test_a_run_that_took_a_few_minutes_is_in_time(self):
        plan, now = local_plan(passed=Passed.TOMORROW), utc("2026-11-24T08:10")

        assert plan.due_in(PARIS, now) == now
        assert plan.due_in("Europe/Athens", now) == utc("2026-11-25T07:00")

    def test_days_later_tomorrow_is_the_next_hour_to_come(self):
        plan = local_plan(passed=Passed.TOMORROW)

        assert plan.due_in(PARIS, utc("2026-11-27T07:30")) == utc("2026-11-27T08:00")
        assert plan.due_in(PARIS, utc("2026-11-27T09:30")) == utc("2026-11-28T08:00")

    def test_tomorrow_is_a_business_day_where_the_campaign_wants_one(self):
        friday = slot_on(date(2026, 11, 27), NINE, PARIS)
        hours = replace(NIGHT, business_days=True)
        plan = SendingPlan(friday, PARIS, hours, local_time=True, passed=Passed.TOMORROW)

        assert plan.due_in("Asia/Tokyo", friday.moment) == utc("2026-11-29T22:00")  # Monday, 7:00


def test_what_an_edition_keeps_of_days_off_is_what_can_matter():
    days = frozenset(date(2026, 1, 1) + timedelta(days=step) for step in range(1000))
    rule = SendingRule(SendingHours(NIGHT.quiet, business_days=True, days_off=days))

    kept = rule.plan(slot_on(TUESDAY, NINE, PARIS), manual=False).hours.days_off

    assert (min(kept), max(kept)) == (date(2026, 11, 22), date(2027, 1, 23))


@pytest.mark.parametrize("name", ["", "Europe", "Europe/Pariss", "../etc/passwd", "x\0y"])
def test_a_zone_that_is_none_is_not_known(name):
    assert not known_zone(name)


ZONES = st.sampled_from([
    "Pacific/Apia", "Pacific/Kiritimati", "Australia/Lord_Howe", "Africa/Casablanca", PARIS,
    "America/Santiago", "Asia/Beirut", "America/New_York", "Pacific/Niue", "Asia/Kathmandu",
])  # fmt: skip
QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
NIGHTS = st.tuples(QUARTERS, QUARTERS).filter(lambda two: two[0] != two[1])
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2027, 11, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(
    ZONES, QUARTERS, st.none() | NIGHTS.map(lambda two: QuietHours(*two)), st.booleans(),
    st.sampled_from(Passed), MOMENTS, st.timedeltas(timedelta(days=-3), timedelta(days=3)),
)  # fmt: skip
def test_nobody_gets_it_before_their_hour_or_while_it_is_quiet(  # noqa: PLR0917
    zone, at, quiet, business, passed, moment, later
):
    hours = SendingHours(quiet, business_days=business and quiet is not None)
    day = moment.date()
    plan = SendingPlan(slot_on(day, at, PARIS), PARIS, hours, local_time=True, passed=passed)

    due = plan.due_in(zone, moment + later)

    wall = due.astimezone(ZoneInfo(zone))
    assert due >= moment + later
    assert wall.replace(tzinfo=None) >= datetime.combine(day, at) - timedelta(seconds=1)
    assert due >= plan.starts(moment + later)
    assert hours.open_from(due, zone) == due
    closes = hours.open_until(due, zone)
    if closes is not None:
        assert hours.open_from(closes, zone) > closes > due
        assert hours.open_from(closes - timedelta(microseconds=1), zone) < closes


@given(ZONES, MOMENTS, QUARTERS)
def test_no_zone_has_an_hour_before_the_first_one(zone, moment, at):
    day = moment.date()

    assert slot_on(day, at, FIRST_ZONE).moment <= slot_on(day, at, zone).moment
