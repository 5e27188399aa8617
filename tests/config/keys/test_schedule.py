"""What may stand below `schedule:`, what it means, and what is said about the rest."""

from datetime import UTC, date, datetime, time
from itertools import islice

import pytest

from dispatch.model.campaigns.days import MonthDay, MonthDays, Weekdays, Weeks
from dispatch.model.campaigns.schedule import slots

CAMPAIGN = """\
feeds: {{blog: {{url: "file:feeds/blog.xml"}}}}
campaigns:
  weekly:
    feeds: [blog]
    social: [{{template: weekly}}]
    schedule: {{{}}}
"""


@pytest.fixture
def schedule(load):
    """Reads what stands between the brackets of `schedule:`."""
    return lambda text: load(CAMPAIGN.format(text)).campaigns["weekly"].schedule


@pytest.fixture
def said(problems):
    """What is said about it, without the place that all have in common."""

    def said(text: str) -> list[str]:
        place = "schedules.yaml:6: campaigns.weekly.schedule."
        return [one.removeprefix(place) for one in problems(CAMPAIGN.format(text))]

    return said


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("every: [tuesday, friday]", Weekdays(frozenset({1, 4}))),
        ("every: month, on: first monday", MonthDays((MonthDay(1, 0),))),
        ("every: month, on: Last Friday", MonthDays((MonthDay(-1, 4),))),
        ("every: month, on: 15th", MonthDays((MonthDay(15),))),
        ("every: month, on: [1st, last day]", MonthDays((MonthDay(1), MonthDay(-1)))),
        (
            "every: 2 weeks, on: tuesday, from: 2026-01-07",
            Weeks(2, frozenset({1}), date(2026, 1, 7)),
        ),
        (
            "every: 3 weeks, on: [monday, friday], from: 2026-01-07",
            Weeks(3, frozenset({0, 4}), date(2026, 1, 7)),
        ),
    ],
)
def test_days_are_words(schedule, text, days):
    assert schedule(f'{text}, at: "09:00"').days == days


def test_several_times_are_put_in_order(schedule):
    assert schedule('every: day, at: ["17:30", "9:00", "09:00"]').at == (time(9), time(17, 30))


def test_a_schedule_may_begin_end_and_pause(schedule):
    found = schedule(
        'every: day, at: "09:00", from: 2026-01-05, until: 2026-12-18, except: [2026-05-01]'
    )

    assert (found.first, found.last) == (date(2026, 1, 5), date(2026, 12, 18))
    assert found.days_off == {date(2026, 5, 1)}


