"""From which side a text is read, by its letters."""

import unicodedata

_ENOUGH = 1000  # characters; what a text begins with tells

_RIGHT = frozenset({"R", "AL"})


def direction_of(text: str, otherwise: str = "ltr") -> str:
    """`rtl` where most of its letters are of such a script, else `ltr`; `otherwise` without any.

    A name in Latin letters at its beginning makes no text one from left to right.

    >>> direction_of("iPhone 17: نظرة أولى"), direction_of("2026 – 27", "rtl")
    ('rtl', 'rtl')
    """
    kinds = [unicodedata.bidirectional(char) for char in text[:_ENOUGH]]
    right, left = sum(kind in _RIGHT for kind in kinds), kinds.count("L")
    if not right and not left:
        return otherwise
    return "rtl" if right > left else "ltr"
