"""What a reader sees as one character, by the rules of Unicode (UAX 29).

Their tables are not in the standard library. The library `regex` keeps them: this is the one file
of the model that knows a library (docs/adr/0045-graphemes-by-regex.md).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

_JOINER = "\u200d"


def graphemes(text: str) -> Iterator[str]:
    r"""The text character by character, as readers see them.

    >>> list(graphemes("e\u0301🇫🇷!")) == ["e\u0301", "🇫🇷", "!"]
    True
    """
    if text.isascii() and "\r" not in text:
        return iter(text)
    return (found[0] for found in _grapheme().finditer(text))


def may_cut(text: str, place: int) -> bool:
    """Whether the text may be cut before the code point at `place`.

    >>> may_cut("e\u0301a", 1), may_cut("e\u0301a", 2)
    (False, True)
    """
    return Cuts(text).at(place)


class Cuts:
    """The places where one text may be cut, found as far as somebody asks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = {0, len(text)}
        self._reach = 0
        self._rest = _grapheme().finditer(text)

    def at(self, place: int) -> bool:
        """Whether the text may be cut before the code point at `place`; so at both its ends."""
        while self._reach < place and (found := next(self._rest, None)):
            self._reach = found.end()
            # A joiner was written to join, whether the tables know what it joins or not.
            if not found[0].endswith(_JOINER):
                self._found.add(self._reach)
        return place <= 0 or place >= len(self._text) or place in self._found


@cache
def _grapheme() -> Any:
    import regex  # noqa: PLC0415 - slow to import, and many a command needs no such thing

    return regex.compile(r"\X")
