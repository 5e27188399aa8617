"""A file that somebody hands over -> a picture that a piece can show."""

from dispatch.clock import Clock
from dispatch.feeds.pictures.fetch import ReadPicture
from dispatch.feeds.pictures.reader import NotRead, TakesTooMuch
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
        raise PictureRefused(called, Unfit.EMPTY)
    if len(data) > MOST_BYTES:
        raise PictureRefused(called, Unfit.TOO_LARGE)
    try:
        kept = read(data)
    except ValueError as problem:
        raise PictureRefused(called, _why(problem)) from problem
    with store.begin() as tx:
        tx.uploaded_pictures.keep(kept, name=called, by=by, now=clock())
    return PiecePicture(kept.mark, kept.kind, kept.width, kept.height)


def _why(problem: ValueError) -> Unfit:
    if isinstance(problem, TakesTooMuch):
        return Unfit.TOO_MUCH_WORK
    return Unfit.NOT_READ if isinstance(problem, NotRead) else Unfit(str(problem))


def _called(name: str) -> str:
    """The last part of a file's name, as far as it can be shown in a line."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[:MOST_NAME] or "picture"
