"""The first words or sentences of a text."""

import re

from dispatch.model.text.cutting import CJK, ELLIPSIS, SOUTH_EAST, TRAILING
from dispatch.model.text.graphemes import Cuts
from dispatch.model.text.plain_text import single_spaced

# Tibetan has a mark after each syllable. What is longer than any word is told in parts.
_TIBETAN = "\u0f00-\u0fff"
_PIECE = re.compile(
    rf"https?://\S+|[{CJK}]|[{SOUTH_EAST}]{{1,6}}|[\u0f40-\u0fff]+[\u0f00-\u0f3f]*"
    rf"|[^ {CJK}{SOUTH_EAST}\u0f40-\u0fff]{{1,30}}"
)
_HALF = re.compile(f"[{CJK}{_TIBETAN}]")

_LONGEST_ATTACHED = 10  # signs that end a word, such as stops and brackets

_CLOSERS = "\\])}\"'”’»›」』】）〉》"
_END = re.compile(
    rf"[.!?…؟۔।॥።။។]+(?:[\u00a0\u202f]?[{_CLOSERS}])*(?=\s|$)|[。！？｡]+[{_CLOSERS}]*"
)
_WIDE_STOPS = "。！？｡"
_NEXT_LETTER = re.compile(r"[^\w.!?]*(\w)")
_LAST_WORD = re.compile(r"[^\s(\[{\"'“‘„«‹]*$")
_INITIALS = re.compile(
    r"(?:[^\W\d_]\.)*[^\W\d_]|\d{1,2}"
)  # z. B., e.g., U.S., J. S. Bach, am 3. Mai
_LONGEST_ABBREVIATION = 20

# Those that mostly end a sentence, such as "etc.", and those that are a word, are left out.
_ABBREVIATIONS = frozenset(
    {
        *("approx", "av", "bd", "bzw", "ca", "capt", "cf", "chap", "col", "dept", "dipl", "dr"),
        *("ed", "eds", "env", "evtl", "fig", "gen", "ggf", "gov", "hr", "hrsg", "inkl", "jr"),
        *("lt", "mgr", "mlle", "mm", "mme", "mr", "mrs", "ms", "mt", "nr", "op", "pp", "prof"),
        *("resp", "rev", "sen", "sgt", "sr", "sra", "st", "ste", "univ", "vgl", "vol", "vs"),
        *("jan", "janv", "feb", "févr", "apr", "avr", "aug", "sept", "oct", "okt", "nov", "dec"),
        *("dez", "déc", "juil", "zzgl"),
    }
)


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
    if sentences <= 0:
        return 0
    cuts = Cuts(line)
    for found in _END.finditer(line):
        if _is_end(line, found) and cuts.at(found.end()):
            sentences -= 1
            if not sentences:
                return found.end()
    return len(line)


def _is_end(line: str, found: re.Match[str]) -> bool:
    if found[0][0] in _WIDE_STOPS:
        return True
    following = _NEXT_LETTER.match(line, found.end())
    if following and following[1].islower():
        return False
    if found[0] != ".":
        return True
    before = _LAST_WORD.search(line[max(0, found.start() - _LONGEST_ABBREVIATION) : found.start()])
    word = before[0] if before else ""
    return not (_INITIALS.fullmatch(word) or word.lower() in _ABBREVIATIONS)
