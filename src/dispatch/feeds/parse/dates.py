"""Moments and spans as feeds write them -> aware UTC, or None where they cannot be meant."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from dispatch.feeds.parse.date_shapes import MONTHS, SHAPES, ZONES

_YEARS = range(1990, 2100)  # the web is not older; 1970 and 0001 are zeros, 9999 is "never"
_LONGEST = 100  # characters; a browser's date names its zone in words
_FARTHEST = timedelta(hours=14)  # from UTC that any clock is
_CENTURY = 50  # two digits below it are of this one (RFC 5322, 4.3)
_OFFSET = re.compile(r"(?:utc|gmt|etc/gmt)?([+-])(\d{1,2}):?(\d{2})?")


def from_text(text: str) -> datetime | None:
    """The moment that the whole text names; None where it names none, or not as a whole.

    Nothing is ever filled in from today, nor left out: half a date is a wrong one. A time without a
    zone is in UTC.

    >>> from_text("2026-11-20T08:30:00+01:00").isoformat()
    '2026-11-20T07:30:00+00:00'
    >>> from_text("2016/6/29 15:07:41").isoformat(), from_text("29 June"), from_text("6/29/2016")
    ('2016-06-29T15:07:41+00:00', None, None)
    """
    if len(text) > _LONGEST:
        return None
    line = " ".join(text.lower().split())
    for shape in SHAPES:
        found = shape.fullmatch(line)
        if found is not None:
            moment = _moment(found.groupdict())
            return moment if moment is not None and moment.year in _YEARS else None
    return None


def _moment(parts: dict[str, str | None]) -> datetime | None:
    name, year = parts.get("name"), int(parts["year"] or 0)
    month = MONTHS.get(name) if name else int(parts.get("month") or 1)
    zone = _zone(parts.get("zone") or "z")
    if month is None or zone is None:
        return None
    if len(parts["year"] or "") == 2:
        year += 2000 if year < _CENTURY else 1900
    hour = int(parts.get("hour") or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    try:
        # A minute may have a 61st second, which Python does not know.
        second = min(second, 59)
        moment = datetime(year, month, int(parts.get("day") or 1), hour, minute, second, 0, zone)
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _zone(name: str) -> tzinfo | None:
    if name in ZONES:
        return timezone(timedelta(hours=ZONES[name]))
    offset = _OFFSET.fullmatch(name)
    if offset is None:
        return _zone_of_place(name) if "/" in name else None
    sign, hours, minutes = offset.groups()
    span = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if span > _FARTHEST:
        return None
    # POSIX counts Etc/GMT the other way round.
    return timezone(span if (sign == "+") is not name.startswith("etc") else -span)


def _zone_of_place(name: str) -> tzinfo | None:
    place = "/".join("_".join(map(str.capitalize, part.split("_"))) for part in name.split("/"))
    try:
        return UTC if place in {"Etc/Gmt", "Etc/Utc"} else ZoneInfo(place)
    except (KeyError, OSError, ValueError):  # such as a place that is none
        return None


_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST_SPAN = timedelta(days=365)


def span_of_ttl(minutes: str) -> timedelta | None:
    """How long RSS's `ttl` says that the feed may be kept without asking again.

    >>> span_of_ttl(" 90 "), span_of_ttl("0"), span_of_ttl("soon")
    (datetime.timedelta(seconds=5400), None, None)
    """
    count = _number(minutes)
    return min(timedelta(minutes=count), _LONGEST_SPAN) if count else None


def span_of_period(period: str, frequency: str) -> timedelta | None:
    """How often `sy:updatePeriod` and `sy:updateFrequency` say that the feed changes.

    >>> span_of_period("daily", "4"), span_of_period("daily", ""), span_of_period("always", "1")
    (datetime.timedelta(seconds=21600), datetime.timedelta(days=1), None)
    """
    span = _PERIODS.get(period.strip().lower())
    return span / (_number(frequency) or 1) if span else None


def _number(text: str) -> int:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else 0
