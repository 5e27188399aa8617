"""Rules that pick local days: weekdays, every few weeks, days of the month, a cron's fields."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}

_LONGEST_PAUSE = 12 * 9
"""Months without a day after which none will come: 29 February is away for eight years at most."""


@dataclass(frozen=True, slots=True)
class Weekdays:
    """The same weekdays in each week, counted from Monday = 0."""

    days: frozenset[int]

    def __str__(self) -> str:
        if len(self.days) == len(WEEKDAYS):
            return "every day"
        return _names(self.days)

    def in_month(self, year: int, month: int) -> list[int]:
        """The days of a month, in order."""
        before, length = monthrange(year, month)
        return [day for day in range(1, length + 1) if (before + day - 1) % 7 in self.days]


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weekdays of every so many weeks; the first week is the seven days from `first` on."""

    every: int
    days: frozenset[int]
    first: date

    def __str__(self) -> str:
        return f"{_names(self.days)} of every {self.every} weeks from {self.first}"

    def in_month(self, year: int, month: int) -> list[int]:
        """The days of a month, in order."""
        past = date(year, month, 1).toordinal() - 1 - self.first.toordinal()
        return [
            day
            for day in Weekdays(self.days).in_month(year, month)
            if past + day >= 0 and (past + day) // 7 % self.every == 0
        ]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One day of each month: a number, or with a `weekday` its first to fourth; -1 is the last.

    A number that a month does not have is its last day: a month is never left out.

    >>> MonthDay(31).of(2026, 2), MonthDay(1, weekday=0).of(2026, 2)
    (28, 2)
    """

    nth: int
    weekday: int | None = None

    def __str__(self) -> str:
        if self.weekday is not None:
            return f"{NTH[self.nth]} {WEEKDAYS[self.weekday]}"
        return "last day" if self.nth == -1 else f"{self.nth}{_ending(self.nth)}"

    def of(self, year: int, month: int) -> int:
        """The day's number in a month."""
        before, length = monthrange(year, month)
        if self.weekday is None:
            return length if self.nth == -1 else min(self.nth, length)
        if self.nth == -1:
            return length - (before + length - 1 - self.weekday) % 7
        return 1 + (self.weekday - before) % 7 + 7 * (self.nth - 1)


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days of every month."""

    days: tuple[MonthDay, ...]

    def __str__(self) -> str:
        return f"{', '.join(map(str, self.days))} of every month"

    def in_month(self, year: int, month: int) -> list[int]:
        """The days of a month, each once and in order."""
        return sorted({day.of(year, month) for day in self.days})


@dataclass(frozen=True, slots=True)
class CronDays:
    """The day fields of a cron line; `text` is the whole line.

    As with every cron, months that have no such day are left out.
    """

    text: str
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    def __str__(self) -> str:
        return f"cron {self.text}"

    def in_month(self, year: int, month: int) -> list[int]:
        """The days of a month, in order."""
        if month not in self.months:
            return []
        return [day for day in Weekdays(self.weekdays).in_month(year, month) if day in self.days]


Days = Weekdays | Weeks | MonthDays | CronDays


def days_from(rule: Days, start: date) -> Iterator[date]:
    """The days of a rule from `start` on, in order; it ends where no further one will come."""
    year, month, pause = start.year, start.month, 0
    while year < MAXYEAR and pause < _LONGEST_PAUSE:
        found = rule.in_month(year, month)
        pause = 0 if found else pause + 1
        for number in found:
            day = date(year, month, number)
            if day >= start:
                yield day
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _names(days: frozenset[int]) -> str:
    return ", ".join(WEEKDAYS[day] for day in sorted(days))


def _ending(number: int) -> str:
    if number in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
