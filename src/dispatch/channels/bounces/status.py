"""What a report says field by field (RFC 3464, RFC 6533), and how what it says is meant."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dispatch.channels.bounces.addresses import addresses_in, typed_address
from dispatch.channels.bounces.dead import failure, is_dead
from dispatch.channels.bounces.decoding import header_text
from dispatch.channels.bounces.fate import Fate
from dispatch.channels.bounces.said import words_about
from dispatch.model.delivery.event import EventKind
from dispatch.model.text.plain_text import one_line, shorten

MOST_RECIPIENTS = 200
MOST_REASON = 500

Group = dict[str, str]
"""The fields of one recipient, by their names in small letters."""

_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:[ \t]*(.*)")
_OF_TYPE = re.compile(r"^\s*[a-z0-9-]{1,30}\s*;\s*", re.IGNORECASE)
_NUMBERS = re.compile(r"^[\d.\s(]+")
_OPENS = ("original-recipient", "final-recipient")
_SAYS = ("action", "status", "diagnostic-code")

_ACTIONS = {
    "fail": EventKind.BOUNCED,
    "error": EventKind.BOUNCED,  # OpenSMTPD
    "undeliver": EventKind.BOUNCED,
    "delay": EventKind.DEFERRED,
    "warn": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "expand": EventKind.DELIVERED,  # it arrived, and went on to several (RFC 3464, 2.3.3)
    "relay": EventKind.OTHER,  # to a server that will report nothing
}
_CLASSES = {"2": EventKind.DELIVERED, "4": EventKind.DEFERRED, "5": EventKind.BOUNCED}


def groups_in(text: str) -> list[Group]:
    """What a report says of each recipient; those of the whole mail are in none.

    Empty lines part them, and so does a second recipient: some servers put empty lines elsewhere,
    or none.
    """
    groups: list[Group] = []
    group: Group = {}
    for name, value in _fields(text):
        recipient = name in _OPENS
        full = any(one in group for one in _OPENS) and any(one in group for one in _SAYS)
        if group and ((not name and full) or (recipient and name in group)):
            groups.append(group)
            group = {}
        if name:
            group.setdefault(name, value)
        if len(groups) >= MOST_RECIPIENTS:
            break
    groups.append(group)
    return [one for one in groups if any(name in one for name in (*_OPENS, "action"))]


def fate_of(group: Group, prose: str = "") -> Fate:
    """How a mail fared at one recipient; `prose` is what the report says for people, if anything.

    It is asked where the fields give no reason.
    """
    action = group.get("action", "").lower()
    original = typed_address(group.get("original-recipient", ""))
    final = typed_address(group.get("final-recipient", ""))
    said = header_text(group.get("diagnostic-code", "").encode())
    words = _OF_TYPE.sub("", said)
    status = group.get("status", "")
    failed = failure(status, words or _NUMBERS.sub("", status))
    if failed.status[1:] in {"", ".0.0", ".2.0"} and not words and prose:
        words = words_about(original or final, prose)
        failed = failure(failed.status, words)
    kind = _kind(action, failed.status)
    return Fate(
        kind=kind,
        recipient=original or final,
        final=final if original else "",
        permanent=kind is EventKind.BOUNCED and is_dead(failed),
        status=failed.status,
        said=shorten(one_line(action), 60),
        reason=shorten(one_line(words or status), MOST_REASON),
    )


def moment_in(groups: list[Group]) -> datetime | None:
    """When the last attempt was, as far as a report tells it."""
    return next((at for one in groups if (at := moment(one.get("last-attempt-date", "")))), None)


def senders_of(text: str) -> list[str]:
    """From whom the mail came, by what a report says of all of it."""
    named = [v for name, v in _fields(text) if name in {"x-postfix-sender", "original-envelope-id"}]
    return addresses_in(named)


def moment(date: str) -> datetime | None:
    """A date of a mail, in UTC; None where it cannot be read.

    >>> moment("Mon, 30 Nov 2026 10:00:00 +0100").isoformat()
    '2026-11-30T09:00:00+00:00'
    """
    try:
        at = parsedate_to_datetime(date[:100])
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Names and values, unfolded; an empty line is a field without a name."""
    name, value = "", ""
    for line in text.split("\n"):
        found = _FIELD.match(line)
        if name and not found and line[:1] in {" ", "\t"} and line.strip():
            value = f"{value} {line.strip()}"[:2000]
            continue
        if name:
            yield name, value
            name = ""
        if found:
            name, value = found[1].lower(), found[2].strip()
        elif not line.strip():
            yield "", ""
    if name:
        yield name, value


def _kind(action: str, status: str) -> EventKind:
    """What an action says; the number's class where it says nothing, or the two contradict."""
    said = next((kind for word, kind in _ACTIONS.items() if action.startswith(word)), None)
    by_class = _CLASSES.get(status[:1])
    if said is EventKind.DELIVERED and by_class not in {None, EventKind.DELIVERED}:
        return EventKind.OTHER
    if said is EventKind.BOUNCED and by_class is EventKind.DELIVERED:
        return EventKind.OTHER
    return said or (EventKind.OTHER if action else by_class or EventKind.OTHER)
