"""The parts of a mail, read in bounded time and depth, however it is made.

The standard library's parser takes a stack frame for each level and reads everything; a mailbox
that the world can write to is read with less trust.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from dispatch.channels.bounces.decoding import MOST_TEXT, body_text, header_text, undone

MOST_PARTS = 100
MOST_ENCLOSED = 20
"""Parts of an enclosed mail, which may stand in front of what is told of it."""

MOST_DEPTH = 8
MOST_HEAD = 128 * 1024
MOST_PREAMBLE = 1000
MOST_FIELDS = 1000

ENCLOSING = frozenset({"message/rfc822", "message/global", "message/news"})

_END_OF_HEAD = re.compile(rb"\r?\n[ \t]*\r?\n")
_NO_HEAD = re.compile(rb"\r?\n|\r")
_BARE_PARTS = re.compile(
    rb"^--([^\r\n]{1,70})\r?\ncontent-(?:type|tr)", re.IGNORECASE | re.MULTILINE
)
_FOLD = re.compile(rb"\r?\n[ \t]+")
_FIELD = re.compile(rb"([A-Za-z0-9_-]{1,80})[ \t]*:[ \t]*(.*)", re.DOTALL)
_PARAMETER = re.compile(
    r";\s*([\w!#$&+.^`{}~-]{1,60})(\*?(?:\d\*?)?)\s*=\s*(?:\"((?:[^\"\\]|\\.){0,300})\""
    r"|([^\s;\"]{1,300}))"
)
_COMMENT = re.compile(r"\([^()]{0,200}\)")


@dataclass(frozen=True)
class Part:
    """One part of a mail, or all of it: its header, where its body stands, and what is in it.

    `parts` are those of a multipart; `enclosed` is the mail that a part of message/rfc822 or
    message/global is.
    """

    head: tuple[tuple[str, bytes], ...]
    raw: bytes
    start: int
    end: int
    parts: "tuple[Part, ...]" = ()
    enclosed: "Part | None" = None

    @cached_property
    def type(self) -> str:
        """Such as "text/plain", in small letters; that is also what it is without a word."""
        said = _COMMENT.sub("", self.field("content-type")).partition(";")[0].strip().lower()
        return said if "/" in said else "text/plain"

    def field(self, name: str) -> str:
        """The first header of that name (in small letters), in one line; empty without one."""
        return next((header_text(value) for found, value in self.head if found == name), "")

    def fields(self, *names: str) -> list[str]:
        """All headers of these names, name by name."""
        return [header_text(value) for name in names for had, value in self.head if had == name]

    def parameter(self, name: str) -> str:
        """A parameter of the content type, as it is written."""
        values = (value for found, value in self.head if found == "content-type")
        return _parameter(next(values, b"").decode("latin-1"), name)

    @cached_property
    def text(self) -> str:
        """What the body says, at most MOST_TEXT of it."""
        encoding = self.encoding
        most = MOST_TEXT * 4 // 3 if encoding == "base64" else MOST_TEXT
        data = self.raw[self.start : min(self.end, self.start + most)]
        is_html = self.type == "text/html"
        return body_text(data, encoding, self.parameter("charset"), is_html=is_html)

    @property
    def encoding(self) -> str:
        return self.field("content-transfer-encoding").partition(";")[0].strip().lower()

    def walk(self) -> "Iterator[Part]":
        """This part and those in it, in their order; not those of an enclosed mail."""
        yield self
        for part in self.parts:
            yield from part.walk()


def read_parts(raw: bytes) -> Part:
    r"""A mail as its parts; what goes over a limit is one part as it stands.

    >>> read_parts(b"Subject: Hi\n\nText").text
    'Text'
    """
    return _Reader(raw).mail(0, len(raw), 0)


def read_head(data: bytes) -> Part:
    """A part that is made of a header alone, such as what text/rfc822-headers holds."""
    return _Reader(data).mail(0, len(data), MOST_DEPTH)


class _Reader:
    def __init__(self, raw: bytes, most: int = MOST_PARTS) -> None:
        self._raw = raw
        self._left = most

    def mail(self, start: int, end: int, depth: int) -> Part:
        """The mail that stands between two places; lines in front of its header are passed over."""
        while start < end and self._raw[start] in b"\r\n":
            start += 1
        return self.part(start, end, depth)

    def part(self, start: int, end: int, depth: int) -> Part:
        """The part that stands between two places; without a header where a line end begins it."""
        raw = self._raw
        found = (_NO_HEAD if raw[start : start + 1] in {b"\r", b"\n"} else _END_OF_HEAD).search(
            raw, start, min(end, start + MOST_HEAD)
        )
        head_end = found.start() if found else min(end, start + MOST_HEAD)
        whole = Part(_fields(raw[start:head_end]), raw, found.end() if found else head_end, end)
        self._left -= 1
        if depth >= MOST_DEPTH or self._left <= 0:
            return whole
        boundary = self._boundary(whole)
        if boundary:
            return replace(whole, parts=tuple(self._cut(whole, boundary, depth)))
        if whole.type in ENCLOSING:
            return replace(whole, enclosed=self._enclosed(whole, depth))
        return whole

    def _boundary(self, whole: Part) -> bytes:
        """What parts a multipart; also one whose header was lost on the way."""
        if whole.type.startswith("multipart/"):
            return whole.parameter("boundary").rstrip().encode("latin-1")
        most = min(whole.end, whole.start + MOST_PREAMBLE)
        found = _BARE_PARTS.search(self._raw, whole.start, most)
        if (
            whole.type != "text/plain"
            or not found
            or b"@" in self._raw[whole.start : found.start()]
        ):
            return b""
        return found[1].rstrip()

    def _cut(self, whole: Part, boundary: bytes, depth: int) -> Iterator[Part]:
        """The parts between the lines that hold the boundary."""
        line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
        begins: int | None = None
        for found in line.finditer(self._raw, whole.start, whole.end):
            if begins is not None:
                yield self.part(begins, found.start(), depth + 1)
            begins = None if found[1] else found.end()
            if self._left <= 0:
                return
        if begins is not None:
            yield self.part(begins, whole.end, depth + 1)

    def _enclosed(self, whole: Part, depth: int) -> Part:
        if whole.encoding in {
            "base64",
            "quoted-printable",
        }:  # against RFC 2046, and done (RFC 6532)
            data = undone(self._raw[whole.start : whole.end][: 4 * MOST_HEAD], whole.encoding)
            return _Reader(data, MOST_ENCLOSED).mail(0, len(data), depth + 1)
        return _Reader(self._raw, MOST_ENCLOSED).mail(whole.start, whole.end, depth + 1)


def _fields(head: bytes) -> tuple[tuple[str, bytes], ...]:
    """The fields of a header, unfolded; a line that is none goes on with the one before it.

    Some mailboxes hold mails whose folded lines have lost the space in front.
    """
    fields: list[tuple[str, list[bytes]]] = []
    for line in _FOLD.sub(b" ", head).splitlines()[:MOST_FIELDS]:
        found = _FIELD.fullmatch(line)
        if found:
            fields.append((found[1].decode().lower(), [found[2].strip()]))
        elif fields:
            fields[-1][1].append(line.strip())
    return tuple((name, b" ".join(values)) for name, values in fields)


def _parameter(value: str, name: str) -> str:
    """A parameter, also one that stands in several pieces (RFC 2231)."""
    found = [one for one in _PARAMETER.finditer(value) if one[1].lower() == name]
    in_pieces = any(one[2].strip("*") for one in found)
    pieces = [re.sub(r"\\(.)", r"\1", one[3] or "") or one[4] or "" for one in found]
    return "".join(pieces if in_pieces else pieces[:1])
