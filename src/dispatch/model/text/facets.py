"""Links, hashtags and mentions of a text, and where they stand in its bytes."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, takewhile

from dispatch.model.text.counting import CODE_POINTS
from dispatch.model.text.graphemes import graphemes

LONGEST_TAG = 64
"""Graphemes of a hashtag; what is longer is none
(https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/richtext/facet.json)."""


class FacetKind(StrEnum):
    """What a part of a text is, besides words."""

    LINK = "link"
    TAG = "tag"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Facet:
    """A part of a text from `start` up to `end`, in bytes of its UTF-8.

    `value` is the link itself, or a tag or a name without the sign before it.
    """

    start: int
    end: int
    kind: FacetKind
    value: str


def facets_in(text: str) -> list[Facet]:
    """What a text links to, in its order; no two of them share a character.

    Links are those that every service takes for links. A mention is a name with a dot in it, as
    handles of Bluesky have. Half a character counts as the question mark that is sent for it.

    >>> [(one.start, one.end, one.value) for one in facets_in("Été #été: https://a.example/b.")]
    [(6, 12, 'été'), (14, 33, 'https://a.example/b')]
    """
    text = text.encode("utf-8", "replace").decode()
    links = [(start, end, FacetKind.LINK, text[start:end]) for start, end in _links(text)]
    found = sorted(links + list(_between(text, [(start, end) for start, end, _, _ in links])))
    facets: list[Facet] = []
    place = size = 0
    for start, end, kind, value in found:
        before, inside = size + _size(text[place:start]), _size(text[start:end])
        facets.append(Facet(before, before + inside, kind, value))
        place, size = end, before + inside
    return facets


Found = tuple[int, int, FacetKind, str]


def _links(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for piece in CODE_POINTS.pieces(text):
        if piece.is_link:
            yield start, piece.end
        start = piece.end


def _between(text: str, links: list[tuple[int, int]]) -> Iterator[Found]:
    """Tags and mentions outside of links."""
    edges = [(0, 0), *links, (len(text), len(text))]
    for (_, begin), (end, _) in pairwise(edges):
        for found in _SIGNS.finditer(text, begin, end):
            start = found.start()
            if name := found["name"]:
                yield start, found.end(), FacetKind.MENTION, name
            elif tag := _tag(found["tag"]):
                yield start, start + 1 + len(tag), FacetKind.TAG, tag


def _tag(word: str) -> str:
    """What of a word behind a number sign is the tag; empty where it is none."""
    tag = "".join(takewhile(_is_of_tags, word)).rstrip("-")
    has_letter = any(unicodedata.category(char)[0] == "L" for char in tag)
    return tag if has_letter and sum(1 for _ in graphemes(tag)) <= LONGEST_TAG else ""


def _is_of_tags(char: str) -> bool:
    # Marks are the vowel signs of many scripts.
    return char in "_-" or unicodedata.category(char)[0] in "LMN"


# Of handles: https://atproto.com/specs/handle; of tags, as the network's own programs find them:
# https://github.com/bluesky-social/atproto/pull/1762. What is longer than here is none of either.
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SIGNS = re.compile(
    r"(?<![\w#＃@/&=.-])"
    r"(?:[#＃](?P<tag>[^\s#＃@]{1,640})"
    rf"|@(?P<name>(?:{_LABEL}\.){{1,10}}[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?)(?![\w@]))"
)


def _size(text: str) -> int:
    return len(text.encode())
