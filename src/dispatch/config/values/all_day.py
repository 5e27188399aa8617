"""The days of one event of a calendar: what is written in days, and in times from midnight on."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from dispatch.config.files.problems import InvalidValueError, quoted

LONGEST = 92  # days that one holiday may last
LAST_YEAR = 2100
"""Holidays that come back every year are known until then."""

_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
# Outlook writes whole days as times from midnight to midnight, be it of a zone, of UTC or of none.
_MIDNIGHT = re.compile(r"T0000(?:00)?Z?")
_LAST_MINUTE = re.compile(r"T2359(?:00|59)Z?")
_LENGTH = re.compile(
    r"\+?P(?:([0-9]{1,3})W)?(?:([0-9]{1,3})D)?"
    r"(?:T(?:([0-9]{1,4})H)?(?:([0-9]{1,5})M)?(?:([0-9]{1,7})S)?)?"
)
_ALL_DAY = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY")
_ADVICE = "make it an all-day event: DTSTART;VALUE=DATE:20261225"

Values = Mapping[str, tuple[int, str]]
"""The properties of an event: name to line and value."""


def first_day(values: Values) -> date:
    """The day on which the event begins; raises InvalidValueError where that is not a whole one."""
    return day(values.get("DTSTART", (0, ""))[1])


def number_of_days(values: Values, first: date) -> int:
    """How many days it lasts: DTEND names the day after its last, or that day's midnight."""
    _, start = values.get("DTSTART", (0, ""))
    if "DTEND" in values:
        length = _until(values["DTEND"][1], first, is_moment=_is_moment(start, values))
    elif "DURATION" in values:
        length = _lasting(values["DURATION"][1])
    elif _is_moment(start, values):
        raise InvalidValueError(f"{quoted(start)} is a moment and not a whole day", _ADVICE)
    else:
        length = 1
    if not 1 <= length <= LONGEST:
        problem = f"the holiday does not last 1 to {LONGEST} days"
        raise InvalidValueError(problem, "check where it ends")
    return length


def day(text: str) -> date:
    """A day as written; a time of it has to be midnight. Raises InvalidValueError."""
    found = _DATE.fullmatch(text[:8])
    if not found or (text[8:] and not _MIDNIGHT.fullmatch(text[8:])):
        problem = f"{quoted(text)} is not a whole day" if text else "a holiday has no DTSTART"
        raise InvalidValueError(problem, _ADVICE)
    try:
        named = date(*map(int, found.groups()))
    except ValueError:
        raise InvalidValueError(f"there is no day {text[:8]}", "check the date") from None
    if not 1900 <= named.year <= LAST_YEAR:
        problem = f"{text[:8]} is far away"
        raise InvalidValueError(problem, f"write a date from 1900 to {LAST_YEAR}")
    return named


def last_begin(text: str) -> date:
    """What UNTIL says: the last day on which the event may begin.

    For an event with times it is a moment in UTC, where a midnight east of Greenwich belongs to the
    day before.
    """
    found, time = day(text[:8]), text[8:]
    east = re.fullmatch(r"T(?:1[2-9]|2[0-3])[0-9]{4}Z", time) and not _LAST_MINUTE.fullmatch(time)
    return found + timedelta(days=1) if east else found


def _is_moment(start: str, values: Values) -> bool:
    """Whether it begins at a time, and nothing says that the day is meant."""
    said = (values.get(name, (0, ""))[1].upper() for name in _ALL_DAY)
    return len(start) > 8 and not any(one in {"TRUE", "1"} for one in said)


def _until(end: str, first: date, *, is_moment: bool) -> int:
    if _LAST_MINUTE.fullmatch(end[8:]):
        return (day(end[:8]) - first).days + 1
    length = (day(end) - first).days
    return 1 if length == 0 and not is_moment else length


def _lasting(text: str) -> int:
    found = _LENGTH.fullmatch(text)
    if not found:
        return 0
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return length.days if length == timedelta(days=length.days) else 0
