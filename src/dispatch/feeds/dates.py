"""Moments as feeds write them -> aware UTC, or None where they cannot be meant."""

import calendar
import time
from datetime import UTC, datetime
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
