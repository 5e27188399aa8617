"""Events as they can be kept, whatever a provider or a mail server wrote into them."""

import hashlib
from dataclasses import fields, replace
from datetime import UTC, datetime

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.model.delivery.event import Event
from dispatch.model.text.plain_text import printable

SHORT, ADDRESS, LONG = 200, 320, 2_000
"""Characters of an id or a word, of an address (RFC 3696, errata 1690), and of what is said."""

_FIRST_YEAR = 2000


def clean(event: Event) -> Event:
    """An event in texts that a database takes, of a length that one can show."""
    return replace(
        event,
        id=event_id(event),
        provider_id=printable(event.provider_id)[:SHORT],
        recipient=spelled(printable(event.recipient).strip()[:ADDRESS]),
        said=printable(event.said)[:SHORT],
        reason=printable(event.reason)[:LONG],
        url=printable(event.url)[:LONG],
    )


def spelled(address: str) -> str:
    """An address as those of readers are written; what is none stays as it is.

    >>> spelled("Ada@müller.example")
    'Ada@xn--mller-kva.example'
    """
    try:
        return checked_address(address)
    except InvalidValueError:
        return address


def event_id(event: Event) -> str:
    """The provider's id of an event, or what stands for it: a digest of all that it tells."""
    if event.id:
        kept = printable(event.id)
        return kept if 0 < len(kept) <= SHORT else _digest(event.id)
    parts = (getattr(event, one.name) for one in fields(event))  # also whether it is permanent
    return _digest("\0".join(map(str, parts)))


def moment_of(event: Event, now: datetime) -> datetime:
    """When it happened: now, where that is not told, or cannot be.

    >>> from dispatch.model.delivery.event import EventKind
    >>> now = datetime(2026, 11, 30, tzinfo=UTC)
    >>> moment_of(Event(kind=EventKind.OTHER, at=datetime(1, 1, 1, tzinfo=UTC)), now).year
    2026
    """
    at = event.at
    if at is None or at.year < _FIRST_YEAR:
        return now
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), now)


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
