"""What stands beside the social text of a post: the card of its link, and pictures."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from dispatch.model.campaigns.campaign import NoAlt

SMALLEST = 32
"""Pixels of a side; what is smaller is a dot by which somebody counts, or an icon."""


@dataclass(frozen=True, slots=True)
class PostCard:
    """What was found for one post, by its id, and is frozen with its edition.

    `title`, `description` and `picture` are those of the card of its link; `own` is the picture
    that stands by itself. Pictures are named by their marks, or empty where there is none; `alt`
    and `own_alt` are what somebody wrote about them. `problem` says in words what is missing.
    """

    post: int
    title: str = ""
    description: str = ""
    picture: str = ""
    alt: str = ""
    own: str = ""
    own_alt: str = ""
    problem: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of its pictures."""
        return tuple(dict.fromkeys(filter(None, (self.picture, self.own))))


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture in our store: `mark` is the SHA-256 of its bytes, in hexadecimal digits."""

    mark: str
    kind: str
    width: int
    height: int
    data: bytes = field(repr=False)


PicturesOf = Callable[[Collection[str]], Mapping[str, KeptPicture]]
"""Marks to those of the pictures that are there."""


def keep(kind: str, width: int, height: int, data: bytes) -> KeptPicture:
    """The picture with its mark."""
    return KeptPicture(hashlib.sha256(data).hexdigest(), kind, width, height, data)


def cards_of(cards: Iterable[PostCard], posts: Collection[int]) -> tuple[PostCard, ...]:
    """Those of these posts, in the order of their ids: however they came, they are the same."""
    mine = {one.post: one for one in cards if one.post in posts}
    return tuple(mine[post] for post in sorted(mine))


def alt_of(alt: str, title: str, rule: NoAlt) -> str | None:
    """What stands for a picture that is not seen; None: then it is left out.

    >>> alt_of("", "A title", NoAlt.TITLE)
    'A title'
    >>> alt_of("", "A title", NoAlt.LEAVE_OUT) is None
    True
    """
    if alt:
        return alt
    return title if rule is NoAlt.TITLE and title else None
