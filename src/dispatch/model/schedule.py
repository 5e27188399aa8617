"""When a campaign runs: words about local days, turned into slots.

Slots are reckoned here and not by APScheduler's triggers, because those fire twice in the
hour that repeats in autumn, and at a time that does not exist in spring.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Local days and a local time.

    `weekdays` counts from Monday = 0. `late` is how long after its moment a slot may still run.
    """

    weekdays: frozenset[int]
    at: time
    timezone: str
    late: timedelta = timedelta(hours=6)

    def __str__(self) -> str:
        days = ", ".join(WEEKDAYS[day] for day in sorted(self.weekdays))
        return f"{days} at {self.at:%H:%M} {self.timezone}"


@dataclass(frozen=True, slots=True)
class Slot:
    """The wall-clock time one run is for; `key` is unique within a campaign."""

    local: datetime  # without tzinfo: what the clock on the wall says
    timezone: str
    moment: datetime  # the same in UTC

    @property
    def key(self) -> str:
        """The wall-clock time and the zone, as stored."""
        whole_minute = not self.local.second and not self.local.microsecond
        wall = self.local.isoformat(timespec="minutes" if whole_minute else "auto")
        return f"{wall}[{self.timezone}]"


def slots(schedule: Schedule, *, after: datetime) -> Iterator[Slot]:
    """The slots whose moment is later than `after`, in order, without end.

    Each chosen local day has exactly one, however the clocks change: a time that spring skips
    becomes the first moment after the gap, of a time that autumn repeats the first is taken.

    >>> s = Schedule(frozenset({6}), time(2, 30), "Europe/Paris")
    >>> next(slots(s, after=datetime(2026, 3, 28, tzinfo=UTC))).moment.isoformat()
    '2026-03-29T01:00:00+00:00'
    """
    zone = ZoneInfo(schedule.timezone)
    day = (after.astimezone(zone) - timedelta(days=1)).date()
    while True:
        if day.weekday() in schedule.weekdays:
            slot = slot_on(day, schedule.at, schedule.timezone)
            if slot.moment > after:
                yield slot
        day += timedelta(days=1)


def slot_on(day: date, at: time, timezone: str) -> Slot:
    """The slot of one local day."""
    zone = ZoneInfo(timezone)
    local = datetime.combine(day, at)
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        moment = _end_of_gap(local, zone)
    return Slot(local, timezone, moment)


def slot_at(moment: datetime, timezone: str) -> Slot:
    """The slot of a run that a person starts: this very moment."""
    return Slot(moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None), timezone, moment)


def start_of_next_day(now: datetime, zone: ZoneInfo) -> datetime:
    """When the local day that `now` is in ends, in UTC."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return slot_on(tomorrow, time(), zone.key).moment


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    # Read with fold=1, a time inside the gap is reckoned with the offset after it, which
    # lands before the gap's end; with fold=0 after it. The end is between, to the minute.
    low = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    minutes = range(int((high - low) / timedelta(minutes=1)) + 1)
    candidates = (low + timedelta(minutes=minute) for minute in minutes)
    return next(moment for moment in candidates if moment.astimezone(zone).utcoffset() != before)
