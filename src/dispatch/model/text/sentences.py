"""Where the sentences of a text end, in most languages."""

import re
from collections.abc import Iterator

from dispatch.model.text.graphemes import Cuts

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


def sentence_ends(line: str) -> Iterator[int]:
    """The places right behind each sentence of a single-spaced text, but for the last one.

    >>> line = "Dr. No met J. Bond. They talked, e.g. of cats! Then?"
    >>> [line[:end] for end in sentence_ends(line)]
    ['Dr. No met J. Bond.', 'Dr. No met J. Bond. They talked, e.g. of cats!']
    """
    cuts, last = Cuts(line), _last_letter(line)
    for found in _END.finditer(line):
        if found.end() <= last and _is_end(line, found) and cuts.at(found.end()):
            yield found.end()


def _last_letter(line: str) -> int:
    """Where it is, -1 without any: signs alone, such as those of a cut, make no sentence."""
    return next((at for at in range(len(line) - 1, -1, -1) if line[at].isalnum()), -1)


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
