"""What a call says, read from JSON that may be anything: nothing here raises."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.errors import MessageError
from email.utils import parseaddr
from typing import Any

MOST_SIGNS = 1000
"""How much of one text is kept: of what a mail server said, the beginning tells."""


def value_at(data: Any, *path: str | int) -> Any:
    """What stands at a path of keys and places; None where there is nothing.

    >>> value_at({"mail": {"to": ["ada@example.org"]}}, "mail", "to", 0)
    'ada@example.org'
    """
    for step in path:
        if isinstance(step, str):
            data = data.get(step) if isinstance(data, dict) else None
        else:
            data = data[step] if isinstance(data, list) and step < len(data) else None
    return data


def text_at(data: Any, *path: str | int) -> str:
    """The text or number at a path as text which every database takes; empty for all else.

    >>> text_at({"code": 550}, "code"), text_at({"code": ["550"]}, "code")
    ('550', '')
    """
    found = value_at(data, *path)
    if isinstance(found, str):
        return clean(found)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return ""
    if isinstance(found, int) and found.bit_length() > 64:  # more digits than Python writes
        return ""
    return str(found)


def first_at(data: Any, *paths: str | tuple[str | int, ...]) -> str:
    """The first text or number at one of several paths, where versions of a service differ.

    >>> first_at({"data": {"recipient": "", "to": "ada@example.org"}}, "to", ("data", "to"))
    'ada@example.org'
    """
    found = (text_at(data, *((one,) if isinstance(one, str) else one)) for one in paths)
    return next(filter(None, found), "")


def clean(text: str) -> str:
    """At most MOST_SIGNS of it, without what PostgreSQL or UTF-8 have no place for."""
    if text.isprintable() and len(text) <= MOST_SIGNS:
        return text.strip()
    short = text[:MOST_SIGNS].replace("\0", "").strip()
    return short if short.isascii() else short.encode("utf-8", "replace").decode("utf-8")


def objects_at(data: Any, *path: str | int) -> list[Mapping[str, Any]]:
    """The objects in the list at a path, without what else is in it; one that stands alone, too."""
    found = value_at(data, *path)
    if isinstance(found, dict):
        return [found]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def address_at(data: Any, *path: str | int) -> str:
    """The address at a path, without the name that may stand before it.

    >>> address_at({"to": ["Ada <ada@example.org>"]}, "to", 0)
    'ada@example.org'
    """
    text = text_at(data, *path)
    if "<" not in text:
        return text
    try:
        return parseaddr(text)[1] or text
    except (MessageError, ValueError, IndexError):
        return text


def unix_moment(given: object) -> datetime | None:
    """Seconds since 1970, as a number or in digits; None where that is no moment."""
    try:
        return datetime.fromtimestamp(float(str(given)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def iso_moment(given: object) -> datetime | None:
    """A moment as ISO 8601; without a zone it is UTC. None where that is no moment."""
    try:
        found = datetime.fromisoformat(str(given).strip())
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def delivery_in_tag(tag: str) -> str:
    """The id of a message that went along as a tag, where a full stop is written as `_`.

    >>> delivery_in_tag("42ab_7")
    '42ab.7'
    """
    return re.sub(r"_(?=[^_]*\Z)", ".", tag)
