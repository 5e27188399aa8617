"""What may be said about when messages leave, what it means, and what is said about the rest."""

from datetime import date, time, timedelta

import pytest

from dispatch.errors import BadInput
from dispatch.model.campaigns.sending import Passed, SendingRule
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours

NINE = 'every: day, at: "09:00"'
LATE = timedelta(hours=6)
"""By default."""

FILE = """\
sender: {{name: La Lettre, email: lettre@example.org}}
public_url: https://news.example.org
feeds: {{blog: {{url: "file:feeds/blog.xml"}}}}
campaigns:
  weekly:
    feeds: [blog]
{schedule}    email: {{audience: readers, template: weekly{email}}}
"""


def file(schedule: str = NINE, email: str = "") -> str:
    line = f"    schedule: {{{schedule}}}\n" if schedule else ""
    return FILE.format(schedule=line, email=f", {email}" if email else "")


@pytest.fixture
def campaign(load):
    return lambda *text: load(file(*text)).campaigns["weekly"]


def test_messages_leave_at_any_hour_by_default(campaign):
    found = campaign()

    assert found.sending == SendingRule(late=LATE)
    assert found.schedule.ahead == timedelta(0)


def test_quiet_hours_business_days_and_time_ahead(campaign):
    words = 'quiet: "22:00-7:00", business_days: true, ahead: 18h, except: [2026-12-24]'

    found = campaign(f"{NINE}, {words}")

    quiet = QuietHours(time(22), time(7))
    assert found.sending.hours == SendingHours(quiet, True, frozenset({date(2026, 12, 24)}))
    assert found.schedule.ahead == timedelta(hours=18)


def test_days_off_are_no_business_of_hours_that_have_no_business_days(campaign):
    found = campaign(f'{NINE}, quiet: "22:00-07:00", except: [2026-12-24]')

    assert found.sending.hours.days_off == frozenset()


def test_readers_clocks(campaign):
    at_once = campaign(NINE, "local_time: true").sending
    tomorrow = campaign(NINE, "local_time: true, passed: tomorrow").sending

    assert at_once == SendingRule(local_time=True, late=LATE)
    assert tomorrow == SendingRule(local_time=True, passed=Passed.TOMORROW, late=LATE)


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        ("8-20", 'write two times of day in quotes: hours: "08:00-20:00"'),
        ("08:00-08:00", "write two times, such as 08:00-20:00, or remove the line"),
    ],
)
def test_hours_of_posts_that_are_none_are_told_by_an_example_of_hours(load, hours, problem):
    social = f'    social: [{{via: outbox, template: weekly, hours: "{hours}"}}]\n'

    with pytest.raises(BadInput) as caught:
        load(file() + social)

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        ('quiet: "22:00"', "quiet: '22:00' is not from one time to another - write two times of"),
        ('quiet: "22:00-25:00"', "quiet: '22:00-25:00' is not from one time to another"),
        ("quiet: 5", "quiet: '5' is not from one time to another"),
        ('quiet: ["22:00", "07:00"]', "quiet: "),
        ('quiet: "22:00-22:00"', "quiet: begins and ends at the same time, so that nobody could"),
        (
            "business_days: true",
            "business_days: needs quiet beside it, as a business day would begin at midnight - add",
        ),
        ("ahead: 15d", "ahead: is longer than two weeks - write 14d at most, such as 18h"),
        ("ahead: soon", "ahead: 'soon' is not a length of time"),
    ],
)
def test_hours_that_cannot_be_meant_are_told_with_their_line(problems, schedule, problem):
    place = "schedules.yaml:7: campaigns.weekly.schedule."

    said = problems(file(f"{NINE}, {schedule}"))

    assert [one for one in said if one.startswith(place + problem)], said
    assert len(said) == 1


def test_ahead_needs_times_that_are_known_before(problems):
    said = problems(file("ahead: 2h"))

    problem = "campaigns.weekly.schedule.ahead: goes with every or cron"
    assert any(problem in one for one in said), said


@pytest.mark.parametrize(
    ("schedule", "email", "problem"),
    [
        ("", "local_time: true", "local_time: needs a schedule, which says at which hour"),
        (NINE, "passed: tomorrow", "passed: goes with local_time: true only - remove it, or add"),
        (
            NINE,
            "local_time: true, passed: never",
            "passed: unknown value 'never' - known are: at once, tomorrow",
        ),
        (NINE, "local_time: 1", "local_time: must be true or false"),
    ],
)
def test_readers_clocks_that_cannot_be_meant(problems, schedule, email, problem):
    said = problems(file(schedule, email))

    assert len(said) == 1
    assert f"campaigns.weekly.email.{problem}" in said[0]


SOCIAL = """\
sender: {{name: La Lettre, email: lettre@example.org}}
public_url: https://news.example.org
feeds: {{blog: {{url: "file:feeds/blog.xml"}}}}
timezone: Europe/Paris
campaigns:
  weekly:
    feeds: [blog]
    schedule: {{{schedule}}}
    social: [{{template: weekly, hours: "{hours}"}}]
"""


@pytest.mark.parametrize("hours", ["23:00-06:00", "07:00-07:30", "22:00-09:00"])
def test_hours_that_lie_in_the_quiet_ones_are_told_of(problems, hours):
    [problem] = problems(SOCIAL.format(schedule=f'{NINE}, quiet: "22:00-09:00"', hours=hours))

    assert "hours: lie in the quiet hours of the schedule, 22:00-09:00 - move one" in problem


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        (f'{NINE}, quiet: "22:00-09:00"', "08:00-09:01"),
        (f'{NINE}, quiet: "22:00-09:00"', "21:59-06:00"),
        (f'{NINE}, quiet: "22:00-09:00", timezone: Asia/Tokyo', "23:00-06:00"),
        (NINE, "23:00-06:00"),
    ],
)
def test_hours_that_share_a_moment_with_those_of_the_schedule_are_fine(load, schedule, hours):
    assert load(SOCIAL.format(schedule=schedule, hours=hours)).campaigns
