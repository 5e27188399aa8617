"""Mails as they come back, made from what differs: for tests that read them."""

from collections.abc import Sequence

OURS = "bounces+k3x9aa7qq@news.example"
MESSAGE_ID = "ed1.4711@news.example"

NEWSLETTER = (
    f"Return-Path: <{OURS}>\n"
    "From: The Weekly <weekly@news.example>\n"
    "To: Ada <ada@one.example>\n"
    "Subject: This week\n"
    f"Message-ID: <{MESSAGE_ID}>\n"
    "List-Unsubscribe: <https://news.example/u/abc>\n"
    "\n"
    "News. If a mail comes back with 550 5.1.1 User unknown <bob@two.example>, we tell.\n"
)


def mail(body: str = "", charset: str = "utf-8", **headers: str) -> bytes:
    """A plain mail; `from_` is From, and an underscore a hyphen."""
    given = {"to": OURS, "date": "Mon, 30 Nov 2026 09:00:00 +0000", **headers}
    lines = [f"{name.strip('_').replace('_', '-')}: {value}" for name, value in given.items()]
    return "\n".join([*lines, "", body]).encode(charset)


def multipart(kind: str, parts: Sequence[bytes], **headers: str) -> bytes:
    """A mail of several parts, each with its own header."""
    line = f"=_{sum(map(len, parts))}"  # another one for each level
    bodies = b"".join(f"--{line}\n".encode() + part + b"\n" for part in parts)
    head = mail(**headers, content_type=f'multipart/{kind}; boundary="{line}"')
    return head + bodies + f"--{line}--\n".encode()


def part(kind: str, body: str | bytes, charset: str = "utf-8", encoding: str = "") -> bytes:
    """One part, its body as it stands."""
    head = f"Content-Type: {kind}\n" + (
        f"Content-Transfer-Encoding: {encoding}\n" if encoding else ""
    )
    return head.encode() + b"\n" + (body if isinstance(body, bytes) else body.encode(charset))


def report(
    *fields: str,
    text: str | bytes = "Your message could not be delivered.",
    text_type: str = "text/plain; charset=utf-8",
    original: bytes | None = None,
    status_type: str = "message/delivery-status",
    charset: str = "utf-8",
    **headers: str,
) -> bytes:
    """A report of RFC 3464; each of `fields` is the block of one recipient."""
    status = "\n\n".join(["Reporting-MTA: dns; mx.one.example", *fields]) + "\n"
    enclosed = part("message/rfc822", NEWSLETTER) if original is None else original
    parts = [part(text_type, text), part(status_type, status, charset), enclosed]
    given = {
        "return_path": "<>",
        "from_": "Mail Delivery System <MAILER-DAEMON@mx.one.example>",
        "subject": "Undelivered Mail Returned to Sender",
        **headers,
    }
    return multipart("report; report-type=delivery-status", [one for one in parts if one], **given)


def failed(diagnostic: str = "", status: str = "5.0.0", recipient: str = "ada@one.example") -> str:
    """The block of a recipient where it failed."""
    said = f"\nDiagnostic-Code: smtp; {diagnostic}" if diagnostic else ""
    return f"Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}{said}"
