"""When a campaign runs: words about local days, turned into slots.

Slots are reckoned here and not by APScheduler's triggers, because those fire twice in the
hour that repeats in autumn, and at a time that does not exist in spring.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from dispatch.model.campaigns.days import CronDays, Days, Weeks, days_from

_DAYS_OFF_NAMED = 3


@dataclass(frozen=True, slots=True)
class Schedule:
    """Local days and local times.

    `at` is in order and names each time once. `late` is how long after its moment a slot may
    still run, `ahead` how long before it its edition is made. Nothing runs before the day `first`,
    after the day `last`, or on `days_off`.
    """

    days: Days
    at: tuple[time, ...]
    timezone: str
    late: timedelta = timedelta(hours=6)
    first: date | None = None
    last: date | None = None
    days_off: frozenset[date] = frozenset()
    ahead: timedelta = timedelta(0)

    def __str__(self) -> str:
        """In words; two schedules that have other slots have other words."""
        mark = _mark(self.days_off) if len(self.days_off) > _DAYS_OFF_NAMED else ""
        return f"{self.words} {mark}".strip()

    @property
    def words(self) -> str:
        """For people: many days off are a number."""
        times = ", ".join(f"{at:%H:%M}" for at in self.at)
        when = str(self.days) if isinstance(self.days, CronDays) else f"{self.days} at {times}"
        first = None if isinstance(self.days, Weeks) else self.first  # its own words say it
        limits = limits_told(first, self.last, self.days_off)
        return ", ".join([f"{when} {self.timezone}", *limits])


@dataclass(frozen=True, slots=True)
class Slot:
    """The wall-clock time one run is for; `key` is unique within a campaign."""

    local: datetime  # without tzinfo: what the clock on the wall says
    timezone: str
    moment: datetime  # the same in UTC

    @property
    def key(self) -> str:
        """The wall-clock time and the zone, as stored."""
        return f"{wall(self.local)}[{self.timezone}]"


def wall(local: datetime) -> str:
    """The time on the wall as addresses say it, which is also how keys of slots begin.

    >>> wall(datetime(2026, 12, 1, 9))
    '2026-12-01T09:00'
    """
    whole_minute = not local.second and not local.microsecond
    return local.isoformat(timespec="minutes" if whole_minute else "auto")


def slots(schedule: Schedule, *, after: datetime) -> Iterator[Slot]:
    """The slots whose moment is later than `after`, in order; without end if the schedule has none.

    Each chosen local day has its times exactly once, however the clocks change: a time that spring
    skips becomes the first moment after the gap, of a time that autumn repeats the first is taken.
    Times that fall on one moment in a gap are one slot, named by the first of them. A day that a
    zone left out altogether (30 December 2011 in Apia) has none: nobody there would look for it.

    >>> from dispatch.model.campaigns.days import Weekdays
    >>> s = Schedule(Weekdays(frozenset({6})), (time(2, 30),), "Europe/Paris")
    >>> next(slots(s, after=datetime(2026, 3, 28, tzinfo=UTC))).moment.isoformat()
    '2026-03-29T01:00:00+00:00'
    """
    zone = ZoneInfo(schedule.timezone)
    # Clocks that go back over midnight have read the next day's date before.
    start = (after.astimezone(zone) - timedelta(days=1)).date()
    start = max(start, schedule.first or start)
    for day in days_from(schedule.days, start):
        if schedule.last and day > schedule.last:
            return
        if day in schedule.days_off:
            continue
        passed = bisect_right(schedule.at, after, key=partial(_moment, day, zone))
        for at in schedule.at[passed:]:
            slot = slot_on(day, at, schedule.timezone)
            if slot.moment > after and _is_lived(slot, zone):
                yield slot
                after = slot.moment


def read_key(key: str) -> tuple[datetime, str]:
    """The wall-clock time and the zone that a slot's key was made of.

    >>> read_key("2026-11-24T09:00[Europe/Paris]")
    (datetime.datetime(2026, 11, 24, 9, 0), 'Europe/Paris')

    A letter's key goes on with its id.
    """
    wall, _, zone = key.partition("[")
    return datetime.fromisoformat(wall), zone.partition("]")[0]


def slot_on(day: date, at: time, timezone: str) -> Slot:
    """The slot of one local day."""
    return Slot(datetime.combine(day, at), timezone, _moment(day, ZoneInfo(timezone), at))


def slot_at(moment: datetime, timezone: str) -> Slot:
    """The slot of a run that a person starts: this very moment."""
    return Slot(moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None), timezone, moment)


def start_of_next_day(now: datetime, zone: ZoneInfo) -> datetime:
    """When the local day that `now` is in ends, in UTC."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return slot_on(tomorrow, time(), zone.key).moment


def limits_told(first: date | None, last: date | None, days_off: frozenset[date]) -> Iterator[str]:
    """From when to when, and which days not, for people: many days off are a number."""
    if first:
        yield f"from {first}"
    if last:
        yield f"until {last}"
    if len(days_off) > _DAYS_OFF_NAMED:
        yield f"except {len(days_off)} days"
    elif days_off:
        yield f"except {', '.join(map(str, sorted(days_off)))}"


def _moment(day: date, zone: ZoneInfo, at: time) -> datetime:
    local = datetime.combine(day, at)
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        return _end_of_gap(local, zone)
    return moment


def _is_lived(slot: Slot, zone: ZoneInfo) -> bool:
    """Whether the day exists: a gap may end on the next day, but only a lost day has no noon."""
    day = slot.local.date()
    if slot.moment.astimezone(zone).date() == day:
        return True
    return _moment(day, zone, time(12)).astimezone(zone).date() == day


def _mark(days: frozenset[date]) -> str:
    return hashlib.sha256(repr(sorted(map(date.toordinal, days))).encode()).hexdigest()[:8]


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    # Read with fold=1, a time inside the gap is reckoned with the offset after it, which
    # lands before the gap's end; with fold=0 after it. The end is between, to the minute.
    low = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    minutes = range(int((high - low) / timedelta(minutes=1)) + 1)
    candidates = (low + timedelta(minutes=minute) for minute in minutes)
    return next(moment for moment in candidates if moment.astimezone(zone).utcoffset() != before)
