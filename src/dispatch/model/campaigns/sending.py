"""When an edition goes out: what its campaign says about it, and what follows for each zone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

from dispatch.model.campaigns.schedule import Slot, slot_on
from dispatch.model.campaigns.sending_hours import SendingHours

FIRST_ZONE = "Pacific/Kiritimati"
"""Where each wall-clock time comes first: no zone is further ahead than its UTC+14."""

STILL_IN_TIME = timedelta(minutes=20)
"""So long after its hour a zone has not missed it: runs poll feeds before they make an edition.
Any two zones of which one is earlier are further apart."""

_DAYS_OFF_KEPT = timedelta(days=60)
_DAYS_OFF_BEFORE = timedelta(days=2)
"""Days off that an edition remembers: from before its slot, as other zones still have that day."""


class Passed(StrEnum):
    """What happens to zones whose hour has passed when an edition may go out."""

    AT_ONCE = "at once"
    TOMORROW = "tomorrow"


@dataclass(frozen=True, slots=True)
class SendingRule:
    """What a campaign says about when messages leave.

    With `local_time`, each reader gets the digest when it is the slot's hour in their own zone.
    `late` is how long after its time an edition may still begin to go out; None: ever.
    """

    hours: SendingHours = field(default_factory=SendingHours)
    local_time: bool = False
    passed: Passed = Passed.AT_ONCE
    late: timedelta | None = None

    def starts(self, slot: Slot, *, ahead: timedelta) -> datetime:
        """When the first message of a slot's edition leaves, if it is made in time and approved."""
        return self.plan(slot, manual=False).starts(slot.moment - ahead)

    def plan(self, slot: Slot, *, manual: bool) -> "SendingPlan":
        """What an edition is to keep that is made for this slot."""
        return SendingPlan(
            slot=None if manual else slot,
            timezone=slot.timezone,
            hours=_cut(self.hours, slot),
            local_time=self.local_time,
            passed=self.passed,
            late=None if manual else self.late,
        )


@dataclass(frozen=True, slots=True)
class SendingPlan:
    """When an edition goes out, kept with it: what was approved does not change with the file.

    Nothing leaves before the `slot`; None where a person started the run, which is for now.
    `timezone` is the campaign's.
    """

    slot: Slot | None = None
    timezone: str = "UTC"
    hours: SendingHours = field(default_factory=SendingHours)
    local_time: bool = False
    passed: Passed = Passed.AT_ONCE
    late: timedelta | None = None

    def starts(self, now: datetime) -> datetime:
        """From when something can leave, looking from `now` on; no reader is chosen before.

        >>> from datetime import UTC, date, time
        >>> plan = SendingPlan(slot_on(date(2026, 11, 24), time(9), "UTC"), local_time=True)
        >>> plan.starts(datetime(2026, 11, 1, tzinfo=UTC)).isoformat()
        '2026-11-23T19:00:00+00:00'
        """
        if not self.local_time:
            return self.due(now)
        if self.slot is None:
            return now  # somewhere it is day
        local = self.slot.local
        first = slot_on(local.date(), local.time(), FIRST_ZONE).moment
        return max(now, self.hours.open_from(first, FIRST_ZONE))

    def due(self, now: datetime) -> datetime:
        """When what does not go by readers' zones can leave, looking from `now` on."""
        return self.open_from(max(now, self.slot.moment) if self.slot else now)

    def due_in(self, timezone: str, now: datetime) -> datetime:
        """When the readers of a zone get it, looking from `now` on; empty: the campaign's zone."""
        if not self.local_time or self.slot is None:
            return self.open_from(max(now, self.slot.moment) if self.slot else now, timezone)
        return self.open_from(self._hour_in(self.slot, timezone or self.timezone, now), timezone)

    def open_from(self, moment: datetime, timezone: str = "") -> datetime:
        """From when messages may leave, looking from `moment` on, in a zone or the campaign's."""
        return self.hours.open_from(moment, timezone or self.timezone)

    def open_until(self, moment: datetime, timezone: str = "") -> datetime | None:
        """When messages must stop to leave that may at `moment`; None if nothing stops them."""
        return self.hours.open_until(moment, timezone or self.timezone)

    def _hour_in(self, slot: Slot, timezone: str, now: datetime) -> datetime:
        hour = slot_on(slot.local.date(), slot.local.time(), timezone).moment
        if hour + STILL_IN_TIME >= now or self.passed is Passed.AT_ONCE:
            return max(now, hour)
        return next(moment for moment in _days_from(now, slot, timezone) if moment > now)


@lru_cache(maxsize=1000)
def known_zone(name: str) -> bool:
    """Whether a reader's time zone is one that we can reckon with."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: a folder of zones, such as 'Europe'
        return False
    return True


def _days_from(now: datetime, slot: Slot, timezone: str) -> Iterator[datetime]:
    today = now.astimezone(ZoneInfo(timezone)).date()
    for days in count():
        yield slot_on(today + timedelta(days=days), slot.local.time(), timezone).moment


def _cut(hours: SendingHours, slot: Slot) -> SendingHours:
    first, last = slot.local.date() - _DAYS_OFF_BEFORE, slot.local.date() + _DAYS_OFF_KEPT
    off = (day for day in hours.days_off if first <= day <= last and hours.business_days)
    return replace(hours, days_off=frozenset(off))
