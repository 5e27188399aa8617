"""Whole numbers as addresses and forms say them: whoever asks can write there what they like."""

MOST_DIGITS = 18
"""Of a number that each database can hold (63 bits)."""


def number_in(text: str) -> int | None:
    """The number that a text is; None for any other text, and for more than a row is counted by.

    >>> number_in("12"), number_in("-1"), number_in("²"), number_in("9" * 19)
    (12, None, None, None)
    """
    plain = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if plain else None
