"""Cutting a text so that it counts no more than it may, whatever it is written in."""

import re
from collections.abc import Iterator
from itertools import accumulate

from dispatch.model.text.counting import CODE_POINTS, Counter, Piece
from dispatch.model.text.links import LONGEST_PIECE
from dispatch.model.text.sentences import sentence_ends

ELLIPSIS = "…"

MOST_BACK = 20
"""So much is given up at most for the sake of a whole word, in what the counter counts: words of
European languages are rarely longer, and what is longer may be a text without spaces."""

MOST_BACK_TO_SENTENCE = 0.3
"""Such a share of the room is given up at most for the sake of a whole sentence: more, and a reader
would miss the words; less, and hardly any text ends with one."""

MOST_BACK_IN_PARTS = 0.5
"""The same where the rest follows: nothing is lost by it."""

TRAILING = frozenset(" \t\n\u00a0\u202f\u200b\u0f0b.,;:–—-…、，；：・")
"""Not wanted before an ellipsis."""

# Neither has spaces between words. In Chinese and Japanese these are mostly of two characters; in
# Thai, Lao, Burmese and Khmer, of some six code points, only a dictionary could tell them.
CJK = (
    "\u3041-\u3096\u30a1-\u30fa\u30fc\u31f0-\u31ff"  # Hiragana and Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
SOUTH_EAST = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9fe\uaa60-\uaa7f"

_FAR = 40  # code points in which the next word begins, which tells whether a sentence has ended
_BETWEEN = frozenset(" \t\n\u200b\u0f0b\u0f0d")  # the last are of Tibetan, after each syllable
_UNSPACED = re.compile(f"[{CJK}{SOUTH_EAST}]")


def cut(text: str, limit: int, counter: Counter = CODE_POINTS, *, sentences: bool = False) -> str:
    """The text if it counts no more than `limit`, else its beginning, marked with '…'.

    Cut between words, but no more is given up for that than MOST_BACK; else within a word, at what
    a reader sees as one character. A link is kept whole or left out, unless that left out more than
    half, and nothing is written right behind it. With `sentences`, as in posts on networks, it is
    cut behind a sentence where there is one near enough, needs no mark then, and parts no link.

    >>> cut("A very long headline", 12)
    'A very long…'
    >>> cut("See https://example.org/a/b for more", 31)
    'See https://example.org/a/b …'
    >>> cut("It rains. We stay in bed.", 12, sentences=True)
    'It rains.'
    """
    room = limit
    while (short := _cut(text, room, counter, sentences=sentences)) is not text:
        # What was cut may have become a link, which costs more than its letters did.
        over = counter.count(short) - limit
        if over <= 0 or room <= 0:
            break
        room -= over
    return short


def split(text: str, limit: int, counter: Counter = CODE_POINTS) -> str:
    """The beginning of the text that counts no more than `limit`, without any mark.

    It ends behind a sentence where one is near enough, else between words, else within one. Empty
    where not even a character fits, or a link.

    >>> split("It rains. We stay in bed.", 12), split("It rains all day", 12)
    ('It rains.', 'It rains all')
    """
    pieces = _up_to(text, limit, counter)
    if pieces is None:
        return text
    if end := _end_of_sentence(text, pieces, limit, MOST_BACK_IN_PARTS):
        return text[:end]
    kept = _fitting(text, pieces, limit, counter, mark=0, part_links=False)
    kept = _whole_words(text, kept) if kept else []
    return text[: kept[-1].end].rstrip() if kept else ""


def _cut(text: str, limit: int, counter: Counter, *, sentences: bool) -> str:
    pieces = _up_to(text, limit, counter)
    if pieces is None:
        return text
    if limit <= 0:
        return ""
    if sentences and (end := _end_of_sentence(text, pieces, limit, MOST_BACK_TO_SENTENCE)):
        return text[:end]
    kept = _fitting(
        text, pieces, limit, counter, mark=counter.count(ELLIPSIS), part_links=not sentences
    )
    kept = _without_trailing(text, _whole_words(text, kept)) or _without_trailing(text, kept)
    if not kept:
        return ELLIPSIS
    space = " " if kept[-1].is_link else ""  # else the mark would be taken for a part of it
    return f"{text[: kept[-1].end]}{space}{ELLIPSIS}"


def _up_to(text: str, limit: int, counter: Counter) -> list[Piece] | None:
    """The pieces up to the one that goes over the limit; None: all fits."""
    if counter == CODE_POINTS:
        if len(text) <= limit:
            return None
        text = text[: limit + LONGEST_PIECE]  # what is behind cannot matter, and may be long
    pieces: list[Piece] = []
    total = 0
    for piece in counter.pieces(text):
        pieces.append(piece)
        total += piece.cost
        if total > limit:
            return pieces
    return None


def _end_of_sentence(text: str, pieces: list[Piece], limit: int, back: float) -> int:
    """The last one that fits and is not too far from the limit; 0: there is none."""
    costs = dict(
        zip((one.end for one in pieces), accumulate(one.cost for one in pieces), strict=True)
    )
    near = text[: pieces[-1].end + _FAR]
    ends = [end for end in sentence_ends(near) if costs.get(end, limit + 1) <= limit]
    if not ends or costs[ends[-1]] < limit * (1 - back):
        return 0
    return ends[-1]


def _fitting(
    text: str, pieces: list[Piece], limit: int, counter: Counter, *, mark: int, part_links: bool
) -> list[Piece]:
    """Those that leave room for the mark, with what all up to each cost.

    A link needs a space before the mark.
    """
    part_links = part_links and not counter.link_cost
    kept: list[Piece] = []
    total = start = 0
    for piece in pieces:
        room = limit - total - mark - (1 if mark and piece.is_link else 0)
        if piece.cost > room:
            if total < limit // 2 and (part_links or not piece.is_link):
                kept += _beginning(counter.characters(text, start, piece.end), limit - mark, total)
            break
        total += piece.cost
        start = piece.end
        kept.append(Piece(piece.end, total, piece.is_link))
    return kept


def _beginning(characters: Iterator[Piece], limit: int, total: int) -> Iterator[Piece]:
    for character in characters:
        total += character.cost
        if total > limit:
            return
        yield Piece(character.end, total)


def _whole_words(text: str, kept: list[Piece]) -> list[Piece]:
    for number in range(len(kept), 0, -1):
        piece = kept[number - 1]
        if kept[-1].cost - piece.cost > MOST_BACK:
            break
        if piece.is_link or _is_between_words(text[piece.end - 1], text[piece.end]):
            return kept[:number]
    return kept


def _is_between_words(before: str, after: str) -> bool:
    between = before in _BETWEEN or after in _BETWEEN
    return between or bool(_UNSPACED.match(before) or _UNSPACED.match(after))


def _without_trailing(text: str, kept: list[Piece]) -> list[Piece]:
    number = len(kept)
    while number and not kept[number - 1].is_link:
        start = kept[number - 2].end if number > 1 else 0
        if text[start : kept[number - 1].end] not in TRAILING:
            break
        number -= 1
    return kept[:number]
