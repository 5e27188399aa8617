"""The calendar as a file (iCalendar, RFC 5545), for programs that ask for it now and then."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from dispatch.model.editions.letter import LETTERS
from dispatch.version import __version__
from dispatch.web.team.days import PLANNED, Event
from dispatch.web.team.visit import Visit

MOST_OCTETS = 75
"""Of a line; a longer one goes on in the next, after a space."""

LASTS = timedelta(minutes=15)
"""So that it can be seen: sending has no end that is known before."""

_ASK_AGAIN = "PT1H"


def calendar_file(visit: Visit, events: Iterable[Event]) -> str:
    """All of it, with lines as the RFC wants them."""
    name = visit.app.workspace.publisher.sender.name or "dispatch"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//dispatch//dispatch {__version__}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_ASK_AGAIN}",
        *(line for event in events for line in _event(visit, event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(visit: Visit, event: Event) -> Iterator[str]:
    state = visit.words(f"state.{event.state.replace(' ', '_')}")
    title = f"{event.title} ×{event.number}" if event.number else event.title
    url = f"{visit.app.workspace.publisher.public_url}/team{event.href}"
    named = f"{event.campaign} {event.channel} {event.moment.isoformat()}"
    if event.campaign == LETTERS:  # two may leave at the same moment, and one may be moved
        named = event.href
    yield "BEGIN:VEVENT"
    yield f"UID:{sha256(named.encode()).hexdigest()[:32]}@dispatch"
    yield f"DTSTAMP:{_moment(visit.now)}"
    yield f"DTSTART:{_moment(event.moment)}"
    yield f"DTEND:{_moment(event.moment + LASTS)}"
    yield f"SUMMARY:{_text(f'{title} ({state})')}"
    if event.why:
        yield f"DESCRIPTION:{_text(event.why.striptags())}"
    yield f"URL:{url}"
    yield f"STATUS:{_status(event)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _status(event: Event) -> str:
    if not event.is_coming:
        return "CANCELLED"
    return "TENTATIVE" if event.state == PLANNED else "CONFIRMED"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    r"""A value with what has a meaning there made harmless.

    >>> print(_text("Ada; Jean, both"))
    Ada\; Jean\, both
    """
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """A line in pieces of so many octets, none of which cuts a letter."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > MOST_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])