@pytest.mark.parametrize(
    ("line", "after", "first"),
    [
        ("0 9 * * tue", "2026-11-23", ["11-24 09:00", "12-01 09:00"]),
        ("30 9,17 * * mon-fri", "2026-11-27", ["11-27 09:30", "11-27 17:30", "11-30 09:30"]),
        ("*/20 8-9 * * *", "2026-11-23", ["11-23 08:00", "11-23 08:20", "11-23 08:40"]),
        ("0 9 1-10/3 dec *", "2026-11-23", ["12-01 09:00", "12-04 09:00", "12-07 09:00"]),
        ("0 9 * * saturday-mon", "2026-11-27", ["11-28 09:00", "11-29 09:00", "11-30 09:00"]),
        ("0 0 31 * *", "2026-11-23", ["12-31 00:00", "01-31 00:00", "03-31 00:00"]),
    ],
)
def test_a_cron_line_means_what_it_says(schedule, line, after, first):
    found = schedule(f'cron: "{line}"')

    start = datetime.fromisoformat(after).replace(tzinfo=UTC)
    runs = islice(slots(found, after=start), len(first))
    assert [f"{slot.local:%m-%d %H:%M}" for slot in runs] == first
    assert str(found) == f"cron {line} UTC"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("timezone: UTC", "every: missing key - add 'every: tuesday'"),
        ("every: tuesday", "at: missing key - add 'at: \"09:00\"'"),
        ('every: tuesdy, at: "9:00"', "every: unknown day 'tuesdy' - did you mean 'tuesday'?"),
        ('every: week, at: "9:00"', "every: does not say on which day - name it: every: tuesday"),
        ('every: 1 weeks, at: "9:00"', "every: does not say on which day - name it: every: tue"),
        ('every: 60 weeks, at: "9:00"', "every: is longer than a year - write 2 weeks to 52 weeks"),
        ('every: month, at: "9:00"', "on: missing key - add 'on: first monday'"),
        (
            'every: month, on: monday, at: "9:00"',
            "on: is not a day of the month, as every: month needs - write it such as on: first",
        ),
        ('every: month, on: frist monday, at: "9:00"', "on: unknown word 'frist' - did you mean"),
        ('every: month, on: first mnday, at: "9:00"', "on: unknown day 'mnday' - did you mean 'mo"),
        (
            'every: month, on: fifth friday, at: "9:00"',
            "on: not every month has a fifth one - write fourth or last",
        ),
        ('every: month, on: 15, at: "9:00"', "on: is a number - write the day as 15th"),
        ('every: month, on: 32nd, at: "9:00"', "on: unknown day '32nd' - write first monday,"),
        (
            'every: day, on: monday, at: "9:00"',
            "on: goes with every: month or every: 2 weeks only - remove it",
        ),
        ('every: 2 weeks, at: "9:00", from: 2026-01-05', "on: missing key - add 'on: tuesday'"),
        (
            'every: 2 weeks, on: 15th, at: "9:00", from: 2026-01-05',
            "on: is not a weekday, as every: 2 weeks needs - write it such as on: tuesday",
        ),
        (
            'every: 2 weeks, on: monday, at: "9:00"',
            "from: missing key, as nobody could tell which weeks are meant - add the first day",
        ),
        ('every: day, at: ["9:00", 10am]', "at: '10am' is not a time of day - "),
        ('every: day, at: "9:00", from: soon', "from: 'soon' is not a date - write it such as"),
        ('every: day, at: "9:00", from: 2026-02-30', "from: there is no day 2026-02-30 - "),
        ('every: day, at: "9:00", until: 9999-01-01', "until: 9999-01-01 is far away - "),
        (
            'every: day, at: "9:00", from: 2026-02-02, until: 2026-02-01',
            "until: is before its first day, 2026-02-02 - write a later date",
        ),
        ('every: day, at: "9:00", form: 2026-02-02', "form: unknown key - did you mean 'from'"),
        ('every: day, at: "9:00", exept: 2026-02-02', "exept: unknown key - did you mean 'except'"),
        ('every: day, at: "9:00", except: christmas', "except: 'christmas' is not a date - "),
        (
            'every: day, at: "9:00", except: holiday:FR',
            "except: 'holiday:FR' is not a date - write 2026-12-24, a calendar (file:holi",
        ),
        ('every: day, at: "9:00", except: "file:x.csv"', "except: 'file:x.csv' is no calendar - "),
        ('every: day, at: "9:00", except: "file:../x.ics"', "except: 'file:../x.ics' is not a fi"),
        ('every: day, at: "9:00", except: "file:x.ics"', "except: there is no file 'x.ics' - che"),
        ('every: day, at: "9:00", cron: "0 9 * * tue"', "every: does not go with cron, which tell"),
        ('at: "9:00", cron: "0 9 * * tue"', "at: does not go with cron, which tells it already"),
        (
            'cron: "0 9 * * 2"',
            "cron: '2' is a weekday in numbers, which programs count differently - name it: mon,",
        ),
        ('cron: "0 9 * * 1-5"', "cron: '1' is a weekday in numbers"),
        ('cron: "0 9 * * tus"', "cron: unknown weekday 'tus' - did you mean 'tue'?"),
        ('cron: "0 9 * *"', "cron: '0 9 * *' is not a cron line - write minute, hour, day,"),
        ('cron: "@daily"', "cron: '@daily' is not a cron line - "),
        ("cron: 9", "cron: '9' is not a cron line - "),
        ('cron: "60 9 * * *"', "cron: '60' is no minute - write 0 to 59, *, or with , - /"),
        ('cron: "*/0 9 * * *"', "cron: '0' is no step of the minute - write 1 to 59"),
        ('cron: "5/15 9 * * *"', "cron: the minute '5/15' has a step and no end - write where it"),
        ('cron: "0 22-6 * * *"', "cron: the hour '22-6' runs backwards - write 22-23,0-6"),
        (
            'cron: "0 9 1-7 * mon"',
            "cron: names days of the month and weekdays - write * for one of them, or every: mon",
        ),
        ('cron: "0 9 30 2 *"', "cron: there is no such day in any year - check the day and"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told_with_its_line(said, text, problem):
    assert any(one.startswith(problem) for one in said(text)), said(text)


def test_a_wrong_word_is_told_once(said):
    assert said('every: mnth, on: first monday, at: "9:00"') == [
        "every: unknown day 'mnth' - did you mean 'month'?"
    ]
