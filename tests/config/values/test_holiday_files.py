"""Calendars of holidays: whole days, once or yearly; what cannot be read has a line."""

import os
from datetime import date
from pathlib import Path

import pytest

from dispatch.config.schedules.load import modified
from dispatch.config.values.holiday_files import MAX_BYTES, read_holidays

FIELD = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "field"

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


ALL_DAY = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"
ST_ANDREW = "2026-11-30"
OUTLOOK = 'TZID="(UTC+01:00) Amsterdam, Berlin, Rome"'


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["DTSTART:20261130T000000", "DTEND:20261201T000000"], [ST_ANDREW]),
        (["DTSTART:20261130T000000Z", "DTEND:20261201T000000Z"], [ST_ANDREW]),
        (["DTSTART:20261130T0000", "DTEND:20261201T0000"], [ST_ANDREW]),
        (
            [f"DTSTART;{OUTLOOK}:20261130T000000", f"DTEND;{OUTLOOK}:20261202T000000"],
            [ST_ANDREW, "2026-12-01"],
        ),
        (
            ["DTSTART;TZID=(UTC+01:00) Rome:20261130T000000", "DTEND;TZID=x:20261201T000000"],
            [ST_ANDREW],
        ),
        (["DTSTART;TZID=Europe/Paris:20261130T000000", "DURATION:P1D"], [ST_ANDREW]),
        (["DTSTART:20261130T000000", "DURATION:P2D"], [ST_ANDREW, "2026-12-01"]),
        (["DTSTART:20261130T000000", "DURATION:PT24H"], [ST_ANDREW]),
        (["DTSTART:20261130T000000", "DURATION:P1DT0H0M0S"], [ST_ANDREW]),
        (["DTSTART:20261130T000000", ALL_DAY], [ST_ANDREW]),
        (
            [
                "DTSTART:20261130T000000",
                "DTEND:20261130T000000",
                "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            ],
            [ST_ANDREW],
        ),
        (["DTSTART:20261130T000000", "DTEND:20261130T235959"], [ST_ANDREW]),
        (["DTSTART;VALUE=DATE:20261130", "DTEND:20261201T000000"], [ST_ANDREW]),
        (
            ["DTSTART;TZID=W. Europe\n  Standard Time:20261130T0\n 00000", "DURATION:P1D"],
            [ST_ANDREW],
        ),
    ],
)
def test_a_day_may_be_written_from_midnight_to_midnight(read, lines, days):
    assert read(event(*lines)) == (days, [])
    crlf = event(*lines).replace("\n", "\r\n").encode()
    assert read(b"\xef\xbb\xbf" + crlf) == (days, [])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["DTSTART:20261130T000000"],
            "3: '20261130T000000' is a moment and not a",
        ),
        (["DTSTART:20261130T000000", "DTEND:20261130T000000"], "4: the holiday does not last 1 to"),
        (
            ["DTSTART:20261130T000000", "DTEND:20261130T120000"],
            "4: '20261130T120000' is not a whole",
        ),
        (
            ["DTSTART:20261130T000000", "DTEND:20261201T080000"],
            "4: '20261201T080000' is not a whole",
        ),
        (["DTSTART:20261130T090000", "DURATION:P1D"], "3: '20261130T090000' is not a whole day"),
        (
            ["DTSTART:20261130T000000", "DURATION:PT25H"],
            "4: the holiday does not last 1 to 92 days",
        ),
        (["DTSTART:20261130T000000", "DURATION:soon"], "4: the holiday does not last 1 to 92 days"),
        (
            ["DTSTART:20261129T230000Z", "DTEND:20261130T230000Z"],
            "3: '20261129T230000Z' is not a whole day",
        ),
    ],
)
def test_a_part_of_a_day_is_told(read, lines, said):
    days, problems = read(event(*lines))

    assert days == []
    assert problems[0].startswith(f"holidays.ics:{said}")


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20281129T230000Z", "2028-11-30"),  # midnight in Rome
        ("20281130T050000Z", "2028-11-30"),  # in New York
        ("20281130T000000Z", "2028-11-30"),
        ("20281130", "2028-11-30"),
        ("20281129T235959Z", "2027-11-30"),
        ("20281129", "2027-11-30"),
    ],
)
def test_what_is_written_in_times_ends_on_the_day_that_is_meant(read, until, last):
    rule = f"RRULE:FREQ=YEARLY;UNTIL={until}"

    days, problems = read(event("DTSTART:20261130T000000", "DURATION:P1D", rule))

    assert problems == []
    assert days[-1] == last


@pytest.mark.skipif(not FIELD.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data")
def test_a_whole_day_of_outlook_is_read(read):
    assert read((FIELD / "outlook-all-day.ics").read_bytes()) == ([ST_ANDREW], [])


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
