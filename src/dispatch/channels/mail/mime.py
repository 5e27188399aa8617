"""An email as the bytes that go over the wire."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime

from dispatch.channels.mail import headers
from dispatch.errors import MessageUnusable
from dispatch.model.delivery.message import EmailMessage
from dispatch.model.editions.picture import Picture

OURS = frozenset(
    {
        "from", "sender", "to", "cc", "bcc", "date", "message-id", "subject",
        "mime-version", "content-type", "content-transfer-encoding",
    }
)  # fmt: skip
BASE64_IN_A_LINE = 76
"""Letters, the most that a line may have (RFC 2045, 6.8)."""

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]")
MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")


def to_mime(message: EmailMessage, *, date: datetime) -> bytes:
    """The whole mail: CRLF line ends, plain text first, at most 998 bytes in a line.

    Header values keep to one line and cannot start another header. An address whose part
    before the @ is not ASCII stays as it is, and then the server must know SMTPUTF8
    (`needs_smtputf8`). Raises MessageUnusable where an address or header is impossible.
    """
    return b"".join(_parts(message, date))


def needs_smtputf8(message: EmailMessage) -> bool:
    """Whether an address has letters beyond ASCII in front of its @ (RFC 6531)."""
    return not all(
        headers.mail_address(address.email).isascii() for address in (message.sender, message.to)
    )


def head_fields(message: EmailMessage, date: datetime) -> Iterator[bytes]:
    """The header of a mail, field by field, up to what says how its body is written.

    Raises MessageUnusable where an address or header is impossible.
    """
    if not MESSAGE_ID.fullmatch(message.message_id):
        raise MessageUnusable("header Message-ID: not of the form <something@domain> - correct it")
    yield headers.field("From", headers.mailbox(message.sender))
    yield headers.field("To", headers.mailbox(message.to))
    yield headers.field("Subject", headers.text(message.subject))
    yield headers.field("Date", format_datetime(date))
    yield headers.field("Message-ID", message.message_id)
    yield from _further(message)
    yield headers.field("MIME-Version", "1.0")


def two_parts(seed: str) -> tuple[bytes, bytes, bytes]:
    """What stands before, between and behind two parts; the boundary is made of `seed`."""
    boundary = _boundary(seed)
    kind = headers.field("Content-Type", f'multipart/alternative; boundary="{boundary}"')
    line = f"\r\n--{boundary}".encode()
    return kind + line + b"\r\n", line + b"\r\n", line + b"--\r\n"


def beside_pictures(seed: str, pictures: Sequence[Picture]) -> tuple[bytes, bytes]:
    """What stands before and behind the HTML in a part that has its pictures, too (RFC 2387).

    Nothing at all where there are none.
    """
    if not pictures:
        return b"", b""
    boundary = _boundary(f"{seed} pictures")
    kind = headers.field(
        "Content-Type", f'multipart/related; type="text/html"; boundary="{boundary}"'
    )
    line = f"\r\n--{boundary}".encode()
    parts = b"".join(line + b"\r\n" + _picture_part(one) for one in pictures)
    return kind + line + b"\r\n", parts + line + b"--\r\n"


def part_head(kind: str, encoding: str) -> bytes:
    """What stands before the body of a part of text, the empty line included."""
    return (
        headers.field("Content-Type", f"text/{kind}; charset=utf-8")
        + headers.field("Content-Transfer-Encoding", encoding)
        + b"\r\n"
    )


def _parts(message: EmailMessage, date: datetime) -> Iterator[bytes]:
    yield from head_fields(message, date)
    plain = _part("plain", message.text)
    if not message.html:
        yield plain
        return
    before, between, behind = two_parts(message.id)
    related, pictures = beside_pictures(message.id, message.pictures)
    html = _part("html", message.html)
    yield from (before, plain, between, related, html, pictures, behind)


def _boundary(seed: str) -> str:
    # "=_" cannot occur in quoted-printable or base64, so the boundary is in no part.
    return f"=_{hashlib.sha256(seed.encode()).hexdigest()[:32]}"


def _picture_part(picture: Picture) -> bytes:
    name = _NOT_IN_NAMES.sub("-", picture.name.rpartition("/")[2])
    size = BASE64_IN_A_LINE
    lines = [picture.data[at : at + size] for at in range(0, len(picture.data), size)]
    return (
        headers.field("Content-Type", f'{picture.kind}; name="{name}"')
        + headers.field("Content-Transfer-Encoding", "base64")
        + headers.field("Content-ID", f"<{picture.content_id}>")
        + headers.field("Content-Disposition", f'inline; filename="{name}"')
        + b"\r\n"
        + "\r\n".join(lines).encode()
    )


def _further(message: EmailMessage) -> Iterator[bytes]:
    seen: set[str] = set()
    for name, value in message.headers:
        if name.lower() in OURS or name.lower() in seen:
            raise MessageUnusable(f"header {name}: there can be only one - leave it out")
        seen.add(name.lower())
        yield headers.field(name, headers.value(name, value))


def _part(kind: str, text: str) -> bytes:
    """The headers and body of one part, in whichever encoding is shorter."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    data = (unix.rstrip("\n") + "\n").replace("\n", "\r\n").encode("utf-8", "replace")
    # Given text with CRLF, b2a_qp keeps those line ends and ends its own breaks the same way.
    encoding, body = "quoted-printable", binascii.b2a_qp(data)
    if len(body) > len(data) * 4 / 3 and not data.isascii():
        encoding = "base64"
        body = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return part_head(kind, encoding) + body
