"""The words below `schedule:` - days, times, dates, cron lines - and what they mean.

Each function takes what the file says and gives the value, or raises InvalidValueError.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import product
from typing import Any

from dispatch.config.files.problems import InvalidValueError, did_you_mean, quoted
from dispatch.config.values import holidays_by_country
from dispatch.config.values.foreign_weekdays import weekday_of
from dispatch.config.values.holiday_files import DayOff
from dispatch.config.values.simple import CLOCK_TIME, clock_time, feed_address
from dispatch.model.campaigns.days import NTH, WEEKDAYS, CronDays, MonthDay, days_from
from dispatch.model.campaigns.sending_hours import QuietHours

WEEKS = re.compile(r"([0-9]{1,2}) weeks")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CRON_LINE = re.compile(r"(?:[\d*/,-]+\s+){3,}\S+(?:\s+\S+)?")
NUMBERED_DAY = re.compile(r"([1-9]|[12][0-9]|3[01])(st|nd|rd|th)")
MONTH = "month"
NEW_POST = "new post"
EVERY_WORDS = ("day", "weekday", *WEEKDAYS, MONTH)

_EVERY = {"day": frozenset(range(7)), "weekday": frozenset(range(5))} | {
    name: frozenset({number}) for number, name in enumerate(WEEKDAYS)
}
_NTH = {word: nth for nth, word in NTH.items()}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron line: its days and its times."""

    days: CronDays
    at: tuple[time, ...]


def every(value: Any) -> frozenset[int] | int | str:
    """Weekdays (Monday = 0), a number of weeks, or the word month."""
    if isinstance(value, list) and value:
        return frozenset[int]().union(*(_days(word, WEEKDAYS) for word in value))
    text = _word(value)
    if found := WEEKS.fullmatch(text):
        return _weeks(int(found[1]))
    return MONTH if text == MONTH else _days(value, EVERY_WORDS)


def _weeks(number: int) -> int:
    if number < 2:
        raise InvalidValueError("does not say on which day", "name it: every: tuesday")
    if number > 52:
        raise InvalidValueError("is longer than a year", "write 2 weeks to 52 weeks")
    return number


def _days(word: Any, known: tuple[str, ...]) -> frozenset[int]:
    text = _word(word)
    if text in known and text in _EVERY:
        return _EVERY[text]
    if text in {"week", "weekly"}:
        raise InvalidValueError("does not say on which day", "name it: every: tuesday")
    if isinstance(word, str) and CRON_LINE.fullmatch(text):
        advice = 'write it as cron: "0 9 * * tue", without every: and at:'
        raise InvalidValueError("is a cron line", advice)
    if isinstance(word, str):
        raise InvalidValueError(f"unknown day {quoted(word)}", _which_day(text, known))
    raise InvalidValueError(
        "must be a day", "write day, weekday, tuesday, [tuesday, friday], 2 weeks or month"
    )


def _which_day(text: str, known: Iterable[str]) -> str:
    english = weekday_of(text)
    return f"write it in English: {english}" if english else did_you_mean(text[:64], known)


def on(value: Any) -> tuple[MonthDay | int, ...] | str:
    """Days of a month, or weekdays (Monday = 0), in the order in which they are written.

    Or the words `new post`.

    >>> [str(day) for day in on(["first monday", "15th"])]
    ['first monday', '15th']
    """
    if _word(value) == NEW_POST:
        return NEW_POST
    words = value if isinstance(value, list) and value else [value]
    return tuple(dict.fromkeys(map(_on_day, words)))


def means_new_post(text: str) -> bool:
    """Whether somebody who wrote this meant `new post`."""
    return _word(text.replace("_", " ").replace("-", " ")).removesuffix("s") == NEW_POST


def is_on_new_post(schedule: Any) -> bool:
    """Whether the keys of a schedule, as written, say `on: new post`, or almost."""
    on = schedule.get("on") if isinstance(schedule, dict) else None
    return isinstance(on, str) and means_new_post(on)


