"""How services count the characters of a text: by what, and what its links and mentions cost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from unicodedata import normalize

from dispatch.model.text.graphemes import emoji_in, graphemes, number_of_graphemes
from dispatch.model.text.links import is_public, links_and_mentions

if TYPE_CHECKING:
    from dispatch.model.text.links_of_x import LinkOfX


class Counting(StrEnum):
    """What a service counts of a text, besides what a link costs there."""

    CODE_POINTS = "code points"
    GRAPHEMES = "graphemes"  # what a reader sees as one character
    # What JavaScript and Java call the length of a text, as Telegram has it
    # (source: https://core.telegram.org/api/entities#entity-length).
    UTF16 = "UTF-16 code units"
    BYTES = "bytes of UTF-8"
    # As Mastodon and its kin: `@ada@social.example` costs what `@ada` does
    # (source: https://github.com/mastodon/mastodon, app/validators/status_length_validator.rb).
    FEDIVERSE = "graphemes, mentions without their server"
    # As X: most of what is not of an alphabet costs two, so does an emoji, however it is put
    # together (source: https://docs.x.com/fundamentals/counting-characters).
    WEIGHTED = "weighted characters"
    # As Threads: an emoji costs what it takes in UTF-8
    # (source: https://developers.facebook.com/documentation/threads/posts).
    EMOJI_BYTES = "characters, emoji by their bytes"
    # As Discord, where a sign of Markdown has to be escaped to be seen, and its backslash counts.
    MARKDOWN = "UTF-16 code units, with backslashes before signs"
    # As LinkedIn, whose "little" text has more such signs, and in which a hashtag is written out:
    # `{hashtag|\#|news}` (source:
    # https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format).
    LITTLE_TEXT = "UTF-16 code units, with backslashes before signs, and hashtags written out"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text up to `end`, which costs so much and is not to be parted."""

    end: int
    cost: int
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts as one service does; each link costs `link_cost`, None: what it is long.

    >>> Counter(Counting.FEDIVERSE, link_cost=23).count("See https://t.ly/a, @ada@social.example")
    33
    """

    counting: Counting = Counting.CODE_POINTS
    link_cost: int | None = None

    def count(self, text: str) -> int:
        """What the whole text costs."""
        if self.counting is Counting.WEIGHTED:
            text = normalize("NFC", text)
        total = done = 0
        for start, end, cost, _ in self._found(text):
            total += self._length(text[done:start]) + cost
            done = end
        return total + self._length(text[done:])

    def pieces(self, text: str) -> Iterator[Piece]:
        """The text from its beginning, in characters, links and mentions."""
        done = 0
        for start, end, cost, is_link in self._found(text):
            yield from self.characters(text, done, start)
            yield Piece(end, cost, is_link)
            done = end
        yield from self.characters(text, done, len(text))

    def characters(self, text: str, start: int, end: int) -> Iterator[Piece]:
        """A stretch of the text in characters alone."""
        by_one = self.counting in {Counting.GRAPHEMES, Counting.FEDIVERSE}
        for character in graphemes(text[start:end]):
            start += len(character)
            yield Piece(start, 1 if by_one else self._length(character))

    def _found(self, text: str) -> Iterator[tuple[int, int, int, bool]]:
        """Links and mentions: where each starts and ends, what it costs, and whether it is a link.

        They cost no less than the service has it.
        """
        if self.counting is Counting.WEIGHTED and self.link_cost is not None:
            from dispatch.model.text.links_of_x import links_of_x  # noqa: PLC0415 - for X only

            for link in links_of_x(text):
                yield link.start, link.end, self._link_of_x(text, link, self.link_cost), True
            return
        for start, end, is_link in links_and_mentions(text):
            found = text[start:end]
            yield start, end, self._link(found) if is_link else self._mention(found), is_link

    def _link(self, link: str) -> int:
        # In a link, Markdown knows no signs.
        length = _utf16(link) if self.counting is Counting.MARKDOWN else self._length(link)
        if self.link_cost is None:
            return length
        # Services know the names of the web: what is none of it may cost what it is long.
        return self.link_cost if is_public(link) else max(self.link_cost, length)

    def _link_of_x(self, text: str, link: "LinkOfX", cost: int) -> int:
        """What it costs at most, wherever X sees its end."""
        least = cost + self._length(text[link.least : link.end])
        return least if link.is_sure else max(least, self._length(text[link.start : link.end]))

    def _mention(self, mention: str) -> int:
        is_short = self.counting is Counting.FEDIVERSE
        return self._length("@" + mention.split("@")[1] if is_short else mention)

    def _length(self, text: str) -> int:
        return _LENGTHS[self.counting](text)


CODE_POINTS = Counter()
"""Counts as `len` does."""

IN_BYTES = Counter(Counting.BYTES)


# All others cost two (source: twitter-text's configuration, version 3).
_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_HEAVY_EMOJI = 2


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    text = normalize("NFC", text)
    length, emoji = len(text) + len(_HEAVY.findall(text)), emoji_in(text)
    if not emoji:
        return length
    apart = "".join(emoji)
    return length - len(apart) - len(_HEAVY.findall(apart)) + _HEAVY_EMOJI * len(emoji)


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _emoji_bytes(text: str) -> int:
    apart = "".join(emoji_in(text))
    return len(text) - len(apart) + _bytes(apart)


# Whether a sign is a mark depends on the line around it: each is counted as one, wherever it
# stands, so that a text costs what its characters do.
_MARKDOWN = re.compile(r"[\\*_~`|\[<>#+.-]")
_LITTLE_TEXT = re.compile(r"[\\|{}@\[\]()<>#＃*_~]")
_HASHTAG = re.compile(r"[#＃]")
_WRITTEN_OUT = len(r"{hashtag||}")


def _markdown(text: str) -> int:
    return _utf16(text) + len(_MARKDOWN.findall(text))


def _little_text(text: str) -> int:
    tags = len(_HASHTAG.findall(text))
    return _utf16(text) + len(_LITTLE_TEXT.findall(text)) + _WRITTEN_OUT * tags


_LENGTHS = {
    Counting.CODE_POINTS: len,
    Counting.GRAPHEMES: number_of_graphemes,
    Counting.FEDIVERSE: number_of_graphemes,
    Counting.UTF16: _utf16,
    Counting.BYTES: _bytes,
    Counting.WEIGHTED: _weight,
    Counting.EMOJI_BYTES: _emoji_bytes,
    Counting.MARKDOWN: _markdown,
    Counting.LITTLE_TEXT: _little_text,
}
