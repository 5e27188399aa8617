"""How long a server asks us to wait, by Retry-After (RFC 9110, 10.2.3) or a header of its own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=7)
"""A wait beyond this is a mistake of the service, or a date in another unit."""

EPOCH_FROM = 1_000_000_000
"""A number from here on is a moment in seconds since 1970 (here: 2001), below it a duration."""


def retry_after(
    headers: Mapping[str, str], *, now: datetime, reset_header: str = ""
) -> timedelta | None:
    """How long to wait, by Retry-After or the service's own `reset_header`; None where none says.

    Both may be seconds, a moment in seconds since 1970, an HTTP date or an ISO 8601 moment;
    a moment in the past is no wait at all.
    """
    for name in ("Retry-After", reset_header):
        text = headers.get(name, "") if name else ""
        wait = _wait(text.strip(), now)
        if wait is not None:
            return min(max(wait, timedelta(0)), LONGEST)
    return None


def _wait(text: str, now: datetime) -> timedelta | None:
    try:
        number = float(text)
    except ValueError:
        moment = _moment(text)
        return moment - now if moment else None
    if not 0 <= number < 1e11:  # also not a number
        return LONGEST if text.isascii() and text.isdigit() else None
    if number >= EPOCH_FROM:
        return datetime.fromtimestamp(number, UTC) - now
    return timedelta(seconds=number)


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, OverflowError):  # the latter for a year of many digits
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
