"""What a reader sees as one character, by the rules of Unicode (UAX 29).

Their tables are not in the standard library. The library `regex` keeps them: this is the one file
of the model that knows a library (docs/adr/0045-graphemes-by-regex.md).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_JOINER = "\u200d"

# Signs that are characters of their own whatever stands beside them, but for a mark after them:
# line ends, what comes before the first marks that combine; then dashes, quotes, dots, money.
_PLAIN = re.compile("[\\n -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u20a0-\u20bf]*")


def graphemes(text: str) -> Iterator[str]:
    r"""The text character by character, as readers see them.

    >>> list(graphemes("e\u0301🇫🇷!")) == ["e\u0301", "🇫🇷", "!"]
    True
    """
    if _PLAIN.fullmatch(text):
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
        self._anywhere = _PLAIN.fullmatch(text) is not None  # most texts of Europe
        self._rest = iter(()) if self._anywhere else _grapheme().finditer(text)

    def at(self, place: int) -> bool:
        """Whether the text may be cut before the code point at `place`; so at both its ends."""
        if self._anywhere:
            return True
        while self._reach < place and (found := next(self._rest, None)):
            self._reach = found.end()
            # A joiner was written to join, whether the tables know what it joins or not.
            if not found[0].endswith(_JOINER):
                self._found.add(self._reach)
        return place <= 0 or place >= len(self._text) or place in self._found


def number_of_graphemes(text: str) -> int:
    r"""How many characters a reader sees.

    >>> number_of_graphemes("e\u0301🇫🇷!")
    3
    """
    if _PLAIN.fullmatch(text):
        return len(text)
    return len(_grapheme().findall(text))


def emoji_in(text: str) -> list[str]:
    r"""The emoji of a text, each as one, however it is put together; signs such as © are some, too.

    >>> emoji_in("1 👍🏽 1\ufe0f\u20e3 🇫🇷") == ["👍🏽", "1\ufe0f\u20e3", "🇫🇷"]
    True
    """
    return [] if text.isascii() else _emoji().findall(text)


@cache
def _emoji() -> Any:
    import regex  # noqa: PLC0415 - as below

    plain = r"\p{Emoji_Presentation}|[\p{Extended_Pictographic}--\p{Emoji_Presentation}]\uFE0F?"
    # Which sequences are joined: https://www.unicode.org/reports/tr51/#Emoji_ZWJ_Sequences. Any
    # other is several emoji, and is shown so.
    base, tone, join, style = r"\p{Emoji_Modifier_Base}", r"\p{Emoji_Modifier}", "\u200d", "\ufe0f"
    person = rf"[👨👩🧑]{tone}?"
    joined = "|".join(
        (
            rf"(?:{base}(?:{tone}|{style})?|[👯🤼]){join}[♀♂]{style}",
            rf"{person}{join}(?:[⚕⚖✈]{style}|[🌾🍳🍼🎄🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦯🦰🦱🦲🦳🦼🦽])",
            rf"{person}{join}🤝{join}{person}",
            rf"{person}{join}❤{style}{join}(?:💋{join})?{person}",
            rf"[👨👩](?:{join}[👨👩])?(?:{join}[👦👧]){{1,2}}",
            rf"🏳{style}{join}(?:🌈|⚧{style})|🏴{join}☠{style}",
            rf"🐕{join}🦺|🐻{join}❄{style}|🐈{join}⬛",
        )
    )
    return regex.compile(
        r"\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|[©®]\uFE0F"
        r"|\U0001F3F4[\U000E0020-\U000E007E]{2,8}\U000E007F"
        rf"|(?:{joined}|{base}{tone}|(?![©®])(?:{plain}))(?!\uFE0E)",
        flags=regex.V1,
    )


@cache
def _grapheme() -> Any:
    import regex  # noqa: PLC0415 - slow to import, and many a command needs no such thing

    return regex.compile(r"\X")
