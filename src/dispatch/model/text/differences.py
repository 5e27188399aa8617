"""What two texts have in common, word by word, and where they part."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape

MOST_HTML = 200_000
"""Of a text; who has more is compared by its beginning."""

MOST_WORDS = 400
"""Of what is compared word by word, which takes its time."""

MOST_TOKENS = 3_000
"""Words, spaces and signs of two texts together: comparing takes the product."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; `differs` where the other text does not have it."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Common:
    """How many words two texts share, and how many the longer one has."""

    shared: int
    of: int

    @property
    def same(self) -> bool:
        """Whether they say the same, and say something."""
        return 0 < self.of == self.shared


def words_of(html: str) -> list[str]:
    """The words that a reader sees of HTML.

    >>> words_of("<p>Bread &amp; <b>roses</b></p>")
    ['Bread', '&', 'roses']
    """
    return unescape(_TAG.sub(" ", html[:MOST_HTML])).split()


def in_common(one: Sequence[str], other: Sequence[str]) -> Common:
    """How many words two texts share, wherever these stand.

    >>> in_common("a b c".split(), "c a d e".split())
    Common(shared=2, of=4)
    """
    shared = Counter(one) & Counter(other)
    return Common(shared.total(), max(len(one), len(other)))


def marked(
    one: Sequence[str], other: Sequence[str], joint: str = " "
) -> tuple[list[Part], list[Part]]:
    """Both texts in parts, those marked that the other does not have.

    >>> marked(["at", "two"], ["at", "three"])[0]
    [Part(text='at ', differs=False), Part(text='two', differs=True)]
    """
    first, second = one[:MOST_WORDS], other[:MOST_WORDS]
    same = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return (
        _parts(first, [(block.a, block.size) for block in same], joint),
        _parts(second, [(block.b, block.size) for block in same], joint),
    )


def marked_whole(one: str, other: str) -> tuple[list[Part], list[Part]]:
    """The same of texts as they are written, with their lines, from beginning to end.

    What is too long to be compared word by word is marked as a whole.

    >>> [part.text for part in marked_whole("until 22 h", "until 23 h")[1] if part.differs]
    ['23']
    """
    first, second = _WORD.findall(one), _WORD.findall(other)
    if len(first) + len(second) > MOST_TOKENS:
        return [Part(one, one != other)], [Part(other, one != other)]
    same = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return (
        _parts(first, [(block.a, block.size) for block in same], ""),
        _parts(second, [(block.b, block.size) for block in same], ""),
    )


def excerpts(
    one: Sequence[str], other: Sequence[str], *, most: int = 45, lead: int = 10
) -> tuple[list[str], list[str]]:
    """At most so many words of both, from a little before the place where they first differ.

    >>> excerpts("a b c d e f".split(), "a b c x".split(), most=3, lead=1)
    (['…', 'c', 'd', 'e', '…'], ['…', 'c', 'x'])
    """
    pairs = zip(one, other, strict=False)
    apart = next((at for at, (mine, its) in enumerate(pairs) if mine != its), None)
    if apart is None:
        apart = 0 if len(one) == len(other) else min(len(one), len(other))
    first = max(0, apart - lead) if apart + lead > most else 0
    return _cut(one, first, most), _cut(other, first, most)


def _cut(words: Sequence[str], first: int, most: int) -> list[str]:
    before = ["…"] if first else []
    after = ["…"] if len(words) > first + most else []
    return [*before, *words[first : first + most], *after]


def _parts(words: Sequence[str], same: Sequence[tuple[int, int]], joint: str) -> list[Part]:
    parts, at = [], 0
    for begin, size in same:
        for stretch, differs in ((words[at:begin], True), (words[begin : begin + size], False)):
            if stretch:
                parts.append(Part(joint.join(stretch), differs))
        at = begin + size
    last = len(parts) - 1
    return [
        part if part.differs else Part(joint * (number > 0) + part.text + joint * (number < last))
        for number, part in enumerate(parts)
    ]
