"""What a password has to be like: long, and nothing that others know of somebody."""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum

SHORTEST = 12
LONGEST = 128
DIFFERENT = 5
"""Characters that differ: `aaaaaaaaaaaa` is long and the first that anybody tries."""

_COMMON = (
    "password",
    "passwort",
    "motdepasse",
    "123456",
    "qwerty",
    "azerty",
    "letmein",
    "dispatch",
)


class Weakness(StrEnum):
    """Why a password cannot be taken."""

    SHORT = "short"
    LONG = "long"
    PLAIN = "plain"
    KNOWN = "known"


def tidy_password(password: str) -> str:
    """The same however a keyboard writes it: an é is one letter, or an e and an accent."""
    return unicodedata.normalize("NFKC", password)


def weakness_of(password: str, *, of: Iterable[str]) -> Weakness | None:
    """Why it cannot be taken; None where it can. `of` is what others know of who chooses it.

    >>> weakness_of("a sentence is good", of=["ada"]) is None
    True
    >>> weakness_of("ada.lindqvist@atelier.example", of=["ada.lindqvist@atelier.example"]).value
    'known'
    """
    text = tidy_password(password)
    if len(text) < SHORTEST:
        return Weakness.SHORT
    if len(text) > LONGEST:
        return Weakness.LONG
    small = text.lower()
    if len(set(small)) < DIFFERENT:
        return Weakness.PLAIN
    rest = small
    for known in sorted((*map(str.lower, of), *_COMMON), key=len, reverse=True):
        if len(known) > 2:
            rest = rest.replace(known, "")
    return Weakness.KNOWN if len(rest) < SHORTEST // 2 else None
