"""DKIM: a signature in front of a finished mail, so that receivers know whose it is (RFC 6376).

The library behind it is the extra `dkim`; it is imported where a key is read.
"""

import hashlib
import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from dispatch.clock import Clock

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

ALWAYS = (
    b"from", b"to", b"cc", b"reply-to", b"subject", b"date", b"message-id", b"mime-version",
    b"content-type",
)  # fmt: skip
"""Headers that are signed even where there is none, so that nobody can add one."""

IF_THERE = (
    b"content-transfer-encoding", b"list-id", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip
"""Headers that are signed where there is one. RFC 8058 asks for the last two (section 4)."""

LEAST_BITS = 2048
MOST_BITS = 4096
"""Of an RSA key. Signers should not use shorter ones, receivers need not know longer ones
(RFC 8301, 3.2)."""

NAMES_IN_A_LINE = 3
BASE64_IN_A_LINE = 72


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key that can only sign; `public` is its public half as the DNS gives it."""

    kind: str  # as k= says it in the DNS: rsa, ed25519
    public: str
    sign: Callable[[bytes], bytes] = field(repr=False)
    pem: str = field(default="", repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process reads it anew."""
        return read_key, (self.pem,)


class Record(NamedTuple):
    """A TXT record of the DNS."""

    name: str
    value: str

    def __str__(self) -> str:
        return f'{self.name} TXT "{self.value}"'


def read_key(pem: str) -> SigningKey:
    """The private key in a PEM text: Ed25519 or RSA.

    Raises ValueError, `problem - advice`, which shows nothing of the text.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ed25519, rsa  # noqa: PLC0415
    except ImportError:
        raise ValueError(
            "signing needs a library that is not installed - install dispatch with its extra 'dkim'"
        ) from None
    # Without a cause: the library's words may show bytes of the key.
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise ValueError(
            "the key has a passphrase - write it without one, where only dispatch can read it"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(
            "is no private key in PEM - it begins with -----BEGIN PRIVATE KEY-----"
        ) from None
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return _ed25519(key, pem)
    if isinstance(key, rsa.RSAPrivateKey):
        return _rsa(key, pem)
    raise ValueError("is a key of a kind that DKIM does not know - make one of Ed25519 or RSA")


def _ed25519(key: "Ed25519PrivateKey", pem: str) -> SigningKey:
    """RFC 8463: the hash is signed, and the record has the bare key."""
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    return SigningKey("ed25519", public, lambda data: key.sign(hashlib.sha256(data).digest()), pem)


def _rsa(key: "RSAPrivateKey", pem: str) -> SigningKey:
    """RFC 6376, 3.3.1; the record has the key with its kind around it, as in appendix C there."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        PublicFormat,
    )

    if not LEAST_BITS <= key.key_size <= MOST_BITS:
        raise ValueError(
            f"is an RSA key of {key.key_size} bits - make one of {LEAST_BITS} to {MOST_BITS} bits,"
            " which all receivers accept, or of Ed25519"
        )
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    padding, algorithm = PKCS1v15(), SHA256()
    return SigningKey(
        "rsa", b64encode(public).decode(), lambda data: key.sign(data, padding, algorithm), pem
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs mails for one domain; any number of threads may share it."""

    domain: str
    selector: str
    key: SigningKey
    clock: Clock = field(repr=False)

    @property
    def record(self) -> Record:
        """What the domain has to publish, so that receivers can check the signatures."""
        name = f"{self.selector}._domainkey.{self.domain}"
        return Record(name, f"v=DKIM1; k={self.key.kind}; p={self.key.public}")

    def sign(self, data: bytes) -> bytes:
        """The header DKIM-Signature, with its line end, to put in front of this mail.

        Canonicalised `relaxed/simple`: headers may be folded anew on the way, the body has to
        arrive as it is (why: docs/adr/0018-dkim.md). `data` has CRLF line ends and is not
        dot-stuffed.
        """
        end = data.find(b"\r\n\r\n")
        head, body = (data, len(data)) if end < 0 else (data[:end], end + 4)
        names, covered = _covered(head)
        value = (
            f"v=1; a={self.key.kind}-sha256; c=relaxed/simple;\r\n"
            f" d={self.domain};\r\n"
            f" s={self.selector}; t={int(self.clock().timestamp())};\r\n"
            f" h={_folded(names)};\r\n"
            f" bh={_body_hash(data, body)};\r\n"
            " b="
        ).encode()
        # The field itself is signed last, with an empty b= and no line end (RFC 6376, 3.7).
        covered.append(b"dkim-signature:" + value.replace(b"\r\n", b""))
        signature = b64encode(self.key.sign(b"\r\n".join(covered)))
        return b"DKIM-Signature: " + value + _in_lines(signature) + b"\r\n"


def _covered(head: bytes) -> tuple[tuple[bytes, ...], list[bytes]]:
    """The names for h= and the headers they stand for, canonicalised.

    Each name stands there once more than its header does: the last one means "and no more of
    these", so adding one breaks the signature (RFC 6376, 5.4.2 and 8.15).
    """
    fields = _fields(head)
    names: list[bytes] = []
    lines: list[bytes] = []
    for name in ALWAYS + IF_THERE:
        found = fields.get(name, ())
        if found or name in ALWAYS:
            names.extend([name] * (len(found) + 1))
            lines.extend(reversed(found))  # counted from the bottom (RFC 6376, 5.4.2)
    return tuple(names), lines


def _fields(head: bytes) -> Mapping[bytes, Sequence[bytes]]:
    """Header name to its fields in order, canonicalised `relaxed` (RFC 6376, 3.4.2)."""
    fields: dict[bytes, list[bytes]] = defaultdict(list)
    for line in head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ").split(b"\r\n"):
        name, _, value = line.partition(b":")
        if b"\t" in value or b"  " in value:
            value = re.sub(rb"[ \t]+", b" ", value)
        key = name.rstrip(b" \t").lower()
        fields[key].append(key + b":" + value.strip(b" "))
    return fields


def _body_hash(data: bytes, start: int) -> str:
    """The hash of the body, canonicalised `simple` (RFC 6376, 3.4.3): ends in one line end."""
    end = len(data)
    while data.endswith(b"\r\n", start, end):
        end -= 2
    digest = hashlib.sha256(memoryview(data)[start:end])
    digest.update(b"\r\n")
    return b64encode(digest.digest()).decode()


@lru_cache(maxsize=64)  # a channel's mails have the same headers, nearly always
def _folded(names: tuple[bytes, ...]) -> str:
    size = NAMES_IN_A_LINE
    lines = (b":".join(names[at : at + size]) for at in range(0, len(names), size))
    return b":\r\n ".join(lines).decode()


def _in_lines(text: bytes) -> bytes:
    size = BASE64_IN_A_LINE
    return b"\r\n ".join(text[at : at + size] for at in range(0, len(text), size))
