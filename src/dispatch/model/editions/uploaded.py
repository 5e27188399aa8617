"""A picture that somebody of the team hands over for a piece: what it may be, where it is served.

Every number about it is here.
"""

from enum import StrEnum

from dispatch.errors import BadInput
from dispatch.model.editions.piece import PiecePicture

MOST_BYTES = 10_000_000
"""Of a file that is handed over: cameras make no more."""

MOST_MEGAPIXELS = 40
"""Of a picture that is opened at all, also for cards."""

MOST_WIDTH = 1_200
"""Pixels of what is kept: twice the column of a mail, for screens with twice as many."""

MOST_HEIGHT = 2_400
"""Likewise: what is higher is no picture between posts, but a column of its own."""

LEAST_SIDE = 8
"""Pixels of either side: a line that parts is that high."""

MOST_KEPT = 2_000_000
"""Bytes of what is kept: each reader's program fetches it."""

MOST_MOVING_WIDTH = 600
"""Pixels of one that moves: its bytes are those of all its frames."""

MOST_FRAMES = 150
"""Of one that moves: fifteen seconds at ten a second."""

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
    NOT_READ = "not_read"


ADVICE = {
    Unfit.EMPTY: "is empty - choose the file again",
    Unfit.TOO_LARGE: f"is larger than {MOST_BYTES // 1_000_000} MB - save it smaller",
    Unfit.NO_PICTURE: "is no picture that can be read here - choose a JPEG, PNG, GIF or WebP",
    Unfit.DAMAGED: "is damaged, or has not come whole - save it again, smaller, and choose that",
    Unfit.TOO_MANY_PIXELS: (
        f"has more than {MOST_MEGAPIXELS} million pixels - save it smaller, {MOST_WIDTH} wide is"
        " enough"
    ),
    Unfit.TOO_SMALL: f"is too small to be seen - choose one of {LEAST_SIDE} pixels a side at least",
    Unfit.MOVES_TOO_MUCH: (
        f"moves for longer than a mail can carry ({MOST_FRAMES} frames,"
        f" {MOST_KEPT // 1_000_000} MB) - choose a shorter one, or one that stands still"
    ),
    Unfit.TOO_MUCH_WORK: "takes too much time or memory to be read - save it smaller",
    Unfit.NEEDS_EXTRA: "cannot be looked at here - install dispatch-digest[pictures]",
    Unfit.NOT_READ: "was not looked at, as dispatch stops or cannot start a process - try it again",
}
"""The sentence for each, behind the file's name."""


class PictureRefused(BadInput):
    """A file that cannot be a piece's picture; nothing of it is kept. `why` is for pages' words."""

    def __init__(self, name: str, why: Unfit) -> None:
        self.name = name
        self.why = why
        super().__init__([f"{name}: {ADVICE[why]}"])


def address_of(picture: PiecePicture, public_url: str) -> str:
    """Where anybody finds it: the same bytes have the same address for ever.

    >>> address_of(PiecePicture("0af3", "image/png", 4, 3), "https://letters.example")
    'https://letters.example/pictures/0af3.png'
    """
    return f"{public_url}/pictures/{picture.mark}.{ENDINGS[picture.kind]}"
