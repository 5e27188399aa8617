"""When messages may leave: outside of quiet hours, and on business days if a campaign says so."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.model.campaigns.schedule import slot_on, start_of_next_day

_FIRST_DAY_OFF = 5
"""Saturday, counted from Monday = 0."""

_MOST_STEPS = 2 * 366
"""After a year without an open hour there is none: each step passes a night or a day off."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one local time to another, over midnight where the second is not later.

    >>> str(QuietHours(time(22), time(7)))
    '22:00-07:00'
    """

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def overlaps(self, other: "QuietHours") -> bool:
        """Whether there is a time of day in both.

        >>> night = QuietHours(time(22), time(7))
        >>> night.overlaps(QuietHours(time(6), time(8)))
        True
        >>> night.overlaps(QuietHours(time(7), time(22)))
        False
        """
        return self.includes(other.start) or other.includes(self.start)

    def includes(self, clock: time) -> bool:
        """Whether it is in them when clocks show this."""
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def end_of(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet hours that `moment` is in are over, in UTC; None if it is in none."""
        today = moment.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            last = day if self.start < self.end else day + timedelta(days=1)
            begin = slot_on(day, self.start, zone.key).moment
            end = slot_on(last, self.end, zone.key).moment
            if begin <= moment < end:
                return end
        return None


@dataclass(frozen=True, slots=True)
class SendingHours:
    """When messages may leave. Business days are Monday to Friday without `days_off`."""

    quiet: QuietHours | None = None
    business_days: bool = False
    days_off: frozenset[date] = frozenset()

    def open_from(self, moment: datetime, timezone: str) -> datetime:
        """From when messages may leave, looking from `moment` on, by the clocks of a zone; in UTC.

        `moment` itself where they may already, or where there is no such moment within a year.

        >>> hours = SendingHours(QuietHours(time(22), time(7)), business_days=True)
        >>> friday_night = datetime.fromisoformat("2026-11-27T22:30+01:00")
        >>> hours.open_from(friday_night, "Europe/Paris").isoformat()
        '2026-11-30T06:00:00+00:00'
        """
        zone = ZoneInfo(timezone)
        found = moment
        for _ in range(_MOST_STEPS):
            quiet_until = self.quiet.end_of(found, zone) if self.quiet else None
            if quiet_until is not None:
                found = quiet_until
            elif self._is_off(found.astimezone(zone).date()):
                found = start_of_next_day(found, zone)
            else:
                return found
        return moment

    def open_until(self, moment: datetime, timezone: str) -> datetime | None:
        """When messages must stop to leave that may at `moment`; None where nothing stops them.

        >>> hours = SendingHours(QuietHours(time(22), time(7)))
        >>> evening = datetime.fromisoformat("2026-11-27T21:30+01:00")
        >>> hours.open_until(evening, "Europe/Paris").isoformat()
        '2026-11-27T21:00:00+00:00'
        """
        zone = ZoneInfo(timezone)
        today = moment.astimezone(zone).date()
        for day in (today, today + timedelta(days=1)):
            starts = [slot_on(day, self.quiet.start, timezone).moment] if self.quiet else []
            midnight = slot_on(day, time(), timezone).moment
            for end in sorted([midnight, *starts]):
                if end > moment and self.open_from(end, timezone) > end:
                    return end
        return None

    def _is_off(self, day: date) -> bool:
        return self.business_days and (day.weekday() >= _FIRST_DAY_OFF or day in self.days_off)
