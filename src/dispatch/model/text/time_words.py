"""Moments and spans of time as people read them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def in_zone(moment: datetime, timezone: str) -> str:
    """A moment by the clock on the wall, and whose clock that is."""
    return f"{moment.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M} ({timezone})"


def as_written(span: timedelta) -> str:
    """A span as schedules.yaml says it, to the minute; empty for none.

    >>> as_written(timedelta(hours=18)), as_written(timedelta(minutes=90))
    ('18h', '90m')
    """
    minutes = round(span / MINUTE)
    if minutes % 60:
        return f"{minutes}m"
    return f"{minutes // 60}h" if minutes else ""


def in_hours(span: timedelta) -> str:
    """A span in hours, exactly.

    >>> in_hours(timedelta(hours=36)), in_hours(timedelta(minutes=30))
    ('36 h', '0.5 h')
    """
    return f"{span / HOUR:g} h"


def in_one_unit(span: timedelta) -> str:
    """A span in days, hours or minutes, in the largest that gives a whole number.

    >>> in_one_unit(timedelta(days=3)), in_one_unit(timedelta(minutes=90))
    ('3 days', '90 min')
    """
    if not span % DAY:
        return f"{span // DAY} {'day' if span == DAY else 'days'}"
    return f"{span // MINUTE} min" if span % HOUR else f"{span // HOUR} h"


def long(span: timedelta) -> str:
    """A span as people say it, without what is too small to matter.

    >>> long(timedelta(minutes=125)), long(timedelta(days=3, hours=1))
    ('2 h 5 min', '3 days')
    """
    hours, minutes = divmod(span // MINUTE, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def in_words(span: timedelta) -> str:
    """A span as people say it, in the largest unit that still says enough.

    >>> [in_words(timedelta(minutes=minutes)) for minutes in (15, 62, 89, 100, 1440, 2000, 2800)]
    ['15 minutes', '1 hour', '89 minutes', '2 hours', '1 day', '33 hours', '2 days']
    """
    for name, unit in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if 0.95 <= span / unit < 1.1:
            return f"1 {name}"
        if span / unit >= 1.5:
            return f"{round(span / unit)} {name}s"
    return "a few seconds"
