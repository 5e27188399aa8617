"""The mail that a report or a complaint has come back with: whose it was, and to whom it went."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.channels.bounces.addresses import addresses_in
from dispatch.channels.bounces.decoding import undone
from dispatch.channels.bounces.parts import MOST_HEAD, Part, read_head

HEADERS = frozenset(
    {"text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers",
     "message/global-headers", "text/global-headers"}
)  # fmt: skip
_SENDERS = (
    "return-path",
    "x-envelope-from",
    "x-envelope-sender",
    "x-original-return-path",
    "errors-to",
    "sender",
)
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,250})>")
_LINE = re.compile(
    r"^[> \t]{0,6}(message-id|return-path|to|x-failed-recipients)[ \t]*:[ \t]*(\S[^\n]{0,500}"
    r"|\n[ \t]+\S[^\n]{0,500})",
    re.IGNORECASE | re.MULTILINE,
)
_DAEMON = re.compile(r"mailer-?daemon@|mail delivery (sub)?system", re.IGNORECASE)
_ENVELOPE = re.compile(r"envelope-(?:from|sender) <?([^\s<>()]{3,250})>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Original:
    """What is known of the mail that came back; `is_report` where it was itself such a mail."""

    message_ids: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    is_report: bool = False


def original_in(mail: Part) -> Original:
    """What a mail encloses of another, as it is, as its header, or at the end of the text."""
    enclosed = enclosed_in(mail)
    return (
        _of_mail(enclosed)
        if enclosed
        else _of_text(part.text for part in mail.walk() if not part.parts)
    )


def enclosed_in(mail: Part) -> Part | None:
    """The first mail that a mail encloses, or its header."""
    for part in mail.walk():
        if part.enclosed is not None and part.enclosed.head:
            return part.enclosed
        if part.type in HEADERS:
            data = part.raw[part.start : min(part.end, part.start + MOST_HEAD)]
            return read_head(undone(data, part.encoding))
    return None


def is_report(mail: Part) -> bool:
    """Whether a mail is itself one that tells of another, or answers by itself."""
    answers = mail.field("auto-submitted").lower().startswith("auto-replied")
    return answers or mail.type == "multipart/report" or bool(_DAEMON.search(mail.field("from")))


def message_ids_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Names of messages, without brackets, each once."""
    return tuple(dict.fromkeys(one for text in texts for one in _MESSAGE_ID.findall(text)[:20]))


def _of_mail(mail: Part) -> Original:
    received = mail.fields("received")[:20]
    envelopes = [found[1] for one in received for found in _ENVELOPE.finditer(one)]
    senders = addresses_in([*mail.fields(*_SENDERS), *envelopes, *mail.fields("list-unsubscribe")])
    return Original(
        message_ids=message_ids_in(mail.fields("message-id")),
        senders=tuple(senders),
        recipients=tuple(addresses_in(mail.fields("to")))[:5],
        is_report=is_report(mail),
    )


def _of_text(texts: Iterable[str]) -> Original:
    lines = [(one[1].lower(), one[2]) for text in texts for one in _LINE.finditer(text)]

    def named(name: str) -> list[str]:
        return [value for found, value in lines if found == name]

    return Original(
        message_ids=message_ids_in(named("message-id")),
        senders=tuple(addresses_in(named("return-path"))),
        recipients=tuple(addresses_in(named("to")))[:5],
    )
