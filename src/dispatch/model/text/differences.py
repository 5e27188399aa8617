"""What is different in two texts, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

Parts = tuple[tuple[str, bool], ...]
"""A text in stretches; true for those that the other one does not have."""

MOST_WORDS = 3_000
"""Of both together: comparing takes their product, and nobody reads that closely for longer."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


def marked(before: str, after: str) -> tuple[Parts, Parts]:
    """Both texts with what is different marked.

    >>> marked("open until 22 h", "open until 23 h")[1]
    (('open until ', False), ('23', True), (' h', False))
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return ((before, before != after),), ((after, before != after),)
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    left = tuple(_stretches((old[a:b], kind != "equal") for kind, a, b, _, _ in found))
    right = tuple(_stretches((new[a:b], kind != "equal") for kind, _, _, a, b in found))
    return left, right


def _stretches(pieces: "Iterator[tuple[list[str], bool]]") -> Iterator[tuple[str, bool]]:
    for words, other in pieces:
        if words:
            yield "".join(words), other
