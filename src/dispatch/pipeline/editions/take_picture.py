"""A file that somebody hands over -> a picture that a piece can show."""

from dispatch.clock import Clock
from dispatch.feeds.pictures.fetch import ReadPicture
from dispatch.model.editions.piece import PiecePicture
from dispatch.model.editions.uploaded import MOST_BYTES, MOST_NAME, PictureRefused, Unfit
from dispatch.store.transactions import Store


def take_picture(
    name: str, data: bytes, *, by: str, read: ReadPicture, store: Store, clock: Clock
) -> PiecePicture:
    """Keep the picture in these bytes, made ordinary; the same one is kept once.

    `name` is the file's, as somebody had it, and decides nothing. Raises PictureRefused.
    """
    called = _called(name)
    if not data:
        raise PictureRefused(called, Unfit.EMPTY, "is empty - choose the file again")
    if len(data) > MOST_BYTES:
        advice = f"choose one of at most {MOST_BYTES // 1_000_000} MB"
        raise PictureRefused(called, Unfit.TOO_LARGE, f"is too large - {advice}")
    try:
        kept = read(data)
    except ValueError as problem:
        advice = "choose a JPEG, PNG, GIF or WebP"
        raise PictureRefused(called, Unfit.NO_PICTURE, f"{problem} - {advice}") from problem
    with store.begin() as tx:
        tx.uploaded_pictures.keep(kept, name=called, by=by, now=clock())
    return PiecePicture(kept.mark, kept.kind, kept.width, kept.height)


def _called(name: str) -> str:
    """The last part of a file's name, as far as it can be shown in a line."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[:MOST_NAME] or "picture"
