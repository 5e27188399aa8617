"""Moments and spans as feeds write them -> aware UTC, or None where they cannot be meant."""

import calendar
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_YEARS = range(1990, 2100)  # the web is not older; 1970 and 0001 are zeros, 9999 is "never"


def from_struct(moment: time.struct_time | None) -> datetime | None:
    """The moment that feedparser read, which is in UTC.

    >>> from_struct(time.gmtime(0)) is None
    True
    """
    if moment is None or moment.tm_year not in _YEARS:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC)
    except (OverflowError, ValueError):
        return None


def from_text(text: str) -> datetime | None:
    """The moment that JSON Feed's RFC 3339 text names; the dates of mails are understood too.

    >>> from_text("2026-11-20T08:30:00+01:00").isoformat()
    '2026-11-20T07:30:00+00:00'
    """
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text.strip()[:60])
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except (OverflowError, ValueError):
            continue
        return moment if moment.year in _YEARS else None
    return None


_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST = timedelta(days=365)


def span_of_ttl(minutes: str) -> timedelta | None:
    """How long RSS's `ttl` says that the feed may be kept without asking again.

    >>> span_of_ttl(" 90 "), span_of_ttl("0"), span_of_ttl("soon")
    (datetime.timedelta(seconds=5400), None, None)
    """
    count = _number(minutes)
    return min(timedelta(minutes=count), _LONGEST) if count else None


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
