"""The shapes of reports that flufl.bounce knows, asked with care (docs/adr/0105)."""

import logging
from collections.abc import Iterable
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from flufl.bounce import all_failures

from dispatch.channels.bounces.original import HEADERS
from dispatch.channels.bounces.parts import ENCLOSING, Part

MOST_BYTES = 16 * 1024
"""Of each part: its patterns take time that grows with the square of what they read."""

MOST_LINE = 500

_BOUNDARY = b"=_parts_without_what_is_enclosed"

logging.getLogger(
    "flufl.bounce"
).disabled = True  # it writes a stack for each mail it stumbles over


def known_failures(mail: Part) -> tuple[list[str], list[str]]:
    """The addresses that are said to wait, and to have failed."""
    try:
        waits, failed = all_failures(_without_enclosed(mail))
    except Exception:  # noqa: BLE001 - many detectors, and mails that nobody has foreseen
        return [], []
    return _texts(waits), _texts(failed - waits)


def _texts(addresses: Iterable[bytes]) -> list[str]:
    return sorted(one.decode("ascii", "replace") for one in addresses if b"@" in one)


def _without_enclosed(mail: Part) -> Message:
    """The mail in one level, and without an enclosed one, which speaks of others."""
    if not mail.parts:
        return message_from_bytes(_written(mail, mail.head))
    kind = b"report" if mail.type == "multipart/report" else b"mixed"
    head = [one for one in mail.head if not one[0].startswith("content-")]
    head.append(("content-type", b"multipart/" + kind + b"; boundary=" + _BOUNDARY))
    leaves = [
        b"\n--" + _BOUNDARY + b"\n" + _written(part, part.head)
        for part in mail.walk()
        if not part.parts and part.type not in {*ENCLOSING, *HEADERS}
    ][:10]
    return message_from_bytes(
        _written_head(head) + b"".join(leaves) + b"\n--" + _BOUNDARY + b"--\n"
    )


def _written(part: Part, head: Iterable[tuple[str, bytes]]) -> bytes:
    body = part.raw[part.start : min(part.end, part.start + MOST_BYTES)]
    return _written_head(head) + b"\n".join(line[:MOST_LINE] for line in body.split(b"\n"))


def _written_head(head: Iterable[tuple[str, bytes]]) -> bytes:
    """In ASCII: other headers are no text for the standard library, and detectors stumble."""
    fields = [(name, value[:MOST_LINE].decode("ascii", "replace")) for name, value in head]
    lines = (
        f"{name}: {'nobody' if name == 'from' and not any(getaddresses([value])) else value}\n"
        for name, value in fields[:200]
    )
    return "".join(lines).encode("ascii", "replace") + b"\n"
