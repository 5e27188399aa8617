"""A mail that is written once for many readers: bytes, with placeholders for what differs.

What a reader gets reads like what `to_mime` would have written for them alone; the encoding is
quoted-printable always.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from dispatch.channels.mail import headers
from dispatch.channels.mail.mime import beside_pictures, head_fields, part_head, two_parts
from dispatch.channels.mail.quoted_printable import encode_line, encode_text, encode_word
from dispatch.errors import MessageUnusable
from dispatch.model.delivery.message import Address, EmailMessage
from dispatch.model.text.placeholders import Placeholder, PlaceholderText, write_value

_SAME_EVERYWHERE = re.compile(
    r"[A-Za-z0-9@+_:,/()!?'*#;|~-][A-Za-z0-9@+_:,/()!?'*#;|~. -]{0,70}"
).fullmatch
"""What is written the same in HTML, attributes, plain text and quoted-printable, on one line."""

_PLAIN_MAILBOX = re.compile(
    r"(?:[A-Za-z0-9'_-]+(?: [A-Za-z0-9'_-]+)* <[A-Za-z0-9'_+.-]+@[A-Za-z0-9.-]+>)"
    r"|(?:[A-Za-z0-9'_+.-]+@[A-Za-z0-9.-]+)"
).fullmatch
_PLAIN_SUBJECT = re.compile(r"[!-<>-~]{1,60}(?: [!-<>-~]{1,60})*").fullmatch
_MADE_BY_US = re.compile(r"[A-Za-z0-9._-]{1,200}").fullmatch
_SHORT = 66
"""Characters of a value that fits behind its header's name on one line."""

_TO, _ID, _TOKEN, _SUBJECT = range(4)
_FIRST = 4


@dataclass(frozen=True, slots=True)
class Marks:
    """Texts that stand for a message's id and token in the headers of the pattern."""

    id: str
    token: str


class MailForm:
    """One mail for all readers of a variant. For any number of threads.

    `pattern` is the message as `to_mime` takes it, with `marks` in its headers; its subject and
    texts are those of the placeholder texts. Values come in the order of `names`, the token last.
    Raises MessageUnusable where a header is impossible for everybody.
    """

    def __init__(
        self,
        pattern: EmailMessage,
        *,
        marks: Marks,
        subject: PlaceholderText,
        text: PlaceholderText,
        html: PlaceholderText,
        names: Sequence[str],
        date: datetime,
    ) -> None:
        self._subject = subject if any(isinstance(one, Placeholder) for one in subject) else None
        self._index = {name: index for index, name in enumerate(names)}
        body = _body(pattern, text, html)
        placeholders = list(dict.fromkeys(one for one in body if isinstance(one, Placeholder)))
        self._placeholders = [(self._index[one.name], one.place) for one in placeholders]
        head = list(self._head(pattern, marks, date))
        by_place = {one: _FIRST + number for number, one in enumerate(placeholders)}
        self._parts, self._in_order = _by_turns([*head, *_numbered(body, by_place)])
        by_name = {one: _FIRST + self._index[one.name] for one in placeholders}
        _, self._in_order_of_names = _by_turns([*head, *_numbered(body, by_name)])

    def fill(
        self, email: str, name: str, message_id: str, values: Sequence[str]
    ) -> tuple[bytes, ...]:
        """The mail of one reader, in parts that all readers share and parts that are theirs.

        Raises MessageUnusable where it cannot be addressed. `message_id` is what the mark stands
        for; it and the token, which is the last of `values`, are made by us of letters, digits,
        dots, hyphens and underscores.
        """
        token = values[-1]
        if not (_MADE_BY_US(message_id) and (_is_word(token) or _MADE_BY_US(token))):
            raise MessageUnusable(f"message {message_id!r}: its id or token is no plain word")
        head = (
            _to_line(email, name),
            message_id.encode("ascii"),
            token.encode("ascii"),
            b"" if self._subject is None else self._subject_line(values),
        )
        same = list(map(_same_everywhere, values))
        parts = self._parts.copy()
        if all(same):
            parts[1::2] = self._in_order_of_names((*head, *same))
            return tuple(parts)
        own = [
            same[index] or encode_line(write_value(values[index], place))
            for index, place in self._placeholders
        ]
        parts[1::2] = self._in_order((*head, *own))
        return tuple(parts)

    def _head(self, pattern: EmailMessage, marks: Marks, date: datetime) -> Iterator[bytes | int]:
        for line in head_fields(pattern, date):
            if line.startswith(b"To:"):
                yield _TO
            elif line.startswith(b"Subject:") and self._subject is not None:
                yield _SUBJECT
            else:
                yield from _at_marks(line, marks)

    def _subject_line(self, values: Sequence[str]) -> bytes:
        line = "".join(
            values[self._index[one.name]] if isinstance(one, Placeholder) else one
            for one in self._subject or ()
        )
        if len(line) <= _SHORT and _PLAIN_SUBJECT(line):
            return f"Subject: {line}\r\n".encode()
        return headers.field("Subject", headers.text(line))


def _same_everywhere(value: str) -> bytes:
    """The value encoded, where it is written the same in each place; else nothing."""
    if _is_word(value):  # such as a token, which may be longer than a line
        return encode_word(value)
    return value.encode() if _SAME_EVERYWHERE(value) else b""


def _is_word(value: str) -> bool:
    return value.isalnum() and value.isascii()


def _to_line(email: str, name: str) -> bytes:
    line = f"{name} <{email}>" if name else email
    if len(line) <= _SHORT and _PLAIN_MAILBOX(line):
        return f"To: {line}\r\n".encode()
    return headers.field("To", headers.mailbox(Address(email, name)))


def _body(
    pattern: EmailMessage, text: PlaceholderText, html: PlaceholderText
) -> list[bytes | Placeholder]:
    before, between, behind = two_parts(pattern.id)
    related, pictures = beside_pictures(pattern.id, pattern.pictures)
    return [
        before + part_head("plain", "quoted-printable"),
        *encode_text(text),
        between + related + part_head("html", "quoted-printable"),
        *encode_text(html),
        pictures + behind,
    ]


def _at_marks(line: bytes, marks: Marks) -> Iterator[bytes | int]:
    placeholders = {marks.id.encode(): _ID, marks.token.encode(): _TOKEN}
    for piece in re.split(b"(" + b"|".join(map(re.escape, placeholders)) + b")", line):
        yield placeholders.get(piece, piece)


def _numbered(
    body: Iterable[bytes | Placeholder], numbers: Mapping[Placeholder, int]
) -> list[bytes | int]:
    return [numbers[one] if isinstance(one, Placeholder) else one for one in body]


def _by_turns(
    pieces: Iterable[bytes | int],
) -> tuple[list[bytes], Callable[[Sequence[bytes]], tuple[bytes, ...]]]:
    """Texts with an empty one for each placeholder between them, and what picks those in order."""
    parts, order = [b""], []
    for piece in pieces:
        if isinstance(piece, bytes):
            parts[-1] += piece
        else:
            parts += [b"", b""]
            order.append(piece)
    return parts, itemgetter(*order)
