"""Seven zones with awkward rules, all forms of schedules, over two years: each local day once.

What is expected is reckoned by walking through the years a quarter of an hour at a time and
writing down what the clock on the wall shows: nothing of this uses the code under test.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest

from dispatch.config.values import schedule as schedule_words
from dispatch.model.campaigns.days import Days, MonthDays, Weekdays, Weeks
from dispatch.model.campaigns.schedule import Schedule, slots

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Beirut",  # its clocks change at midnight
    "Australia/Lord_Howe",  # by half an hour
    "America/Santiago",  # at midnight, too
    "Africa/Casablanca",  # around Ramadan
    "Pacific/Apia",  # left out 30 December 2011
)
YEARS = (2011, 2026)  # and the one after each
QUARTER = timedelta(minutes=15)
FIRST = date(2011, 1, 5)  # a Wednesday


def nth(day: date) -> int:
    """Which one of its weekday in its month a day is."""
    return (day.day - 1) // 7 + 1


def length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


@dataclass(frozen=True)
class Form:
    days: Days
    expected: Callable[[date], bool]
    at: tuple[time, ...] = (time(2, 15),)


def month(*words: str) -> MonthDays:
    return MonthDays(schedule_words.on(list(words)))


CRON = schedule_words.cron("*/30 0-3 * 3,10 sat-mon")

FORMS = {
    "day at midnight": Form(Weekdays(frozenset(range(7))), lambda _: True, (time(0),)),
    "day at 0:30": Form(Weekdays(frozenset(range(7))), lambda _: True, (time(0, 30),)),
    "day at 2:15": Form(Weekdays(frozenset(range(7))), lambda _: True),
    "day at 23:45": Form(Weekdays(frozenset(range(7))), lambda _: True, (time(23, 45),)),
    "day, often": Form(
        Weekdays(frozenset(range(7))),
        lambda _: True,
        (time(0), time(2), time(2, 15), time(2, 45), time(3), time(9), time(23, 30)),
    ),
    "weekday": Form(Weekdays(frozenset(range(5))), lambda day: day.weekday() < 5),
    "sunday": Form(Weekdays(frozenset({6})), lambda day: day.weekday() == 6),
    "tuesday, friday": Form(Weekdays(frozenset({1, 4})), lambda day: day.weekday() in {1, 4}),
    "2 weeks": Form(
        Weeks(2, frozenset({6}), FIRST),
        lambda day: (day - date(2011, 1, 9)).days % 14 == 0,  # the first Sunday from FIRST on
    ),
    "3 weeks, twice": Form(
        Weeks(3, frozenset({1, 4}), FIRST),
        # Friday 7 and Tuesday 11 January are within the seven days from FIRST on
        lambda day: day >= FIRST and (day - FIRST).days % 21 in {2, 6},
    ),
    "first monday": Form(month("first monday"), lambda day: day.weekday() == 0 and nth(day) == 1),
    "last sunday": Form(
        month("last sunday"), lambda day: day.weekday() == 6 and day.day + 7 > length(day)
    ),
    "1st, 15th": Form(month("1st", "15th"), lambda day: day.day in {1, 15}),
    "31st": Form(month("31st"), lambda day: day.day == length(day)),
    "29th, last day": Form(
        month("29th", "last day"), lambda day: day.day == 29 or day.day == length(day)
    ),
    "cron": Form(
        CRON.days, lambda day: day.month in {3, 10} and day.weekday() in {5, 6, 0}, CRON.at
    ),
}


@cache
def wall(zone: str, year: int) -> dict[datetime, datetime]:
    """What the clock shows in two years, and when it shows it first."""
    shown: dict[datetime, datetime] = {}
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 3, tzinfo=UTC)
    moment -= timedelta(days=1)
    there = ZoneInfo(zone)
    while moment < end:
        shown.setdefault(moment.astimezone(there).replace(tzinfo=None), moment)
        moment += QUARTER
    return shown


def expected(form: Form, zone: str, year: int) -> Iterator[tuple[date, datetime]]:
    """The local day and the moment of each slot."""
    shown = wall(zone, year)
    used: set[datetime] = set()
    for day in sorted({local.date() for local in shown}):
        if year <= day.year <= year + 1 and form.expected(day):
            for at in form.at:
                local = datetime.combine(day, at)
                while local not in shown:
                    local += QUARTER
                if shown[local] not in used:
                    used.add(shown[local])
                    yield day, shown[local]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_each_local_day_has_its_slots_exactly_once(form, zone, year):
    schedule = Schedule(form.days, form.at, zone)
    start = wall(zone, year)[datetime.combine(date(year, 1, 1), time())] - timedelta(seconds=1)

    found = takewhile(lambda s: s.local.year <= year + 1, slots(schedule, after=start))
    made = list(found)

    assert [(slot.local.date(), slot.moment) for slot in made] == [*expected(form, zone, year)]
    assert len({slot.key for slot in made}) == len(made)


@pytest.mark.parametrize("zone", ZONES)
def test_whoever_asks_in_between_gets_the_same_slots(zone):
    schedule = Schedule(FORMS["day, often"].days, FORMS["day, often"].at, zone)
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
    at_once = list(takewhile(lambda s: s.moment < end, slots(schedule, after=start)))

    one_by_one = []
    while (slot := next(slots(schedule, after=start))).moment < end:
        one_by_one.append(slot)
        start = slot.moment

    assert one_by_one == at_once
