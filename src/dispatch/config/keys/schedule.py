"""The keys of a `schedule:`: which belong together, and the schedule they make."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, time
from typing import TYPE_CHECKING, Any

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.keys.new_posts import (
    beside_new_post,
    broken_when_empty,
    without_new_post,
)
from dispatch.config.keys.sending import broken_sending
from dispatch.config.values import as_written as written
from dispatch.config.values import schedule as schedule_words
from dispatch.config.values.as_written import Finding
from dispatch.config.values.holiday_files import all_days_off
from dispatch.config.values.schedule import is_on_new_post
from dispatch.model.campaigns.days import Days, MonthDay, MonthDays, Weekdays, Weeks
from dispatch.model.campaigns.schedule import Schedule

if TYPE_CHECKING:
    from dispatch.config.keys.parts import ScheduleKeys

_WHAT_EVERY_TELLS = ("every", "on", "at")


def broken_schedules(tree: Any) -> Iterator[Finding]:
    """Keys of a schedule that do not go together."""
    for path, keys in written.schedules(tree):
        found = (*_in_this_form(keys), *_span(keys), *broken_sending(keys))
        yield from (((*path, key), problem, advice) for key, problem, advice in found)
    for path, campaign in written.campaigns_by_posts(tree):
        yield from broken_when_empty(campaign, path)


def to_schedule(
    keys: "ScheduleKeys", timezone: str, holidays: Mapping[str, Collection[date]]
) -> Schedule:
    """The schedule that keys without problems make; `holidays` has the days of each file."""
    days, at = _days_and_times(keys)
    return Schedule(
        days,
        at,
        keys.timezone or timezone,
        keys.late,
        first=keys.from_,
        last=keys.until,
        days_off=all_days_off(keys.except_ or (), holidays),
        ahead=keys.ahead,
    )


def _days_and_times(keys: "ScheduleKeys") -> tuple[Days, tuple[time, ...]]:
    if keys.cron is not None:
        return keys.cron.days, keys.cron.at
    at, on = keys.at or (), keys.on or ()
    if isinstance(keys.every, frozenset):
        return Weekdays(keys.every), at
    if isinstance(keys.every, int) and keys.from_ is not None:
        weekdays = frozenset(day for day in on if isinstance(day, int))
        return Weeks(keys.every, weekdays, keys.from_), at
    return MonthDays(tuple(day for day in on if isinstance(day, MonthDay))), at


def _in_this_form(keys: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if is_on_new_post(keys):
        yield from beside_new_post(keys)
    else:
        yield from without_new_post(keys)
        yield from _beside_cron(keys) if "cron" in keys else _with_every(keys)


def _beside_cron(keys: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key in _WHAT_EVERY_TELLS:
        if key in keys:
            yield key, "does not go with cron, which tells it already", "remove one of the two"


def _with_every(keys: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if "every" not in keys:
        yield "every", "missing key", "add 'every: tuesday'"
    if "at" not in keys:
        yield "at", "missing key", "add 'at: \"09:00\"'"
    every, on = _meant(schedule_words.every, keys, "every"), _meant(schedule_words.on, keys, "on")
    if isinstance(every, frozenset) and "on" in keys:
        yield "on", "goes with every: month or every: 2 weeks only", "remove it"
    elif every == schedule_words.MONTH:
        yield from _on(keys, on, MonthDay, "a day of the month", "on: first monday")
    elif isinstance(every, int):
        yield from _on(keys, on, int, "a weekday", "on: tuesday")
        if "from" not in keys:
            problem = "missing key, as nobody could tell which weeks are meant"
            yield "from", problem, "add the first day of the first week, such as 'from: 2026-01-05'"


def _on(
    keys: Mapping[str, Any], on: Any, kind: type, name: str, example: str
) -> Iterator[tuple[str, str, str]]:
    every = keys["every"].strip()
    if "on" not in keys:
        yield "on", "missing key", f"add '{example}'"
    elif on is not None and not all(isinstance(day, kind) for day in on):
        yield "on", f"is not {name}, as every: {every} needs", f"write it such as {example}"


def _span(keys: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    first, last = (_meant(schedule_words.day, keys, key) for key in ("from", "until"))
    if first and last and last < first:
        yield "until", f"is before its first day, {first}", "write a later date"


def _meant(meaning: Any, keys: Mapping[str, Any], key: str) -> Any:
    try:
        return meaning(keys[key]) if key in keys else None
    except InvalidValueError:
        return None