def _on_day(word: Any) -> MonthDay | int:
    text = _word(word)
    if text in WEEKDAYS:
        return WEEKDAYS.index(text)
    if text == "last day":
        return MonthDay(-1)
    if found := NUMBERED_DAY.fullmatch(text):
        return MonthDay(int(found[1]))
    nth, _, weekday = text.partition(" ")
    if nth in _NTH and weekday in WEEKDAYS:
        return MonthDay(_NTH[nth], WEEKDAYS.index(weekday))
    advice = "write first monday, last friday, 15th, last day, or a weekday with every: 2 weeks"
    if means_new_post(text):
        problem, advice = f"unknown day {quoted(word)}", "write on: new post, without other days"
    elif nth == "fifth":
        problem, advice = "not every month has a fifth one", "write fourth or last"
    elif nth in _NTH and weekday:
        problem = f"unknown day {quoted(weekday)}"
        advice = _which_day(weekday, (*WEEKDAYS, "day") if nth == "last" else WEEKDAYS)
    elif weekday in WEEKDAYS:
        problem, advice = f"unknown word {quoted(nth)}", did_you_mean(nth[:64], _NTH)
    elif isinstance(word, int) and not isinstance(word, bool) and 1 <= word <= 31:
        problem, advice = "is a number", f"write the day as {MonthDay(word)}"
    else:
        problem = f"unknown day {quoted(word)}"
        advice = f"write it in English: {english}" if (english := weekday_of(text)) else advice
    raise InvalidValueError(problem, advice)


def times(value: Any) -> tuple[time, ...]:
    """The times of a day, each once and in order."""
    words = value if isinstance(value, list) and value else [value]
    return tuple(sorted(set(map(clock_time, words))))


def quiet(value: Any) -> QuietHours:
    """From one local time to another, over midnight where the second is the earlier one."""
    return _from_to(value, example='quiet: "22:00-07:00"')


def hours(value: Any) -> QuietHours:
    """The same for the time between the quiet hours, when something may leave."""
    return _from_to(value, example='hours: "08:00-20:00"')


def _from_to(value: Any, *, example: str) -> QuietHours:
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash or not CLOCK_TIME.fullmatch(start.strip()) or not CLOCK_TIME.fullmatch(end.strip()):
        advice = f"write two times of day in quotes: {example}"
        raise InvalidValueError(f"{quoted(value)} is not from one time to another", advice)
    found = QuietHours(clock_time(start), clock_time(end))
    if found.start == found.end:
        problem = (
            "begins and ends at the same time, so that nobody could tell whether ever or never"
        )
        times_of_day = example.partition('"')[2].rstrip('"')
        raise InvalidValueError(
            problem, f"write two times, such as {times_of_day}, or remove the line"
        )
    return found


def day(value: Any) -> date:
    """A date."""
    text = _word(value)
    if not DATE.fullmatch(text):
        raise InvalidValueError(f"{quoted(value)} is not a date", "write it such as 2026-12-24")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise InvalidValueError(f"there is no day {text}", "check the date") from None
    if not 1970 <= found.year <= 2100:
        raise InvalidValueError(f"{text} is far away", "write a date from 1970 to 2100")
    return found


def days_off(value: Any) -> tuple[DayOff, ...]:
    """Dates, files of them as paths in the workspace, and countries."""
    words = value if isinstance(value, list) and value else [value]
    return tuple(dict.fromkeys(day_off(word) for word in words))


