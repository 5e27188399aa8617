"""Whole numbers in what is asked for: ids, keys of lists, counts."""

MOST_DIGITS = 18
"""More no database takes for an id."""


def number_in(text: str) -> int | None:
    """What a text says if it is a number as our pages write them; None for all else.

    >>> number_in("24"), number_in("-1"), number_in("٣"), number_in("9" * 19), number_in("")
    (24, None, None, None, None)
    """
    known = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if known else None
