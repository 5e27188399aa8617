"""Files of holidays (iCalendar, RFC 5545): whole days, once or yearly; anything else is a problem.

A small reader of our own: what a holiday file says fits on two pages, and a day that is silently
not understood is a mail on a day when nobody wanted one.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from dispatch.config.files.problems import (
    FileProblem,
    InvalidValueError,
    at_most,
    did_you_mean,
    quoted,
)
from dispatch.config.values.all_day import LAST_YEAR, first_day, last_begin, number_of_days
from dispatch.config.values.holidays_by_country import Country, days_of
from dispatch.model.campaigns.days import MonthDay
from dispatch.regular_files import open_regular, why_unread

MAX_BYTES = 1_000_000
MAX_DAYS = 50_000
_PROPERTY = re.compile(r'([^;:"]+)(?:;(?:[^":]|"[^"]*")*)?:(.*)', re.DOTALL)
_NTH_WEEKDAY = re.compile(r"([-+]?)([1-4])(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_READ = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"})
_CHANGES_DAYS = frozenset({"RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"})


DayOff = date | str | Country
"""A date, a file of them as a path in the workspace, or a country's holidays."""


@dataclass(slots=True)
class _Event:
    """One holiday as written: each property's line and value."""

    line: int
    values: dict[str, tuple[int, str]] = field(default_factory=dict)


def read_holidays(path: Path) -> tuple[frozenset[date], list[FileProblem]]:
    """The days that a file names, and what in it cannot be read."""
    days: set[date] = set()
    problems: list[FileProblem] = []
    named = 0  # days that many holidays share count for each
    try:
        for event in _events(_lines(path), problems, path.name):
            found = _days(event, problems, path.name)
            days.update(found)
            named += len(found)
            if named > MAX_DAYS:
                problem, advice = f"names more than {MAX_DAYS} days", "is it the right file?"
                problems.append(FileProblem(path.name, event.line, "", problem, advice))
                break
    except InvalidValueError as error:
        problems.append(error.at(path.name, None, ""))
    return frozenset(days), at_most(problems)


def all_days_off(
    named: Iterable[DayOff], holidays: Mapping[str, Collection[date]]
) -> frozenset[date]:
    """Dates, in place of each file the days that it has in `holidays`, and those of countries."""
    days: set[date] = set()
    for one in named:
        if isinstance(one, str):
            days.update(holidays[one])
        elif isinstance(one, Country):
            days.update(days_of(one))
        else:
            days.add(one)
    return frozenset(days)


def _lines(path: Path) -> list[tuple[int, str]]:
    """The lines with their numbers; those that begin with a space go on with the one before."""
    try:
        with open_regular(path) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidValueError(*why_unread(error)) from error
    if len(content) > MAX_BYTES:
        raise InvalidValueError("is larger than 1 MB", "is it the right file?")
    found: list[tuple[int, str]] = []
    # Names of holidays are not used, so that the encoding of old files does not matter.
    for number, line in enumerate(content.decode("utf-8-sig", "replace").split("\n"), 1):
        text = line.removesuffix("\r")
        if text[:1] in {" ", "\t"} and found:
            found[-1] = (found[-1][0], found[-1][1] + text[1:])
        elif text:
            found.append((number, text))
    if not found or found[0][1].upper() != "BEGIN:VCALENDAR":
        advice = "export it from your calendar as iCalendar (.ics)"
        raise InvalidValueError("is not an iCalendar file", advice)
    return found


def _events(
    lines: list[tuple[int, str]], problems: list[FileProblem], file: str
) -> Iterator[_Event]:
    parts: list[str] = []  # those around the line: VCALENDAR, VEVENT
    event = _Event(0)
    for number, line in lines:
        name, value = _property(line)
        if name == "BEGIN":
            parts.append(value.strip().upper())
            if parts[-1] == "VEVENT":
                event = _Event(number)
        elif name == "END":
            if not parts or parts.pop() != value.strip().upper():
                problem = f"{quoted(line)} ends what was not begun"
                problems.append(FileProblem(file, number, "", problem, "export the file anew"))
                return
            if value.strip().upper() == "VEVENT":
                yield event
        elif parts[-1:] == ["VEVENT"]:
            event.values.setdefault(name, (number, value.strip()))
    if parts:
        problem = f"ends within {quoted(parts[-1])}"
        problems.append(FileProblem(file, lines[-1][0], "", problem, "export the file anew"))


