"""The first words or sentences of a text."""

import re
from itertools import islice

from dispatch.model.text.cutting import CJK, ELLIPSIS, SOUTH_EAST, TRAILING
from dispatch.model.text.graphemes import Cuts
from dispatch.model.text.plain_text import single_spaced
from dispatch.model.text.sentences import sentence_ends

# Tibetan has a mark after each syllable. What is longer than any word is told in parts.
_TIBETAN = "\u0f00-\u0fff"
_PIECE = re.compile(
    rf"https?://\S+|[{CJK}]|[{SOUTH_EAST}]{{1,6}}|[\u0f40-\u0fff]+[\u0f00-\u0f3f]*"
    rf"|[^ {CJK}{SOUTH_EAST}\u0f40-\u0fff]{{1,30}}"
)
_HALF = re.compile(f"[{CJK}{_TIBETAN}]")

_LONGEST_ATTACHED = 10  # signs that end a word, such as stops and brackets


def teaser(text: str, *, words: int | None = None, sentences: int | None = None) -> str:
    """The beginning of the text on one line: so many words or sentences, marked with '…' if cut.

    Whole sentences need no mark. Two characters of Chinese or Japanese count as a word, six of
    Thai, Lao, Burmese or Khmer, two syllables of Tibetan, and 30 of what has no space.

    >>> teaser("one two three, four", words=3)
    'one two three…'
    >>> teaser("Dr. No met J. Bond. They talked, e.g. of cats! Then?", sentences=2)
    'Dr. No met J. Bond. They talked, e.g. of cats!'
    """
    line = single_spaced(text)
    end, mark = place_to_cut(line, words=words, sentences=sentences)
    return line[:end] + mark


def place_to_cut(
    line: str, *, words: int | None = None, sentences: int | None = None
) -> tuple[int, str]:
    """Where the teaser of a single-spaced text ends, and the mark that says so."""
    end = len(line) if sentences is None else _end_of_sentence(line, sentences)
    last = end if words is None else _end_of_word(line[:end], words)
    return last, ELLIPSIS if last < end and (words or 0) > 0 else ""


def _end_of_word(line: str, words: int) -> int:
    cuts = Cuts(line)
    end = 0
    room = 2 * words  # in halves of a word
    for piece in _PIECE.finditer(line):
        attached = (
            0 < end == piece.start()
            and len(piece[0]) <= _LONGEST_ATTACHED
            and not any(map(str.isalnum, piece[0]))
        )
        room -= 0 if attached else 1 if _HALF.match(piece[0]) else 2
        if room < 0 and cuts.at(end):
            return _without_trailing(line, end, cuts)
        end = piece.end()
    return len(line)


def _without_trailing(line: str, end: int, cuts: Cuts) -> int:
    while end and line[end - 1] in TRAILING and cuts.at(end - 1):
        end -= 1
    return end


def _end_of_sentence(line: str, sentences: int) -> int:
    ends = islice(sentence_ends(line), max(sentences - 1, 0), None)
    return next(ends, len(line)) if sentences > 0 else 0
