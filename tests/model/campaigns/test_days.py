"""Rules that pick days."""

from datetime import date
from itertools import islice

import pytest

from dispatch.model.campaigns.days import CronDays, MonthDay, MonthDays, Weeks, days_from

EVERY_MONTH = frozenset(range(1, 13))
EVERY_DAY = frozenset(range(7))


def first(rule, start: date, most: int) -> list[str]:
    return [str(day) for day in islice(days_from(rule, start), most)]


def test_weeks_are_counted_from_the_first_day_and_not_from_monday():
    rule = Weeks(2, frozenset({1}), date(2026, 1, 7))  # a Wednesday

    assert first(rule, date(2025, 12, 1), 3) == ["2026-01-13", "2026-01-27", "2026-02-10"]


def test_weeks_go_on_over_the_end_of_a_year():
    rule = Weeks(2, frozenset({0}), date(2026, 1, 5))

    assert first(rule, date(2026, 12, 10), 3) == ["2026-12-21", "2027-01-04", "2027-01-18"]


@pytest.mark.parametrize(
    ("day", "in_2027"),
    [
        (MonthDay(31), ["01-31", "02-28", "03-31", "04-30"]),
        (MonthDay(-1), ["01-31", "02-28", "03-31", "04-30"]),
        (MonthDay(15), ["01-15", "02-15", "03-15", "04-15"]),
        (MonthDay(1, 0), ["01-04", "02-01", "03-01", "04-05"]),
        (MonthDay(4, 6), ["01-24", "02-28", "03-28", "04-25"]),
        (MonthDay(-1, 4), ["01-29", "02-26", "03-26", "04-30"]),
    ],
    ids=str,
)
def test_a_day_of_the_month_is_in_every_month(day, in_2027):
    found = first(MonthDays((day,)), date(2027, 1, 1), 4)

    assert found == [f"2027-{one}" for one in in_2027]


def test_two_names_of_one_day_are_one_day():
    rule = MonthDays((MonthDay(31), MonthDay(30), MonthDay(-1, 6)))

    assert first(rule, date(2027, 2, 1), 2) == ["2027-02-28", "2027-03-28"]


def test_a_cron_leaves_out_months_that_have_no_such_day():
    rule = CronDays("0 9 31 * *", frozenset({31}), EVERY_MONTH, EVERY_DAY)

    assert first(rule, date(2027, 1, 1), 3) == ["2027-01-31", "2027-03-31", "2027-05-31"]


def test_days_that_never_come_end_the_search():
    rule = CronDays("0 9 30 2 *", frozenset({30}), frozenset({2}), EVERY_DAY)

    assert first(rule, date(2027, 1, 1), 1) == []


def test_the_end_of_the_calendar_ends_the_search():
    assert first(MonthDays((MonthDay(1),)), date(9998, 12, 1), 5) == ["9998-12-01"]
