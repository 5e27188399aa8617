"""What a mail that came back is, and what it tells of which of our mails."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from dispatch.channels.bounces.addresses import addresses_in, tokens_in
from dispatch.channels.bounces.complaint import fates_of as complaints_of
from dispatch.channels.bounces.complaint import microsofts, senders_in
from dispatch.channels.bounces.complaint import report_in as complaint_in
from dispatch.channels.bounces.fate import Fate
from dispatch.channels.bounces.original import Original, enclosed_in, message_ids_in, original_in
from dispatch.channels.bounces.parts import Part, read_parts
from dispatch.channels.bounces.prose import fates_in, prose_of
from dispatch.channels.bounces.status import (
    fate_of,
    groups_in,
    moment,
    moment_in,
    senders_of,
)
from dispatch.channels.bounces.writer import (
    asks_to_leave,
    is_automatic,
    is_daemon,
    is_from_server,
    is_spam,
)
from dispatch.model.delivery.event import Event

MOST_SUBJECT = 500
MOST_WAYS = 20

STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
RECEIPTS = frozenset(
    {"message/disposition-notification", "message/global-disposition-notification"}
)

_FOR = re.compile(r"\bfor <?([^\s<>;]{3,250}@[^\s<>;]{1,250})")
_ADDRESSED = (
    "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to",
    "x-rcpt-to", "x-forwarded-to", "to", "cc", "apparently-to",
)  # fmt: skip
"""Headers that tell whom a mail came to, those that servers write first."""


class Kind(StrEnum):
    """What kind of mail it is. Only the first two tell how a mail of ours fared."""

    REPORT = "report"  # how a mail fared at its recipients: bounced, delayed, or even delivered
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    AUTOMATIC = "automatic answer"
    RECEIPT = "receipt"  # it was displayed, or deleted: nothing about how it was delivered
    REPORT_OF_REPORT = "report of a report"  # what bounced was no mail of ours
    SPAM = "spam"  # a filter has marked it so
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One mail out of the mailbox, read.

    `id` is the same whenever the same bytes are read. `at` is when what is told happened, or the
    mail's own date; None where neither can be read, and never believed blindly: it is what others
    write. `fates` is empty unless `kind` is REPORT or COMPLAINT, so that nothing else has effects.

    Two ways lead to the delivery, independently: `tokens`, in the order of how much they can be
    trusted, are what stands behind the first "+" of the addresses that this mail came to (and that
    ours had as sender), in lower case; `message_ids`, without brackets, are those of the mail that
    is enclosed, our own form or not. Neither is proof: whoever reads them checks the token's
    signature. `sender` is who wrote this mail, as an address in lower case, empty where that is
    nobody; `to` the addresses that it came to.
    """

    kind: Kind
    id: str
    at: datetime | None = None
    sender: str = ""
    subject: str = ""
    to: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    fates: tuple[Fate, ...] = ()

    def events(self, delivery: str = "", recipient: str = "") -> tuple[Event, ...]:
        """What it tells as events of the delivery that one of the ways has led to.

        `recipient` is whom that delivery went to. What a report says of others beside them is of no
        delivery. Where it names others alone, theirs is where the mail was forwarded to: then the
        recipient's address is as dead as all of those, if the mail was returned. Without that they
        may be others of whom somebody writes.
        """
        named = [fate for fate in self.fates if recipient and fate.names(recipient)]
        theirs = named or self.fates
        dead = bool(named) or self._is_dead_elsewhere()
        return tuple(
            Event(
                kind=fate.kind,
                id=f"{self.id}.{number}",
                at=self.at,
                delivery=delivery if fate in theirs else "",
                recipient=(recipient if fate in theirs else "") or fate.recipient or fate.final,
                permanent=fate.permanent and (dead or not recipient),
                said=fate.said,
                reason=fate.reason,
            )
            for number, fate in enumerate(self.fates)
        )

    def _is_dead_elsewhere(self) -> bool:
        names_nobody = not any(fate.recipient or fate.final for fate in self.fates)
        returned = bool(self.message_ids) or names_nobody
        return returned and all(fate.permanent for fate in self.fates)