def _property(line: str) -> tuple[str, str]:
    """Name and value, without parameters: those in quotes may have colons, as zones of Outlook."""
    found = _PROPERTY.fullmatch(line)
    if not found:
        return "", ""
    name, value = found[1].upper(), found[2]
    # Not all write the quotes that belong there, and no date has a colon.
    return name, value.rpartition(":")[2] if name in {"DTSTART", "DTEND"} else value


def _days(event: _Event, problems: list[FileProblem], file: str) -> list[date]:
    """The days of one holiday; where something is wrong with it, that becomes a problem."""
    if event.values.get("STATUS", (0, ""))[1].upper() == "CANCELLED":
        return []
    for name in sorted(_CHANGES_DAYS & event.values.keys()):
        line, advice = event.values[name][0], "write each day as a holiday of its own"
        problem = f"{name} is not understood here"
        problems.append(FileProblem(file, line, "", problem, advice))
    line = event.line
    try:
        line, _ = event.values.get("DTSTART", (line, ""))
        first = first_day(event.values)
        end = "DTEND" if "DTEND" in event.values else "DURATION"
        line, _ = event.values.get(end, (line, ""))
        length = number_of_days(event.values, first)
        line, rule = event.values.get("RRULE", (line, ""))
        begins = list(_repeated(first, rule)) if rule else [first]
    except InvalidValueError as error:
        problems.append(error.at(file, line, ""))
        return []
    return [begin + timedelta(days=more) for begin in begins for more in range(length)]


def _repeated(first: date, text: str) -> Iterator[date]:
    """The first days of a holiday that comes back each year, until LAST_YEAR."""
    rule = dict(part.partition("=")[::2] for part in text.upper().split(";") if part)
    for name in sorted(rule.keys() - _READ):
        raise InvalidValueError(f"{name} is not understood here", did_you_mean(name, _READ))
    if rule.get("FREQ") != "YEARLY":
        problem = "only holidays that come back each year are understood"
        raise InvalidValueError(problem, "write FREQ=YEARLY, or each day as a holiday of its own")
    every = _count(rule.get("INTERVAL", "1"))
    left = _count(rule.get("COUNT", "999"))
    last = last_begin(rule["UNTIL"]) if "UNTIL" in rule else date(LAST_YEAR, 12, 31)
    month = _part(rule.get("BYMONTH", str(first.month)), 12)
    day_of = _day_of(rule, first)
    for year in range(first.year, min(last.year, LAST_YEAR) + 1, every):
        number = day_of.of(year, month)
        # A 29 February that the year does not have is left out, as the standard says.
        if day_of.weekday is None and day_of.nth > monthrange(year, month)[1]:
            continue
        if first <= date(year, month, number) <= last and left:
            left -= 1
            yield date(year, month, number)


def _day_of(rule: dict[str, str], first: date) -> MonthDay:
    if "BYDAY" not in rule:
        return MonthDay(_part(rule.get("BYMONTHDAY", str(first.day)), 31))
    found = _NTH_WEEKDAY.fullmatch(rule["BYDAY"])
    # Without BYMONTH, 4TH is the fourth Thursday of the year.
    if not found or "BYMONTH" not in rule or "BYMONTHDAY" in rule:
        problem = f"BYDAY={rule['BYDAY'][:40]} is not understood here"
        raise InvalidValueError(problem, "write such as BYMONTH=11;BYDAY=4TH, or each day")
    if found[1] == "-" and found[2] != "1":
        raise InvalidValueError("only the last weekday is counted from the end", "write -1")
    nth = -1 if found[1] == "-" else int(found[2])
    return MonthDay(nth, _WEEKDAYS.index(found[3]))


def _count(text: str) -> int:
    return _part(text, 999)


def _part(text: str, most: int) -> int:
    if re.fullmatch("[0-9]{1,3}", text) and 1 <= int(text) <= most:
        return int(text)
    problem = f"{quoted(text)} is not a number from 1 to {most}"
    raise InvalidValueError(problem, "write one number, or each day as a holiday of its own")
