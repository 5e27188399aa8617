"""What somebody likes: a set of words, whatever their order and letter case."""

from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

from dispatch.model.text.invisible import visible
from dispatch.model.text.plain_text import one_line


class Topics(tuple[str, ...]):
    """Topics of a reader, each once, in lower case and in order; compared as the set they are.

    >>> Topics(["dessin", "ia"]) == ["IA", "Dessin"], "IA" in Topics(["ia"])
    (True, True)
    """

    __slots__ = ()

    def __contains__(self, topic: object) -> bool:
        return isinstance(topic, str) and super().__contains__(_topic(topic))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Topics):
            return super().__eq__(other)
        if not isinstance(other, tuple | list | set | frozenset):
            return NotImplemented
        return all(isinstance(one, str) for one in other) and super().__eq__(topics_of(other))

    def __ne__(self, other: object) -> bool:
        same = self.__eq__(other)
        return same if same is NotImplemented else not same

    def __hash__(self) -> int:
        return super().__hash__()


def topics_of(words: Iterable[str]) -> Topics:
    """The topics that words name.

    >>> topics_of(["IA", " Dessin ", "ia", ""])
    ('dessin', 'ia')
    """
    return _topics_of(tuple(words))


@lru_cache(maxsize=4096)
def _topics_of(words: tuple[str, ...]) -> Topics:
    # Most readers have the topics of many others.
    return Topics(sorted(set(map(_topic, words)) - {""}))


@lru_cache(maxsize=4096)
def _topic(word: str) -> str:
    """A topic as it is compared: an accent may be a character of its own, or of its letter's."""
    return normalize("NFC", one_line(visible(word)).casefold())
