"""Reports that only say in words what became of a mail, as servers did before RFC 3464.

flufl.bounce knows many of them (docs/adr/0105); what it does not know is read by what all have in
common: somebody signs as a mail server, says that mail did not arrive, and names an address.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from dispatch.channels.bounces.addresses import addresses_in
from dispatch.channels.bounces.dead import failure, is_dead
from dispatch.channels.bounces.fate import Fate
from dispatch.channels.bounces.known import known_failures
from dispatch.channels.bounces.original import Original
from dispatch.channels.bounces.parts import Part
from dispatch.channels.bounces.said import words_about
from dispatch.channels.bounces.status import MOST_REASON, fate_of, groups_in
from dispatch.channels.bounces.writer import SPEAKS, is_daemon, tells_of_delivery
from dispatch.model.delivery.event import EventKind
from dispatch.model.text.plain_text import one_line, shorten

MOST_PROSE = 16 * 1024
MOST_LINE = 1000

_ORIGINAL_BEGINS = re.compile(
    r"^[ \t>*=_#|-]{0,80}("
    r"(this is a copy of|a copy of|here is a copy|below (this line )?is a copy|the header of)"
    r"|(original|returned|unsent|old|forwarded|non-delivered|start of (the )?(original|returned)"
    r"|header of the source) (e?-?mail|message)s?( (follows|header|attached|details)| ?[-:=*]|$)"
    r"|(the )?original (message|mail)|message headers? follow|the header and top"
    r"|元のメッセージ|オリジナル|исходное (сообщение|письмо)|originalnachricht|message d'origine"
    r"|mensaje original|原始邮件|原邮件(?!信息)"
    r")",
    re.IGNORECASE | re.MULTILINE,
)
_ALONE = re.compile(
    r"^[ \t\"'*<-]{0,20}[^\s<>@]{1,100}@[^\s<>@]{1,200}[\">':;, ]{0,5}(<[^\s<>]{0,300}>)?$",
    re.MULTILINE,
)
_QUOTED = re.compile(r"[ \t]?(>(?!>>)|\|)")  # ">>>" is what a server said to another one
_HEADER_BLOCK = re.compile(
    r"^(received|return-path|content-type|mime-version):[ \t]", re.IGNORECASE | re.MULTILINE
)
_NO_RECIPIENT = re.compile(
    r"^(mailer-?daemon|postmaster|abuse|helpdesk|support|noc|hostmaster)@", re.IGNORECASE
)
_SENDERS = re.compile(
    r"^[ \t]*((original )?sender|from|reply-to|absender|von|de|expéditeur|mittente|remitente"
    r"|差出人|送信者|отправитель|от|发件人)\b[^\n:]{0,20}:.*$",
    re.IGNORECASE | re.MULTILINE,
)
_WAITS = re.compile(
    r"not yet been delivered|will (continue|be (retried|repeated))|still being retried|delayed"
    r"|delivery attempts will continue|no action is required|do not (need to )?resend|postponed"
    r"|noch nicht zugestellt|retardé|再送|遅延|повторн|задерж|稍后重试",
    re.IGNORECASE,
)


def fates_in(mail: Part, original: Original, ours: Iterable[str]) -> tuple[Fate, ...]:
    """How a mail fared, by what a server says in words; nothing where it does not say so.

    `ours` are the addresses that this mail came to: nobody's of whom it tells. Where it names
    nobody, there is one Fate without a recipient. Words say that an address is dead only where they
    name it, and a mail server signs them or has them in its known shape: phishing speaks alike.
    """
    prose = prose_of(mail)
    if not _speaks_of_delivery(mail, prose):
        return ()
    listed = [fate_of(one, prose) for one in groups_in(prose) if "final-recipient" in one]
    if listed and is_daemon(mail):  # else somebody may have pasted them
        return tuple(listed)
    known = {one.lower() for one in ours}
    waits, failed = known_failures(mail)
    sure = bool(failed) or is_daemon(mail) or mail.type == "multipart/report"
    if not (waits or failed):
        named = _named(mail, prose, original, known)
        waits, failed = (named, []) if _WAITS.search(prose) else ([], named)
    kinds = [
        *((EventKind.DEFERRED, one) for one in waits),
        *((EventKind.BOUNCED, one) for one in failed),
    ]
    fates = [_fate(kind, one, prose) for kind, one in kinds]
    return tuple(one if sure else replace(one, permanent=False) for one in fates)


def prose_of(mail: Part) -> str:
    """What a mail says for people, without what it quotes."""
    parts = [
        one for one in mail.walk() if one.type in {"text/plain", "text/html"} and not one.parts
    ]
    plain = [one.text for one in parts if one.type == "text/plain" and one.text.strip()]
    texts = plain or [one.text for one in parts]
    lines = "\n".join(texts[:5])[: 2 * MOST_PROSE].split("\n")
    text = "\n".join("" if _QUOTED.match(one) else one[:MOST_LINE] for one in lines)
    ends = [
        one.start() for one in (_ORIGINAL_BEGINS.search(text), _HEADER_BLOCK.search(text)) if one
    ]
    begin = min([one for one in ends if text[:one].strip()], default=len(text))
    return text[:begin][:MOST_PROSE]


def _speaks_of_delivery(mail: Part, prose: str) -> bool:
    """Whether a mail is a report at all, and not a ticket or the question of a person.

    A server says so in the subject or at once. Whoever does not sign as one has to say it in both,
    and to name an address on a line of its own.
    """
    in_text = bool(SPEAKS.search(prose[:MOST_LINE]))
    if is_daemon(mail):
        return tells_of_delivery(mail) or in_text
    alone = _ALONE.search(prose)
    return mail.type == "multipart/report" or bool(in_text and alone)


def _fate(kind: EventKind, recipient: str, prose: str) -> Fate:
    words = words_about(recipient, prose)
    failed = failure("", words)
    return Fate(
        kind=kind,
        recipient=recipient,
        permanent=kind is EventKind.BOUNCED and bool(words and recipient) and is_dead(failed),
        status=failed.status,
        said="delayed" if kind is EventKind.DEFERRED else "failed",
        reason=shorten(one_line(words), MOST_REASON),
    )


def _named(mail: Part, prose: str, original: Original, ours: set[str]) -> list[str]:
    """Whom a report names: by its header, else whom the mail went to, else who stands in it."""
    listed = addresses_in(mail.fields("x-failed-recipients"))
    if listed:
        return listed
    found = [one for one in addresses_in([_SENDERS.sub("", prose)]) if one.lower() not in ours]
    sent_to = {one.lower() for one in original.recipients}
    only = list(original.recipients) if len(original.recipients) == 1 else []
    people = [one for one in found if not _NO_RECIPIENT.match(one)]
    return [one for one in found if one.lower() in sent_to] or people[:1] or only or [""]
