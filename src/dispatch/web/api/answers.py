"""What a handler answers beside a model: another status, headers; and tags of what it answers."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from dispatch.errors import DispatchError

CHANGED = "Changed-ETag"
"""A list of structured fields (RFC 9651)."""

_TAG = re.compile(r'(W/)?"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """A model with more said of it; `status` 0 is the operation's own."""

    model: BaseModel | None
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


class TagMissingError(DispatchError):
    """Two may change this, and the call does not say what it has seen (428)."""


class TagOldError(DispatchError):
    """What the call has seen is not what is there (412); `tag` is of what is."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__("it has changed since - get it anew, and say its ETag by If-Match")


def tag_of(*parts: object) -> str:
    """A tag of what a thing says: other parts give another one.

    >>> tag_of("a", 1) == tag_of("a", 1), tag_of("a", 1) == tag_of("a1")
    (True, False)
    """
    said = "\0".join(map(str, parts))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def changed_tags(*tags: tuple[str, str]) -> dict[str, str]:
    """The header that says which tags a call has made old: each as it was, and as it is now.

    Who has seen the first has, by what they did themselves, seen the second. It tells of things
    beside the one that `ETag` is of, and of none that somebody else has changed meanwhile.

    >>> changed_tags(("a", "b"), ("c", "c"))
    {'Changed-ETag': '"a";now="b"'}
    """
    said = ", ".join(f'"{was}";now="{now}"' for was, now in tags if was != now)
    return {CHANGED: said} if said else {}


def tags_in(header: str, *, weak: bool = False) -> frozenset[str]:
    """The strong tags that If-Match or If-None-Match names; weak ones, too, if they will do.

    >>> sorted(tags_in('"a", W/"b"')), sorted(tags_in('"a", W/"b"', weak=True))
    (['a'], ['a', 'b'])
    """
    return frozenset(tag for slack, tag in _TAG.findall(header) if weak or not slack)


def check_seen(if_match: str, tag: str) -> None:
    """Raise where a call does not name what it changes as it is now."""
    if not if_match.strip():
        raise TagMissingError(
            "If-Match: is missing - get it first, and say the ETag of what you saw by If-Match"
        )
    if if_match.strip() != "*" and tag not in tags_in(if_match):
        raise TagOldError(tag)
