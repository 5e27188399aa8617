"""The small words of schedules.yaml - durations, times, addresses - and what they mean.

Each function takes what the file says and gives the value, or raises InvalidValueError.
"""

import re
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.config.values import timezones
from dispatch.model.intake.feed import EVERYTHING, NOTHING, Backfill

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
DURATION = re.compile(r"([0-9]{1,4}) ?([mhd])")
LONG_TIME = re.compile(r"([0-9]{1,4}) ?(d|days?|months?|y|years?)")
CLOCK_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
SELECTOR = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
SHARE = re.compile(r"([0-9]{1,3}(\.[0-9]{1,2})?) ?%")
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?")

SLOWEST, FASTEST = 0.01, 10_000
"""Messages a second that a pace may be: less is better said by the day; moments are kept to the
microsecond, which is exact enough for so many."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def name(text: str) -> str:
    """A name people give: it becomes part of file names and addresses, so only simple signs."""
    if NAME.fullmatch(text):
        return text
    advice = "use lower-case letters, digits, - and _, 64 at most, and begin with a letter or digit"
    raise InvalidValueError(f"{quoted(text)} cannot be a name", advice)


def line_of_text(text: str) -> str:
    """A text that is shown, and becomes part of a mail's header."""
    if not text.strip():
        raise InvalidValueError("is empty", "write a text or remove the line")
    if len(text.strip().splitlines()) > 1:
        raise InvalidValueError("has a line break", "write one line")
    if len(text) > 200:
        raise InvalidValueError("is too long", "write one line of 200 characters at most")
    return text.strip()


