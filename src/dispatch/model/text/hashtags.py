"""Hashtags: those of a text, and the ones that topics make."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from unicodedata import category, normalize

LONGEST = 50
"""In code points, of one that a topic makes; nobody looks for a longer one."""

_SIGNS = "#＃"
_INSIDE = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
)
_JOINERS = "\u200c\u200d"
_EMOJI_STYLE = frozenset("\ufe0e\ufe0f\u20e3")


def hashtags_in(text: str) -> Iterator[tuple[int, int]]:
    """Where each hashtag of a text starts, with its sign, and ends.

    By twitter-text's rule, which is the strictest: others take these, too
    (source: https://github.com/twitter/twitter-text). What is inside of a link is not looked for.

    >>> [text[start:end] for text in ["#1, #2nd, a#b (#Café)"] for start, end in hashtags_in(text)]
    ['#2nd', '#Café']
    """
    place = 0
    while place < len(text):
        if text[place] not in _SIGNS:
            place += 1
            continue
        start, place = place, place + 1
        while place < len(text) and _is_inside(text[place]):
            place += 1
        if _is_hashtag(text, start, place):
            yield start, place


def hashtags(topics: Iterable[str], most: int | None = None) -> list[str]:
    """The hashtags that topics make, each once, at most so many.

    Accents stay. Words are told apart by capitals, or by '_' where letters have none, so that a
    screen reader reads words. Left out is what no network takes, such as a year, and what would be
    another topic without its signs, such as "C++".

    >>> hashtags(["machine learning", "Machine Learning", "économie", "2026", "C++", "l'été"])
    ['#MachineLearning', '#économie', '#LÉté']
    """
    found: dict[str, str] = {}
    for topic in topics:
        if (tag := _of_topic(topic)) and (most is None or len(found) < most):
            found.setdefault(tag.casefold(), f"#{tag}")
    return list(found.values())


def _is_hashtag(text: str, start: int, end: int) -> bool:
    before, body, after = text[start - 1 : start], text[start + 1 : end], text[end : end + 3]
    if before and before not in _EMOJI_STYLE and (before == "&" or _is_inside(before)):
        return False
    if body[:1] in {"\ufe0f", "\u20e3"} or after[:1] in set(_SIGNS) or after == "://":
        return False
    return any(map(_is_letter, body))


def _of_topic(topic: str) -> str:
    words = list(_words(normalize("NFC", topic)))
    tag = "".join(words[:1])
    if len(words) > 1:
        tag = _capital(words[0])
        for before, word in pairwise(words):
            tag += _capital(word) if _has_case(word) or word[0].isdigit() else f"_{word}"
            if before[-1].isdigit() and word[0].isdigit():
                tag = f"{tag[: -len(word)]}_{word}"
    return tag if len(tag) <= LONGEST and any(map(_is_letter, tag)) else ""


def _words(topic: str) -> Iterator[str]:
    """Its words; none where signs that matter stand right behind one."""
    word, words = "", []
    for char in f"{topic} ":
        if char not in _EMOJI_STYLE and (_is_part(char) or (word and char in _JOINERS)):
            word += char
            continue
        if word and char in "+#♯":
            return iter(())
        word = word.strip(_JOINERS)
        while word and category(word[0])[0] == "M":
            word = word[1:]
        words += [word] if word else []
        word = ""
    return iter(words)


def _capital(word: str) -> str:
    """With a capital first, where it has none: "iPhone" stays."""
    return word if word != word.lower() else word[:1].title() + word[1:]


def _has_case(word: str) -> bool:
    return word[0].lower() != word[0].upper()


def _is_letter(char: str) -> bool:
    return category(char)[0] in "LM"


def _is_part(char: str) -> bool:
    return _is_letter(char) or category(char) == "Nd"


def _is_inside(char: str) -> bool:
    return _is_part(char) or char in _INSIDE