def read_mail(raw: bytes) -> Returned:
    """What a mail is and tells, whatever it is made of: this raises nothing, and takes no network.

    Of a large mail only the beginning of each part is read; see the limits in `parts.py`.
    """
    lines = raw.replace(b"\r\r\n", b"\n")  # what came through one program too many
    mail = read_parts(lines if b"\n" in lines else lines.replace(b"\r", b"\n"))
    original = original_in(mail)
    addressed = addresses_in(mail.fields(*_ADDRESSED))
    told = _told(mail, original, addressed)
    received = [found for one in mail.fields("received")[:20] for found in _FOR.findall(one)]
    ways = [*addressed, *told.senders, *original.senders, *received]
    answered = message_ids_in(mail.fields("in-reply-to", "references"))
    return Returned(
        kind=told.kind,
        id=hashlib.sha256(raw).hexdigest()[:32],
        at=told.at or moment(mail.field("date")),
        sender=next(iter(addresses_in([mail.field("from")])), "").lower(),
        subject=mail.field("subject")[:MOST_SUBJECT],
        to=tuple(addressed),
        tokens=tuple(tokens_in(ways))[:MOST_WAYS],
        message_ids=tuple(dict.fromkeys((*original.message_ids, *answered)))[:MOST_WAYS],
        fates=told.fates,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    kind: Kind
    fates: tuple[Fate, ...] = ()
    at: datetime | None = None
    senders: tuple[str, ...] = ()


def _told(mail: Part, original: Original, addressed: Sequence[str]) -> _Told:
    """What a mail is: by what it is made of first, then by who writes, then by what it says."""
    told = (
        _complaint(mail, original)
        or _report(mail, original)
        or _wrapped(mail, addressed)
        or _receipt(mail, original, addressed)
    )
    if told:
        return told
    if asks_to_leave(mail):
        return _Told(Kind.UNSUBSCRIBE)
    if is_spam(mail):
        return _Told(Kind.SPAM)
    if _is_made_as_report(mail) or is_from_server(mail):
        fates = fates_in(mail, original, addressed)
        if fates:
            return _of_report(fates, original)
    return _Told(Kind.AUTOMATIC if is_automatic(mail) else Kind.ORDINARY)


def _complaint(mail: Part, original: Original) -> _Told | None:
    report = complaint_in(mail)
    if report is None:
        fates = microsofts(mail)
        return _Told(Kind.COMPLAINT, fates) if fates else None
    return _Told(Kind.COMPLAINT, complaints_of(report, original), senders=tuple(senders_in(report)))


def _report(mail: Part, original: Original) -> _Told | None:
    """A report with fields, of a mail server: whoever passes one on by hand is none."""
    texts = [part.text for part in mail.walk() if part.type in STATUS]
    groups = [group for text in texts for group in groups_in(text)]
    if not groups or not (_is_made_as_report(mail) or is_from_server(mail)):
        return None
    prose = prose_of(mail)
    known = addresses_in(mail.fields("x-failed-recipients")) or original.recipients
    only = known[0] if len(known) == 1 else ""
    each = (fate_of(group, prose, only) for group in groups)
    fates = {(one.kind, one.recipient): one for one in each}
    told = _of_report(tuple(fates.values()), original)
    return replace(told, at=moment_in(groups), senders=tuple(senders_of("\n".join(texts))))


def _is_made_as_report(mail: Part) -> bool:
    """Whether it has the form, also where a list or a filter has put something around it."""
    return any(
        part.type == "multipart/report"
        and part.parameter("report-type").lower() in {"", "delivery-status"}
        for part in mail.walk()
    )


def _wrapped(mail: Part, addressed: Sequence[str]) -> _Told | None:
    """A report that a filter on the way has put into a mail of its own, to the same address."""
    enclosed = enclosed_in(mail) if is_daemon(mail) else None
    if enclosed is None or not {*addressed} & {*addresses_in(enclosed.fields("to"))}:
        return None
    return _report(enclosed, original_in(enclosed))


def _receipt(mail: Part, original: Original, addressed: Sequence[str]) -> _Told | None:
    """That a mail was displayed; or a rule of the recipient's that turned it down (RFC 5429)."""
    if not any(part.type in RECEIPTS for part in mail.walk()):
        return None
    rejected = is_daemon(mail) and "reject" in mail.field("subject").lower()
    fates = fates_in(mail, original, addressed) if rejected else ()
    soft = tuple(replace(one, permanent=False) for one in fates)
    return _of_report(soft, original) if soft else _Told(Kind.RECEIPT)


def _of_report(fates: tuple[Fate, ...], original: Original) -> _Told:
    return _Told(Kind.REPORT_OF_REPORT) if original.is_report else _Told(Kind.REPORT, fates)