def duration(value: Any) -> timedelta:
    """A number of minutes, hours or days.

    >>> duration("90m")
    datetime.timedelta(seconds=5400)
    """
    if isinstance(value, timedelta):
        return value
    found = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        problem = f"{quoted(value)} is not a length of time"
        raise InvalidValueError(problem, "write a number and m, h or d, such as 30m, 6h or 2d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def long_time(value: Any) -> timedelta:
    """A number of days, months or years; a month is a twelfth of a year, which has 365 days.

    >>> long_time("2 years").days, long_time("18 months").days, long_time("90d").days
    (730, 547, 90)
    """
    if isinstance(value, timedelta):
        return value
    found = LONG_TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        problem = f"{quoted(value)} is not a length of time"
        raise InvalidValueError(problem, "write a number and its unit: 90 days, 18 months, 2 years")
    number, unit = int(found[1]), found[2][0]
    return timedelta(days=number * {"d": 1.0, "m": 365 / 12, "y": 365.0}[unit])


def clock_time(value: Any) -> time:
    """A local time in hours and minutes, to 24."""
    if isinstance(value, int | float):
        # In older YAML an unquoted 09:00 is the number 540.
        raise InvalidValueError(f"is the number {value}", 'write the time in quotes: at: "09:00"')
    found = CLOCK_TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        problem = f"{quoted(value)} is not a time of day"
        raise InvalidValueError(problem, 'write hours and minutes in quotes: at: "09:00"')
    return time(int(found[1]), int(found[2]))


def backfill(value: Any) -> Backfill:
    """What the first poll of a feed takes.

    >>> str(backfill("since 2026-01-31"))
    'since 2026-01-31'
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100_000:
        return Backfill(newest=value)
    text = value.strip().lower() if isinstance(value, str) else ""
    if text in {"none", "all"}:
        return NOTHING if text == "none" else EVERYTHING
    if found := re.fullmatch(r"since\s+(\d{4}-\d\d-\d\d)", text, re.ASCII):
        try:
            return Backfill(since=datetime.fromisoformat(found[1]).replace(tzinfo=UTC))
        except ValueError:
            raise InvalidValueError(f"there is no day {found[1]}", "check the date") from None
    problem = f"{quoted(value)} is not an amount of posts"
    raise InvalidValueError(problem, "write none, all, a number such as 5, or since 2026-01-31")


def at_most(value: Any) -> int | None:
    """How many posts; None for the word none, which means no limit."""
    if isinstance(value, str) and value.strip().lower() == "none":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise InvalidValueError(f"{quoted(value)} is not a number of posts", "write 1 or more, or none")


def rate(value: Any) -> float:
    """How many messages a second."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and SLOWEST <= value <= FASTEST:
        return float(value)
    problem = f"{quoted(value)} is not a number of messages a second"
    raise InvalidValueError(problem, f"write a number from {SLOWEST} to {FASTEST}, such as 50")


def share(value: Any) -> float:
    """A part of the whole; 1.0, which nothing exceeds, for the word never.

    >>> share("10%")
    0.1
    """
    if isinstance(value, str) and value.strip().lower() == "never":
        return 1.0
    found = SHARE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found and 0 < float(found[1]) <= 100:
        return float(found[1]) / 100
    raise InvalidValueError(f"{quoted(value)} is not a share", "write it such as 10%, or never")


def channels(value: Any) -> tuple[str, ...]:
    """One name, or several in the order in which they are to be used."""
    names = value if isinstance(value, list) and value else [value]
    if not all(isinstance(one, str) for one in names):
        raise InvalidValueError("must be a channel", "write its name, or several: [mail, backup]")
    return tuple(map(name, names))


def people(value: Any) -> tuple[str, ...]:
    """One name of a person, or several."""
    names = value if isinstance(value, list) and value else [value]
    if not all(isinstance(one, str) for one in names):
        raise InvalidValueError("must be a name", "write it, or several: [marie, jean]")
    return tuple(map(line_of_text, names))


def addresses(value: Any) -> tuple[str, ...]:
    """One e-mail address, or several, each once.

    >>> addresses(["Marie@example.org", "marie@example.org"])
    ('Marie@example.org',)
    """
    written = value if isinstance(value, list) and value else [value]
    if not all(isinstance(one, str) for one in written):
        advice = "write it, or several: [marie@example.org, jean@example.org]"
        raise InvalidValueError("must be an e-mail address", advice)
    found: dict[str, str] = {}
    for address in map(checked_address, written):
        found.setdefault(address.casefold(), address)
    return tuple(found.values())


timezone = timezones.timezone


@lru_cache(maxsize=2048)
def locale(text: str) -> str:
    """A language and perhaps a country, in the spelling fr-CA."""
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415 - only where one is given

    tag = text.strip().replace("_", "-")
    try:
        found = Locale.parse(tag, sep="-") if LOCALE.fullmatch(tag) else None
    except (UnknownLocaleError, ValueError):
        found = None
    if found is None:
        problem = f"unknown language {quoted(text)}"
        raise InvalidValueError(problem, "write a code such as fr, en or fr-CA")
    return str(found).replace("_", "-")


def web_address(text: str) -> str:
    """An http or https address with a host and without a password."""
    address = text.strip()
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if usable and "@" in parts.netloc:
        # Not quoted: it holds a password.
        raise InvalidValueError(
            "the address contains a user name or password", "secrets are not written in this file"
        )
    if not usable or re.search(r"[\s<>\"\x00-\x1f\x7f-\x9f]", address):
        problem = (
            f"{quoted(address)} is not a web address"
            if "@" not in address
            else "is not a web address"
        )
        raise InvalidValueError(problem, "write it with https://, such as https://example.org")
    return address


def mail_domain(text: str) -> str:
    """What stands behind the @ of addresses, in lower case; international ones in punycode."""
    try:
        address = checked_address(f"postmaster@{text.strip()}")
    except InvalidValueError:
        problem = f"{quoted(text)} is not a domain"
        raise InvalidValueError(problem, "write it such as example.org") from None
    return address.rpartition("@")[2].lower()


def selector(text: str) -> str:
    """The name of a DKIM key below its domain; parts with dots between them (RFC 6376, 3.1)."""
    if all(map(SELECTOR.fullmatch, text.strip().split("."))):
        return text.strip()
    problem = f"{quoted(text)} cannot be a selector"
    raise InvalidValueError(problem, "use letters, digits and -, such as news")


def feed_address(text: str) -> str:
    """A web address, or `file:` and a path inside the workspace."""
    if not text.strip().startswith("file:"):
        return web_address(text)
    address = text.strip()
    path = PurePosixPath(address.removeprefix("file:"))
    if path.is_absolute() or ".." in path.parts or "\\" in address or path == PurePosixPath():
        raise InvalidValueError(
            f"{quoted(address)} is not a file of this workspace",
            "write its path from the folder of schedules.yaml, such as file:feeds/blog.xml",
        )
    return address


def public_address(text: str) -> str:
    """The address readers' links begin with, without a slash at its end."""
    address = web_address(text)
    if "?" in address or "#" in address:
        raise InvalidValueError(f"{quoted(address)} has more than a path", "end it before ? or #")
    return address.rstrip("/")
