"""Calendars of holidays: whole days, once or yearly; what cannot be read has a line."""

from datetime import date

import pytest

from dispatch.config.schedules.load import modified
from dispatch.config.values.holidays import MAX_BYTES, read_holidays

HOLIDAYS = """\
BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
SUMMARY:A very long name that\r
  goes on\r
DTSTART;VALUE=DATE:20261225\r
DTEND;VALUE=DATE:20261227\r
BEGIN:VALARM\r
DURATION:PT15M\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270406\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def read(tmp_path):
    """Writes a calendar and reads it: the days, and what is said."""

    def read(text: str | bytes):
        path = tmp_path / "holidays.ics"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        days, problems = read_holidays(path)
        return sorted(map(str, days)), [str(problem) for problem in problems]

    return read


def event(*lines: str) -> str:
    """A calendar with one holiday, whose own lines begin in line 3."""
    inner = "\n".join(lines)
    return f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{inner}\nEND:VEVENT\nEND:VCALENDAR\n"


def test_days_are_read_from_their_first_to_the_day_before_their_end(read):
    assert read(HOLIDAYS) == (["2026-12-25", "2026-12-26", "2027-04-06"], [])


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["DTSTART:20261225"], ["2026-12-25"]),
        (["DTSTART:20261225", "DURATION:P2D"], ["2026-12-25", "2026-12-26"]),
        (["DTSTART:20261225", "DTEND:20261225"], ["2026-12-25"]),
        (["DTSTART:20261225", "STATUS:CANCELLED"], []),
        (["DTSTA\n RT:20261225"], ["2026-12-25"]),
    ],
)
def test_other_ways_to_write_a_day(read, lines, days):
    assert read(event(*lines)) == (days, [])


@pytest.mark.parametrize(
    ("first", "rule", "begin"),
    [
        ("20240501", "FREQ=YEARLY", ["2024-05-01", "2025-05-01", "2026-05-01"]),
        ("20240501", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", ["2024-05-01", "2025-05-01"]),
        ("20240501", "FREQ=YEARLY;INTERVAL=4", ["2024-05-01", "2028-05-01"]),
        ("20241128", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2024-11-28", "2025-11-27"]),
        ("20240527", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", ["2024-05-27", "2025-05-26"]),
        ("20240229", "FREQ=YEARLY", ["2024-02-29", "2028-02-29"]),
    ],
)
def test_a_holiday_comes_back_each_year(read, first, rule, begin):
    days, problems = read(event(f"DTSTART:{first}", f"RRULE:{rule}"))

    assert problems == []
    assert days[: len(begin)] == begin
    assert days[-1] >= "2096"


@pytest.mark.parametrize("end", ["COUNT=2", "UNTIL=20260101", "UNTIL=20260101T000000Z"])
def test_what_comes_back_may_end(read, end):
    days, _ = read(event("DTSTART:20240501", f"RRULE:FREQ=YEARLY;{end}"))

    assert days == ["2024-05-01", "2025-05-01"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["DTSTART:20261225T080000Z"], "3: '20261225T080000Z' is not a whole day - make it an all"),
        (["DTSTART:20260230"], "3: there is no day 20260230 - check the date"),
        (["SUMMARY:x"], "2: a holiday has no DTSTART - make it an all-day event"),
        (["DTSTART:20261225", "DTEND:20261201"], "4: the holiday does not last 1 to 92 days - "),
        (["DTSTART:20261225", "DTEND:20281201"], "4: the holiday does not last 1 to 92 days - "),
        (["DTSTART:20261225", "DURATION:PT8H"], "4: the holiday does not last 1 to 92 days - "),
        (["DTSTART:20261225", "RRULE:FREQ=MONTHLY"], "4: only holidays that come back each year"),
        (["DTSTART:20261225", "RRULE:FREQ=YEARLY;BYSETPOS=1"], "4: BYSETPOS is not understood"),
        (["DTSTART:20261225", "RRULE:FREQ=YEARLY;BYDAY=MO"], "4: BYDAY=MO is not understood here"),
        (["DTSTART:20261225", "RRULE:FREQ=YEARLY;BYDAY=4TH"], "4: BYDAY=4TH is not understood"),
        (["DTSTART:20261225", "RRULE:FREQ=YEARLY;COUNT=0"], "4: '0' is not a number from 1 to 999"),
        (["DTSTART:20261225", "EXDATE:20271225"], "4: EXDATE is not understood here - write each"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(read, lines, said):
    _, problems = read(event(*lines))

    assert problems[0].startswith(f"holidays.ics:{said}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holidays.ics: is not an iCalendar file - export it from your calendar"),
        (b"\x00\xff\xfe", "holidays.ics: is not an iCalendar file"),
        (b"x" * (MAX_BYTES + 1), "holidays.ics: is larger than 1 MB - is it the right file?"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "holidays.ics:2: ends within 'VEVENT' - export"),
        (b"BEGIN:VCALENDAR\nEND:VEVENT\n", "holidays.ics:2: 'END:VEVENT' ends what was not begun"),
    ],
)
def test_what_is_no_calendar_is_told(read, content, said):
    _, problems = read(content)

    assert problems[0].startswith(said)


def test_a_file_that_names_too_many_days_is_not_read_to_its_end(read):
    one = "BEGIN:VEVENT\nDTSTART:19500101\nDURATION:P90D\nRRULE:FREQ=YEARLY\nEND:VEVENT\n"

    _, problems = read(f"BEGIN:VCALENDAR\n{one * 2000}END:VCALENDAR\n")

    assert problems == ["holidays.ics:17: names more than 50000 days - is it the right file?"]


CAMPAIGN = """\
feeds: {blog: {url: "file:feeds/blog.xml"}}
campaigns:
  weekly:
    feeds: [blog]
    social: [{template: weekly}]
    schedule: {every: day, at: "09:00", except: [2026-12-24, "file:days/holidays.ics"]}
"""


@pytest.fixture
def calendar(folder):
    (folder / "days").mkdir()
    path = folder / "days" / "holidays.ics"
    path.write_text(HOLIDAYS)
    return path


@pytest.mark.usefixtures("calendar")
def test_a_campaign_takes_days_off_from_dates_and_files(load):
    workspace = load(CAMPAIGN)

    days_off = workspace.campaigns["weekly"].schedule.days_off
    assert {date(2026, 12, 24), date(2026, 12, 25), date(2027, 4, 6)} < days_off
    assert workspace.holiday_files == ("days/holidays.ics",)


def test_problems_of_a_calendar_come_with_those_of_the_file(problems, calendar):
    calendar.write_text(event("DTSTART:soon"))

    said = problems(CAMPAIGN.replace("feeds: [blog]", "feeds: [blgo]"))

    assert said == [
        "schedules.yaml:4: campaigns.weekly.feeds[0]: unknown feed 'blgo' - did you mean 'blog'?",
        (
            "holidays.ics:3: 'soon' is not a whole day"
            " - make it an all-day event: DTSTART;VALUE=DATE:20261225"
        ),
    ]


def test_a_calendar_that_is_a_link_out_of_the_workspace_is_not_read(problems, calendar):
    calendar.unlink()
    calendar.symlink_to("/etc/hostname")

    [said] = problems(CAMPAIGN)

    assert "except[1]: is a link that leads out of the workspace" in said


def test_a_change_of_a_calendar_is_a_change_of_the_plan(load, folder, calendar):
    load(CAMPAIGN)
    before = modified(folder, ["days/holidays.ics"])

    calendar.unlink()

    assert modified(folder, ["days/holidays.ics"]) != before
