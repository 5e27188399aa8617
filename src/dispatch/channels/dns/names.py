"""Names of domains, as the DNS is asked for them."""

import re

import idna

RESERVED = ("example", "test", "invalid", "example.com", "example.net", "example.org")
"""For examples, and of nobody (RFC 2606)."""

LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def ascii_name(name: str) -> str:
    """A domain as the DNS has it: lower case, international ones in their ASCII form.

    >>> ascii_name("Bücher.Example.")
    'xn--bcher-kva.example'

    Raises ValueError where it is no name of a domain.
    """
    plain = name.strip().rstrip(".")
    if not plain.isascii():
        try:
            plain = idna.encode(plain, uts46=True).decode()
        except (idna.IDNAError, UnicodeError) as error:
            raise ValueError(f"{name!r} is no domain") from error
    plain = plain.lower()
    if len(plain) > 253 or not all(map(LABEL.fullmatch, plain.split("."))):
        raise ValueError(f"{name!r} is no domain")
    return plain


def domain_of(address: str) -> str:
    """The domain of an address of mail, as the DNS has it; raises ValueError."""
    return ascii_name(address.rpartition("@")[2])


def is_reserved(name: str) -> bool:
    """Whether a domain stands in examples alone, and can be nobody's."""
    return any(is_below(name, one) for one in RESERVED)


def is_below(name: str, above: str) -> bool:
    """Whether one domain is the other, or below it."""
    return name == above or name.endswith(f".{above}")
