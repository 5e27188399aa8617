"""How much is kept of an event: what providers pass on is written by strangers' mail servers."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from dispatch.model.delivery.event import Event
from dispatch.model.text.cutting import cut
from dispatch.model.text.plain_text import printable

LONGEST_ID = 200
"""Characters of an event's id, a message's, or a word: both databases can look all of them up."""

LONGEST_ADDRESS = 320
"""As no mail address is longer (RFC 5321, 4.5.3.1)."""

LONGEST_TEXT = 2_000
"""Of a reason, and of a link that was clicked."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""What is said to be older was said by no clock."""


def fitted(event: Event) -> Event:
    r"""The event as both databases can keep it, the same for the same event each time.

    Characters that are none go, texts are cut, and of an id that is too long a digest stays.

    >>> from dispatch.model.delivery.event import EventKind
    >>> fitted(Event(kind=EventKind.BOUNCED, reason="550 no\x00 such user")).reason
    '550 no such user'
    """
    at = event.at
    if at is not None:
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        at = at if at >= EARLIEST else None
    return replace(
        event,
        id=_id(event.id),
        at=at,
        delivery=_id(event.delivery),
        provider_id=_id(event.provider_id),
        recipient=printable(event.recipient)[:LONGEST_ADDRESS],
        said=cut(printable(event.said), LONGEST_ID),
        reason=cut(printable(event.reason), LONGEST_TEXT),
        url=printable(event.url)[:LONGEST_TEXT],
    )


def _id(text: str) -> str:
    plain = printable(text)
    if len(plain) <= LONGEST_ID:
        return plain
    return "sha256:" + hashlib.sha256(plain.encode()).hexdigest()
