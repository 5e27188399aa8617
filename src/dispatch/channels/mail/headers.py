"""Header fields of a mail, as bytes that every mail program reads the same way.

Written here because the standard library turns a long List-Unsubscribe into encoded words,
which no mail program follows, and folds inside what must stay whole.
"""

import base64
import re
import string
from collections.abc import Iterable, Iterator

import idna

from dispatch.errors import MessageUnusable
from dispatch.model.delivery.message import Address
from dispatch.model.text.plain_text import one_line

AIM = 78
"""Characters of a line, where there is a space to break at (RFC 5322, 2.1.1)."""

MOST = 998
"""Characters of a line that may never be passed (RFC 5322, 2.1.1)."""

MOST_IN_WORD = 56
"""Characters of an encoded word without its frame: behind "Subject: ", the line stays within AIM.
RFC 2047 allows 75 with the frame."""

PLAIN_WORD = 900
"""A longer word of a subject or a name is encoded: it could not be folded, and no line may pass
MOST. Plain ASCII is encoded for nothing else: filters wonder what it hides."""

NAME = re.compile(r"[!-9;-~]{1,70}")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_PLAIN_IN_Q = frozenset(string.ascii_letters + string.digits + "!*+-/")  # also in a name
_Q = [
    "_" if char == " " else char if char in _PLAIN_IN_Q else f"={ord(char):02X}"
    for char in map(chr, range(256))
]

_PLAIN_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII).fullmatch
BREAKS_ADDRESS = re.compile(r"[\s\x00-\x20\x7f-\x9f<>\"\\,;:()\[\]]")


def field(name: str, value: str) -> bytes:
    """One header with its line end, folded at spaces only: unfolded, it is `value` again.

    Raises MessageUnusable where the name is none, or a line would be too long.
    """
    if not NAME.fullmatch(name):
        raise MessageUnusable(f"header {name!r}: no such name can be written - rename it")
    line = f"{name}:"
    lines: list[str] = []
    for part in re.findall(r"\s*\S+", " " + _within_a_line(value)):
        if len((line + part).encode()) > AIM and line != f"{name}:":
            lines.append(line)
            line = ""
        line += part
    lines.append(line)
    data = "\r\n".join(lines).encode() + b"\r\n"
    if any(len(one) > MOST for one in data.split(b"\r\n")):
        raise MessageUnusable(f"header {name}: longer than mail allows - shorten it")
    return data


def text(value: str) -> str:
    """Free text, such as a subject: as it is where it is plain ASCII, else as encoded words."""
    line = one_line(value)
    return line if _is_plain(line) else _encoded(line)


def phrase(value: str) -> str:
    """A name in front of an address: bare, in quotes, or as encoded words."""
    line = one_line(value)
    if not _is_plain(line):
        return _encoded(line)
    if ATOMS.fullmatch(line):
        return line
    return quoted(line)


def quoted(name: str) -> str:
    """A name in quotes, as it may hold any sign then (RFC 5322, 3.2.4)."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def value(name: str, value: str) -> str:
    """The value of a further header in ASCII; what stands in brackets in List-Id stays readable.

    >>> value("List-Id", "Créer <weekly.example.org>")
    '=?utf-8?q?Cr=C3=A9er?= <weekly.example.org>'
    """
    line = _within_a_line(value)
    if line.isascii():
        return line
    if name.lower() == "list-id" and line.endswith(">"):
        title, _, rest = line.rpartition("<")
        bare = title.strip().strip('"')
        return f"{phrase(bare)} <{rest}"
    return text(line)


def mailbox(address: Address) -> str:
    """A person or sender, for From and To."""
    email = mail_address(address.email)
    return f"{phrase(address.name)} <{email}>" if address.name.strip() else email


def encoded(value: str) -> str:
    """Free text as encoded words in any case: a service that fills in finds no field in it.

    >>> encoded("%recipient.a%")
    '=?utf-8?q?=25recipient=2Ea=25?='
    """
    return _encoded(one_line(value))


def readable_mailbox(address: Address) -> str:
    r"""A person for services that encode it themselves: the name is as people write it.

    >>> print(readable_mailbox(Address("ada@example.org", 'Müller, "Ada"')))
    "Müller, \"Ada\"" <ada@example.org>

    Raises MessageUnusable as `mail_address` does.
    """
    email = mail_address(address.email)
    name = one_line(address.name)
    if not name:
        return email
    if not ATOMS.fullmatch(name):
        name = quoted(name)
    return f"{name} <{email}>"


def person(address: Address) -> dict[str, str]:
    r"""The same for services that want name and address apart; without a name that says nothing.

    >>> person(Address("ada@bücher.example", " Ada\r\n"))
    {'email': 'ada@xn--bcher-kva.example', 'name': 'Ada'}

    Raises MessageUnusable as `mail_address` does.
    """
    name = one_line(address.name)
    return {"email": mail_address(address.email), **({"name": name} if name else {})}


def mail_address(email: str) -> str:
    """The address as mail carries it: an international domain in its ASCII form.

    >>> mail_address("ada@bücher.example")
    'ada@xn--bcher-kva.example'

    Raises MessageUnusable where it is no single plain address.
    """
    if _PLAIN_ADDRESS(email):
        return email  # nearly always
    local, at, domain = email.rpartition("@")
    if not local or not at or not domain or "@" in local or BREAKS_ADDRESS.search(email):
        raise MessageUnusable("address: not one that mail can be sent to - correct it")
    try:
        ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
        f"{local}@{ascii_domain}".encode()
    except (idna.IDNAError, UnicodeError) as error:
        raise MessageUnusable("address: its domain does not exist - correct it") from error
    return f"{local}@{ascii_domain}"


def _within_a_line(value: str) -> str:
    """Without line ends and control characters, so that no value can begin another header."""
    if value.isascii() and value.isprintable():
        return value.strip()
    printable = (" " if char < " " or "\x7f" <= char <= "\x9f" else char for char in value)
    return "".join(printable).encode("utf-8", "replace").decode().strip()


def _is_plain(line: str) -> bool:
    return (
        line.isascii()
        and "=?" not in line
        and all(len(word) <= PLAIN_WORD for word in line.split(" "))
    )


def _encoded(line: str) -> str:
    """Encoded words, all in one way, cut between the words of the line where they fit.

    In Q where it is mostly ASCII and stays readable, else in B (RFC 2047, 4).
    """
    data = line.encode()
    mostly_ascii = 3 * sum(byte > 127 for byte in data) <= len(data)
    kind, write = ("q", _in_q) if mostly_ascii else ("b", _in_b)
    if line and len(whole := write(line)) <= MOST_IN_WORD:  # as most names do
        return f"=?utf-8?{kind}?{whole}?="

    def pack(pieces: Iterable[str], packed: str = "") -> Iterator[str]:
        for piece in pieces:
            if len(write(packed + piece)) <= MOST_IN_WORD:
                packed += piece
                continue
            if packed:
                yield packed
            packed = piece
            if len(write(piece)) > MOST_IN_WORD:
                *whole, packed = pack(piece)
                yield from whole
        if packed:
            yield packed

    words = re.findall(r"\S*\s*", line)
    return " ".join(f"=?utf-8?{kind}?{write(word)}?=" for word in pack(words))


def _in_q(text: str) -> str:
    return "".join(_Q[byte] for byte in text.encode())


def _in_b(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
