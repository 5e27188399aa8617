"""Messages leave outside of quiet hours, and on business days where a campaign wants that."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours

NIGHT = QuietHours(time(22), time(7))
NOON = QuietHours(time(12), time(13, 30))
PARIS = "Europe/Paris"


def in_paris(text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "moment", "opens"),
    [
        (NIGHT, "2026-11-24T21:59:59", "2026-11-24T21:59:59"),
        (NIGHT, "2026-11-24T22:00", "2026-11-25T07:00"),
        (NIGHT, "2026-11-25T00:10", "2026-11-25T07:00"),
        (NIGHT, "2026-11-25T07:00", "2026-11-25T07:00"),
        (NOON, "2026-11-24T12:00", "2026-11-24T13:30"),
        (NOON, "2026-11-24T23:00", "2026-11-24T23:00"),
        (None, "2026-11-25T03:00", "2026-11-25T03:00"),
    ],
)
def test_quiet_hours_end_at_their_second_time(quiet, moment, opens):
    hours = SendingHours(quiet)

    assert hours.open_from(in_paris(moment), PARIS) == in_paris(opens)


def test_a_weekend_and_a_holiday_are_passed_over():
    hours = SendingHours(NIGHT, business_days=True, days_off=frozenset({date(2026, 12, 25)}))

    thursday_night = in_paris("2026-12-24T23:00")

    assert hours.open_from(thursday_night, PARIS) == in_paris("2026-12-28T07:00")


def test_days_off_count_only_where_business_days_are_wanted():
    hours = SendingHours(NIGHT, days_off=frozenset({date(2026, 12, 25)}))

    christmas = in_paris("2026-12-25T10:00")

    assert hours.open_from(christmas, PARIS) == christmas


def test_the_hour_that_autumn_repeats_is_quiet_once_where_quiet_hours_end_in_it():
    hours = SendingHours(QuietHours(time(22), time(2, 30)))

    in_the_second_pass = in_paris("2026-10-25T02:15", fold=1)

    assert hours.open_from(in_the_second_pass, PARIS) == in_the_second_pass


def test_quiet_hours_that_end_in_the_gap_of_spring_end_with_it():
    hours = SendingHours(QuietHours(time(22), time(2, 30)))

    before = in_paris("2026-03-29T01:00")

    assert hours.open_from(before, PARIS) == in_paris("2026-03-29T03:00")


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/Santiago", "Asia/Beirut"])
def test_what_opens_is_open_and_nothing_before_it_is(zone):
    hours = SendingHours(NIGHT, business_days=True)
    start = datetime(2026, 3, 1, tzinfo=UTC)

    for step in range(24 * 60):
        moment = start + timedelta(hours=step)
        opens = hours.open_from(moment, zone)
        wall = opens.astimezone(ZoneInfo(zone))
        assert opens >= moment
        assert time(7) <= wall.time() < time(22)
        assert wall.weekday() < 5
        if opens > moment:
            earlier = opens - timedelta(minutes=1)
            assert hours.open_from(earlier, zone) == opens


def test_rules_that_are_never_open_hold_nothing_back():
    a_year = frozenset(date(2026, 1, 1) + timedelta(days=day) for day in range(900))
    hours = SendingHours(NIGHT, business_days=True, days_off=a_year)

    moment = in_paris("2026-11-24T10:00")

    assert hours.open_from(moment, PARIS) == moment
