"""A piece: what the team writes into an edition, among its posts."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dispatch.model.intake.post import Post

MOST_PIECES = 100
"""In one edition."""

MOST_WORDS = 20_000
"""In code points, of the text of one."""

MOST_LINE = 300
"""In code points, of a heading, a label or an alternative text."""

MOST_ADDRESS = 2_000
"""In code points, of where something leads."""


class PieceKind(StrEnum):
    """What a piece is."""

    HEADING = "heading"
    TEXT = "text"
    PICTURE = "picture"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class PiecePicture:
    """An uploaded picture: `mark` is the SHA-256 of its bytes as they are served."""

    mark: str
    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`id` is its own in its edition, and begins with a letter, so that it is no post's.

    `text` is a heading's words, a text in Markdown, or a link's label; `address` is where a link
    leads, or a picture, which may have none. `alt` says what the picture shows, and is empty where
    it only `decorates`. `after` is how many posts are read before it; of those with as many, the
    order of the edition's pieces holds. `standing` is the number of the one that it is a copy of,
    0: of none.
    """

    id: str
    kind: PieceKind
    text: str = ""
    address: str = ""
    picture: PiecePicture | None = None
    alt: str = ""
    decorates: bool = False
    after: int = 0
    standing: int = 0

    @property
    def fingerprint(self) -> str:
        """A hash of what it says, wherever it stands: 64 hexadecimal digits."""
        mark = self.picture.mark if self.picture else ""
        said = (self.kind, self.text, self.address, mark, self.alt, str(self.decorates))
        return hashlib.sha256("\0".join(said).encode()).hexdigest()


Part = Post | Piece
"""What an edition is read as: posts, and pieces among them."""


def key_of(part: Part) -> str:
    """By what a part is named in forms and orders: the post's number, or the piece's id."""
    return part.id if isinstance(part, Piece) else str(part.id)


def in_order(posts: Sequence[Post], pieces: Sequence[Piece]) -> Iterator[Part]:
    """All parts as they are read."""
    for number in range(len(posts) + 1):
        yield from (piece for piece in pieces if _place(piece, len(posts)) == number)
        yield from posts[number : number + 1]


def apart(parts: Iterable[Part]) -> tuple[tuple[Post, ...], tuple[Piece, ...]]:
    """The posts, and the pieces with their places among them: the inverse of `in_order`."""
    posts: list[Post] = []
    pieces: list[Piece] = []
    for part in parts:
        if isinstance(part, Piece):
            pieces.append(replace(part, after=len(posts)))
        else:
            posts.append(part)
    return tuple(posts), tuple(pieces)


def _place(piece: Piece, posts: int) -> int:
    return min(piece.after, posts)
