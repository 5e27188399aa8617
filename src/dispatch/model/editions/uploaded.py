"""A picture that somebody of the team hands over for a piece: what it may be, where it is served.

Every number about it is here.
"""

from enum import StrEnum

from dispatch.errors import BadInput
from dispatch.model.editions.piece import PiecePicture

MOST_BYTES = 10_000_000
"""Of a file that is handed over: cameras make no more."""

MOST_WIDTH = 1_200
"""Pixels of what is kept: twice the column of a mail, for screens with twice as many."""

MOST_HEIGHT = 2_400
"""Likewise: what is higher is no picture between posts, but a column of its own."""

MOST_KEPT = 2_000_000
"""Bytes of what is kept: each reader's program fetches it."""

MOST_MOVING_WIDTH = 600
"""Pixels of one that moves: its bytes are those of all its frames."""

MOST_FRAMES = 200
"""Of one that moves: twenty seconds at ten a second."""

MOST_NAME = 100
"""Letters that are kept of the name of a file."""

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}
"""Kinds that are served, and how their addresses end. No WebP: not all mail programs show it."""


class Unfit(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    MOVES_TOO_MUCH = "moves_too_much"
    TOO_MUCH_WORK = "too_much_work"
    NEEDS_EXTRA = "needs_extra"


class PictureRefused(BadInput):
    """A file that cannot be a piece's picture; nothing of it is kept. `why` is for pages' words."""

    def __init__(self, name: str, why: Unfit, sentence: str) -> None:
        self.name = name
        self.why = why
        super().__init__([f"{name}: {sentence}"])


def address_of(picture: PiecePicture, public_url: str) -> str:
    """Where anybody finds it: the same bytes have the same address for ever.

    >>> address_of(PiecePicture("0af3", "image/png", 4, 3), "https://letters.example")
    'https://letters.example/pictures/0af3.png'
    """
    return f"{public_url}/pictures/{picture.mark}.{ENDINGS[picture.kind]}"
