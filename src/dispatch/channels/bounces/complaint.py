"""What a mailbox provider passes on when somebody calls a mail spam (RFC 5965, and Microsoft's)."""

import re

from dispatch.channels.bounces.addresses import addresses_in, typed_address
from dispatch.channels.bounces.fate import Fate
from dispatch.channels.bounces.original import Original, enclosed_in
from dispatch.channels.bounces.parts import Part
from dispatch.channels.bounces.status import MOST_REASON
from dispatch.model.delivery.event import EventKind
from dispatch.model.text.plain_text import one_line, shorten

_COMPLAINTS = frozenset(
    {"abuse", "fraud", "opt-out", "opt-out-list", "complaint", "miscategorized"}
)
"""The others tell of failed checks (RFC 6591), of a virus, or that it was no spam after all."""

_MICROSOFT = re.compile(r"@(hotmail|live|outlook|microsoft)\.com>?$", re.IGNORECASE)
_MICROSOFTS = "x-hmxmroriginalrecipient"


def report_in(mail: Part) -> Part | None:
    """The part of a mail that makes it a complaint."""
    return next((part for part in mail.walk() if part.type == "message/feedback-report"), None)


def fates_of(report: Part, original: Original) -> tuple[Fate, ...]:
    """Who has complained, as far as the provider tells; one without a name where it does not."""
    fields = _fields(report.text)
    said = next(iter(fields.get("feedback-type", [])), "").lower()
    complained = said in _COMPLAINTS
    named = [*fields.get("original-rcpt-to", []), *fields.get("removal-recipient", [])]
    people = list(dict.fromkeys(one for value in named if (one := typed_address(value))))
    agent = next(iter(fields.get("user-agent", [])), "")
    return tuple(
        Fate(
            kind=EventKind.COMPLAINED if complained else EventKind.OTHER,
            recipient=one,
            said=shorten(one_line(said), 60),
            reason=shorten(one_line(f"{said} {agent}"), MOST_REASON),
        )
        for one in (people or list(original.recipients[:1]) or [""])
    )


def microsofts(mail: Part) -> tuple[Fate, ...]:
    """A complaint as Outlook.com passes it on: the mail itself, and whom it went to in a header."""
    enclosed = enclosed_in(mail) if _MICROSOFT.search(mail.field("from")) else None
    people = addresses_in(enclosed.fields(_MICROSOFTS)) if enclosed else []
    return tuple(
        Fate(kind=EventKind.COMPLAINED, recipient=one, said="complaint", reason="Outlook.com JMRP")
        for one in people[:1]
    )


def senders_in(report: Part) -> list[str]:
    """From whom the mail came, by the report."""
    return addresses_in(_fields(report.text).get("original-mail-from", []))


def _fields(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.split("\n")[:500]:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), []).append(value.strip())
    return found
