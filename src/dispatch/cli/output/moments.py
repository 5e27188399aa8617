"""Moments in tables: by the clock on somebody's wall."""

from datetime import datetime
from zoneinfo import ZoneInfo


def by_clock(row: dict[str, object], timezone: str) -> dict[str, object]:
    """The row with its moments by the clock of a time zone."""
    zone = ZoneInfo(timezone)
    return {
        name: value.astimezone(zone) if isinstance(value, datetime) else value
        for name, value in row.items()
    }
