"""Where a text may be cut: never inside what a reader sees as one character.

The rules of Unicode (UAX 29) need tables that the standard library lacks. For cutting it is enough
to be on the safe side, so this sometimes holds together what could be parted, never the reverse.
"""

import unicodedata

_JOINER = "\u200d"
_VIRAMA = 9  # the combining class of what ties two Indic letters into one

_CONTINUES = frozenset("\u200c\u0e33\u0eb3\uff9e\uff9f")  # what no category tells
_LEADS = frozenset("\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3")
_LEADS |= frozenset(map(chr, range(0x600, 0x606)))  # Arabic number signs
_LEADS |= frozenset("\U0001193f\U00011941\U00011a3a\U00011d46\U00011f02")
_LEADS |= frozenset(map(chr, range(0x11A84, 0x11A8A)))


def may_cut(text: str, place: int) -> bool:
    """Whether the text may be cut before the character at `place`.

    >>> may_cut("e\u0301a", 1), may_cut("e\u0301a", 2)
    (False, True)
    """
    if place <= 0 or place >= len(text):
        return True
    before, after = text[place - 1], text[place]
    if before < "\u0300" and after < "\u0300":
        return not (before == "\r" and after == "\n")
    return not (
        continues(after)
        or before == _JOINER
        or before in _LEADS
        or _is_half_a_flag(text, place)
        or _is_one_syllable(before, after)
        or _is_tied(text, place)
    )


def continues(char: str) -> bool:
    """Whether the character belongs to the one before it, as accents and skin colours do."""
    return (
        char == _JOINER
        or char in _CONTINUES
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or unicodedata.category(char)[0] == "M"
    )


def _is_half_a_flag(text: str, place: int) -> bool:
    start = place
    while start and "\U0001f1e6" <= text[start - 1] <= "\U0001f1ff":
        start -= 1
    return "\U0001f1e6" <= text[place] <= "\U0001f1ff" and (place - start) % 2 == 1


def _is_one_syllable(before: str, after: str) -> bool:
    """Whether two letters of Korean may be of one syllable: one of them a part of it, a jamo."""
    if not (_is_jamo(before) or _is_jamo(after)):
        return False
    return all(_is_jamo(char) or "\uac00" <= char <= "\ud7a3" for char in (before, after))


def _is_jamo(char: str) -> bool:
    return (
        "\u1100" <= char <= "\u11ff" or "\ua960" <= char <= "\ua97c" or "\ud7b0" <= char <= "\ud7fb"
    )


def _is_tied(text: str, place: int) -> bool:
    if not text[place].isalpha():
        return False
    start = place
    while start and continues(text[start - 1]):
        start -= 1
        if unicodedata.combining(text[start]) == _VIRAMA:
            return True
    return False