def day_off(word: Any) -> DayOff:
    """A date, a file of them as a path in the workspace, or a country's holidays."""
    if isinstance(word, str) and word.strip().startswith(holidays_by_country.PREFIX):
        return holidays_by_country.country(word)
    if not isinstance(word, str) or not word.strip().startswith("file:"):
        if isinstance(word, str) and not DATE.fullmatch(word.strip()):
            advice = "write 2026-12-24, a calendar (file:holidays.ics) or a country (holidays:FR)"
            raise InvalidValueError(f"{quoted(word)} is not a date", advice)
        return day(word)
    path = feed_address(word).removeprefix("file:")
    if not path.lower().endswith(".ics"):
        advice = "name an iCalendar file, such as file:holidays.ics"
        raise InvalidValueError(f"{quoted(word)} is no calendar", advice)
    return path


def cron(value: Any) -> Cron:
    """A line of minute, hour, day, month and weekday; the weekdays are named.

    >>> cron("0 9,17 * * mon-fri").at
    (datetime.time(9, 0), datetime.time(17, 0))
    """
    text = " ".join(_word(value).split())
    fields = text.split(" ")
    if len(fields) != 5 or len(text) > 200:
        problem = f"{quoted(value)} is not a cron line"
        advice = 'write minute, hour, day, month and weekday: "0 9 * * tue"'
        raise InvalidValueError(problem, advice)
    minutes = _numbers(fields[0], "minute", 0, 59)
    hours = _numbers(fields[1], "hour", 0, 23)
    days = _numbers(fields[2], "day", 1, 31)
    months = _numbers(fields[3], "month", 1, 12)
    weekdays = _weekdays(fields[4])
    if len(days) < 31 and len(weekdays) < 7:
        # Cron takes either of the two, most who write both mean days that are both.
        advice = "write * for one of them, or every: month with on: first monday"
        raise InvalidValueError("names days of the month and weekdays", advice)
    found = CronDays(text, days, months, weekdays)
    if next(days_from(found, date(2024, 1, 1)), None) is None:
        raise InvalidValueError("there is no such day in any year", "check the day and the month")
    clock = product(sorted(hours), sorted(minutes))
    return Cron(found, tuple(time(hour, minute) for hour, minute in clock))


def _numbers(field: str, name: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if span == "*" else _number(first, name, low, high)
        end = high if span == "*" else _number(last, name, low, high) if dash else begin
        stride = _number(step, f"step of the {name}", 1, high) if slash else 1
        if slash and begin == end:
            advice = f"write where it ends: {span}-{high}/{step}"
            raise InvalidValueError(f"the {name} {quoted(part)} has a step and no end", advice)
        if end < begin:
            advice = f"write {begin}-{high},{low}-{end}"
            raise InvalidValueError(f"the {name} {quoted(part)} runs backwards", advice)
        found.update(range(begin, end + 1, stride))
    return frozenset(found)


def _number(text: str, name: str, low: int, high: int) -> int:
    if name == "month" and text in _MONTHS:
        return _MONTHS.index(text) + 1
    if re.fullmatch("[0-9]{1,2}", text) and low <= int(text) <= high:
        return int(text)
    advice = f"write {low} to {high}, *, or with , - / several of them"
    raise InvalidValueError(f"{quoted(text)} is no {name}", advice)


def _weekdays(field: str) -> frozenset[int]:
    if field == "*":
        return frozenset(range(7))
    found: set[int] = set()
    for part in field.split(","):
        first, dash, last = part.partition("-")
        begin = _weekday(first)
        end = _weekday(last) if dash else begin
        found.update((begin + more) % 7 for more in range((end - begin) % 7 + 1))
    return frozenset(found)


def _weekday(text: str) -> int:
    if any(char.isdigit() for char in text):
        problem = f"{quoted(text)} is a weekday in numbers, which programs count differently"
        raise InvalidValueError(problem, "name it: mon, tue, wed, thu, fri, sat or sun")
    for number, name in enumerate(WEEKDAYS):
        if text in {name, name[:3]}:
            return number
    known = [name[:3] for name in WEEKDAYS]
    raise InvalidValueError(f"unknown weekday {quoted(text)}", did_you_mean(text[:64], known))


def _word(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""
