"""From which side a text is read, by its letters."""

import unicodedata

_ENOUGH = 1000  # characters; what a text begins with tells

_KINDS = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def direction_of(text: str, otherwise: str = "ltr") -> str:
    """`rtl` where most of its words are of such a script, else `ltr`; `otherwise` without any.

    A name in Latin letters at its beginning makes no text one from left to right. Where
    `otherwise` is `rtl`, which its language says, half as many words are enough.

    >>> direction_of("iPhone 17: نظرة أولى"), direction_of("2026 – 27", "rtl")
    ('rtl', 'rtl')
    """
    kinds = [_kind(word) for word in text[:_ENOUGH].split()]
    right, left = kinds.count("rtl"), kinds.count("ltr")
    if not right and not left:
        return otherwise
    return "rtl" if right * (2 if otherwise == "rtl" else 1) > left else "ltr"


def _kind(word: str) -> str:
    """By its first letter; empty for a number or a sign."""
    for char in word:
        kind = unicodedata.bidirectional(char)
        if kind in _KINDS:
            return _KINDS[kind]
    return ""
