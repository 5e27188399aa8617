"""How services count the characters of a text: by what, and what its links and mentions cost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.text.graphemes import graphemes


class Counting(StrEnum):
    """What a service counts of a text, besides what a link costs there."""

    CODE_POINTS = "code points"
    GRAPHEMES = "graphemes"  # what a reader sees as one character
    # What JavaScript and Java call the length of a text, as Telegram has it
    # (source: https://core.telegram.org/api/entities#entity-length).
    UTF16 = "UTF-16 code units"
    # As Mastodon and its kin: `@ada@social.example` costs what `@ada` does
    # (source: https://github.com/mastodon/mastodon, app/validators/status_length_validator.rb).
    FEDIVERSE = "graphemes, mentions without their server"
    # As X: most of what is not of an alphabet costs two, so does an emoji, however it is put
    # together (source: https://docs.x.com/fundamentals/counting-characters).
    WEIGHTED = "weighted characters"
    # As Threads: an emoji costs what it takes in UTF-8
    # (source: https://developers.facebook.com/documentation/threads/posts).
    EMOJI_BYTES = "characters, emoji by their bytes"


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
        return sum(piece.cost for piece in self.pieces(text))

    def pieces(self, text: str) -> Iterator[Piece]:
        """The text from its beginning, in characters, links and mentions."""
        done = 0
        for start, end, is_link in _links_and_mentions(text):
            yield from self.characters(text, done, start)
            found = text[start:end]
            cost = self._link(found) if is_link else self._mention(found)
            yield Piece(end, cost, is_link)
            done = end
        yield from self.characters(text, done, len(text))

    def characters(self, text: str, start: int, end: int) -> Iterator[Piece]:
        """A stretch of the text in characters alone."""
        for character in graphemes(text[start:end]):
            start += len(character)
            yield Piece(start, len(character) if self._by_code_points else 1)

    def _link(self, link: str) -> int:
        length = self._length(link)
        if self.link_cost is None:
            return length
        # Services know the names of the web: what is none of it may cost what it is long.
        return self.link_cost if _PUBLIC.match(link) else max(self.link_cost, length)

    def _mention(self, mention: str) -> int:
        is_short = self.counting is Counting.FEDIVERSE
        return self._length("@" + mention.split("@")[1] if is_short else mention)

    def _length(self, text: str) -> int:
        return len(text) if self._by_code_points else sum(1 for _ in graphemes(text))

    @property
    def _by_code_points(self) -> bool:
        return self.counting is Counting.CODE_POINTS


CODE_POINTS = Counter()
"""Counts as `len` does."""

LONGEST_PIECE = 4_000
"""Code points of a link or a mention, by the bounds below."""

# Where services do not agree on what belongs to a link, the shorter one is taken: what is outside
# costs more. Mastodon's own rule is that of twitter-text, with the characters of other scripts.
# Lengths have bounds, as a text of nothing but beginnings of links would take its length squared.
_HOST = r"(?:[\w-]{1,63}\.){0,20}(?:[a-z0-9-]{1,63}|[^\W_a-z0-9]{1,63})"
_LINK = (
    rf"(?<![A-Za-z0-9@＠$#＃])https?://{_HOST}(?::[0-9]{{1,5}})?"
    r'(?:[/?][^\s<>"{}\\`…、。！？「」『』（）]{0,2000})?'
)
_MENTION = (
    r"(?<![=/\w])@[a-z0-9_](?:[a-z0-9_.-]{0,99}[a-z0-9_])?"
    r"(?:@[a-z0-9](?:[a-z0-9.-]{0,249}[a-z0-9])?)?"
)
_EITHER = re.compile(f"(?P<link>{_LINK})|{_MENTION}", re.IGNORECASE)
_PUBLIC = re.compile(r"https?://(?:[\w-]+\.)+[^\W0-9_]", re.IGNORECASE)
_NOT_AT_THE_END = "?!*\"'<>;:=,.$%[]~&|@"


def links_in(text: str) -> list[str]:
    """The links of a text, as far as every service takes them for links.

    >>> links_in("See (https://a.example/b), @ada@social.example.")
    ['https://a.example/b']
    """
    return [text[start:end] for start, end, is_link in _links_and_mentions(text) if is_link]


def _links_and_mentions(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where each starts and ends, in order, and whether it is a link."""
    place = 0
    while found := _EITHER.search(text, place):
        start, place = found.span()
        is_link = found["link"] is not None
        if is_link:
            place = start + _length_of_link(found[0])
        yield start, place, is_link


def _length_of_link(link: str) -> int:
    """Without brackets that it does not open and close, nor what ends a sentence."""
    opened: list[int] = []
    end = len(link)
    if "(" not in link and ")" not in link:
        return len(link.rstrip(_NOT_AT_THE_END))
    for place, char in enumerate(link):
        if char == "(":
            opened.append(place)
        elif char == ")" and opened:
            opened.pop()
        elif char == ")":
            end = place
            break
    return len(link[: min(opened, default=end)].rstrip(_NOT_AT_THE_END))
