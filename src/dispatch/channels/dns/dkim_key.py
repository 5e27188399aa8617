"""The public key that a domain publishes, so that signatures can be checked (RFC 6376, 3.6.1)."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.channels.dns.lookups import Lookups
from dispatch.channels.dns.tags import read_tags

SHORT_RSA = 1024
LONG_RSA = 2048
"""Receivers believe no key below the first (RFC 8301, 3.2); signers should have the second."""

ED25519_BYTES = 32

HAS_KEY = re.compile(r"\A\s*v\s*=\s*dkim1|(?:\A|;)\s*p\s*=", re.IGNORECASE)
"""What tells a key from other records of the name, such as those of a wildcard."""

INTEGER, BIT_STRING, SEQUENCE = 0x02, 0x03, 0x30
"""Of DER (X.690)."""


class KeyTrouble(StrEnum):
    """Why a key is worth nothing, or less than it could be."""

    MISSING = "missing"
    UNANSWERED = "unanswered"
    BROKEN = "broken"
    SEVERAL = "several"
    REVOKED = "revoked"
    OTHER = "other"  # not the key that signs
    SHORT = "short"
    WEAK = "weak"  # good enough, and shorter than it should be
    TEST = "test"


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """What stands at `name`. `alias` is the name that it leads to, where it is a CNAME."""

    name: str
    trouble: KeyTrouble | None = None
    detail: str = ""
    bits: int = 0
    alias: str = ""


def read_published(name: str, lookups: Lookups, *, public: str = "") -> PublishedKey:
    """Read the key at a name; `public` is the one that signs, as the DNS is to give it."""
    answer = lookups.ask(name, "TXT")
    if answer.problem:
        return PublishedKey(name, KeyTrouble.UNANSWERED, answer.problem)
    records = [one for one in answer.records if _may_be_key(one)]
    if not records:
        return PublishedKey(name, KeyTrouble.MISSING, alias=answer.alias)
    if len(set(records)) > 1:
        return PublishedKey(name, KeyTrouble.SEVERAL, str(len(records)), alias=answer.alias)
    trouble, detail, bits = _judge(records[0], public)
    return PublishedKey(name, trouble, detail, bits, answer.alias)


def is_doubled(name: str, domain: str, lookups: Lookups) -> bool:
    """Whether a key stands where the domain is in the name twice, as forms of the DNS add it."""
    return any(map(_may_be_key, lookups.ask(f"{name}.{domain}", "TXT").records))


def _may_be_key(record: str) -> bool:
    return bool(HAS_KEY.search(record))


def _judge(record: str, public: str) -> tuple[KeyTrouble | None, str, int]:
    if "\\;" in record:  # as zone files have it, pasted into a form
        return KeyTrouble.BROKEN, "its semicolons have backslashes before them", 0
    try:
        tags = read_tags(record)
        kind, data = _key_of(tags)
    except ValueError as error:
        return KeyTrouble.BROKEN, str(error), 0
    if not data:
        return KeyTrouble.REVOKED, "", 0
    bits = _rsa_bits(data) if kind == "rsa" else 8 * len(data)
    if not bits:
        return KeyTrouble.BROKEN, "p= is no key of RSA", 0
    return _weigh(kind, data, bits, tags, public), "", bits


def _weigh(
    kind: str, data: bytes, bits: int, tags: Mapping[str, str], public: str
) -> KeyTrouble | None:
    if public and not _is_same(data, base64.b64decode(public)):
        return KeyTrouble.OTHER
    if kind == "rsa" and bits < SHORT_RSA:
        return KeyTrouble.SHORT
    if "y" in _listed(tags.get("t", "")):
        return KeyTrouble.TEST
    return KeyTrouble.WEAK if kind == "rsa" and bits < LONG_RSA else None


def _key_of(tags: Mapping[str, str]) -> tuple[str, bytes]:
    if "v" in tags and tags["v"] != "DKIM1":
        raise ValueError(f"v={tags['v'][:11]} is not v=DKIM1 and a semicolon")
    if "v" in tags and next(iter(tags)) != "v":
        raise ValueError("v=DKIM1 has to stand first")
    if "p" not in tags:
        raise ValueError("p= is missing")
    kind = tags.get("k", "rsa").lower()
    if kind not in {"rsa", "ed25519"}:
        raise ValueError(f"k={kind} is no kind of key")
    if "sha256" not in _listed(tags.get("h", "sha256")):
        raise ValueError(f"h={tags['h']} does not allow sha256")
    if not {"*", "email"} & _listed(tags.get("s", "*")):
        raise ValueError(f"s={tags['s']} is not for mail")
    try:
        data = base64.b64decode("".join(tags["p"].split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("p= is cut off, or no base64") from None
    if data and kind == "ed25519" and len(data) != ED25519_BYTES:
        raise ValueError("p= is no key of Ed25519")
    return kind, data


def _listed(value: str) -> set[str]:
    return {one.strip().lower() for one in value.split(":")}


def _is_same(published: bytes, public: bytes) -> bool:
    """Whether it is the key; one of RSA may be published without its kind around it."""
    return published == public or (len(published) > 100 and public.endswith(published))


def _rsa_bits(data: bytes) -> int:
    """The length of an RSA key in DER: that of its first long number. 0 where there is none."""
    at = 0
    while at + 2 <= len(data):
        kind, size, begin = _head(data, at)
        if kind == INTEGER and size >= 32:
            number = data[begin : begin + size]
            return int.from_bytes(number, "big").bit_length() if len(number) == size else 0
        inside = kind in {SEQUENCE, BIT_STRING}  # a bit string has a count before what it holds
        at = begin + (kind == BIT_STRING) if inside else begin + size
    return 0


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    size, begin = data[at + 1], at + 2
    if size & 0x80:
        more = size & 0x7F
        size, begin = int.from_bytes(data[begin : begin + more], "big"), begin + more
    return data[at], size, begin
