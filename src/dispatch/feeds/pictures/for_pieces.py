"""What somebody uploads -> a picture that all mail programs show, and that tells nothing else.

By Pillow, which is the extra `pictures`, in a process with limits like all pictures of anybody.
"""

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from dispatch.feeds.pictures.ordinary import (
    MOST_PNG,
    QUALITY,
    is_transparent,
    open_known,
    save,
    upright,
)
from dispatch.model.editions.card import KeptPicture, keep
from dispatch.model.editions.uploaded import (
    LEAST_SIDE,
    MOST_FRAMES,
    MOST_HEIGHT,
    MOST_KEPT,
    MOST_MOVING_WIDTH,
    MOST_WIDTH,
    Unfit,
)

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITIES = (QUALITY, 75, 60)
"""Of a JPEG: the first at which it is small enough."""

WIDTHS = (MOST_MOVING_WIDTH, MOST_MOVING_WIDTH * 2 // 3)
"""Of what moves, likewise."""

COLOURS = 256
"""A palette has no more, and in a GIF the last of them is what shines through."""

_HALF = 128


def make_for_piece(data: bytes) -> KeptPicture:
    """The picture in these bytes, upright, in sRGB, within the limits of `uploaded`.

    What moves does so still, as a GIF. Drawings and what is transparent stay PNG, everything else
    is a JPEG. Raises ValueError with the word of an Unfit. The same bytes give the same picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # we have a limit of our own
            return _made(data)
    except (ValueError, MemoryError) as error:
        if str(error) in set(Unfit) or isinstance(error, MemoryError):
            raise
        raise ValueError(Unfit.DAMAGED) from error
    except Exception as error:  # whatever a decoder finds wrong with it
        raise ValueError(Unfit.DAMAGED) from error


def _made(data: bytes) -> KeptPicture:
    from PIL import Image  # noqa: PLC0415 - an extra, and 50 ms

    try:
        picture = open_known(data)
    except Image.DecompressionBombError as bomb:
        raise ValueError(Unfit.TOO_MANY_PIXELS) from bomb
    except OSError as error:
        # WebP is decoded when it is opened.
        raise ValueError(Unfit.DAMAGED if _is_webp(data) else Unfit.NO_PICTURE) from error
    _check_sides(picture)
    # The other pictures of an MPO are the same for another eye, or smaller.
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        return _moving(data, picture)
    drawn = picture.format in {"PNG", "GIF"}
    picture = upright(picture, (MOST_WIDTH, MOST_HEIGHT))
    _check_sides(picture)
    transparent = is_transparent(picture)
    made = _as_png(picture, transparent=transparent) if drawn or transparent else b""
    if made and (transparent or len(made) <= MOST_PNG):
        return keep("image/png", *picture.size, made)
    return keep("image/jpeg", *picture.size, _as_jpeg(picture))


def _as_jpeg(picture: "Image") -> bytes:
    made = b""
    for quality in QUALITIES:
        made = save(picture, "image/jpeg", quality)
        if len(made) <= MOST_KEPT:
            break
    return made


def _as_png(picture: "Image", *, transparent: bool) -> bytes:
    """With a palette where it loses nothing by that, or is too large without."""
    from PIL import Image  # noqa: PLC0415 - an extra

    if not transparent:
        picture = picture.convert("RGB")
        if picture.getcolors(COLOURS):
            fewer = picture.quantize(COLOURS, dither=Image.Dither.NONE)
            if fewer.convert("RGB").tobytes() == picture.tobytes():
                picture = fewer
        return save(picture, "image/png")
    picture = picture.convert("RGBA")
    made = save(picture, "image/png")
    if len(made) > MOST_PNG:
        made = save(picture.quantize(COLOURS, Image.Quantize.FASTOCTREE), "image/png")
    return made


def _moving(data: bytes, picture: "Image") -> KeptPicture:
    """All frames as a GIF, in the largest width in which it is small enough."""
    if picture.n_frames > MOST_FRAMES:  # type: ignore[attr-defined]
        raise ValueError(Unfit.MOVES_TOO_MUCH)
    loop = picture.info.get("loop")
    for width in WIDTHS:
        first, *others = _frames(open_known(data), (width, MOST_HEIGHT))
        _check_sides(first)
        out = BytesIO()
        first.save(
            out,
            "GIF",
            save_all=True,
            append_images=others,
            duration=[one.info["duration"] for one in (first, *others)],
            disposal=2,
            optimize=True,
            **({} if loop is None else {"loop": loop}),
        )
        if out.tell() <= MOST_KEPT:
            return keep("image/gif", *first.size, out.getvalue())
    raise ValueError(Unfit.MOVES_TOO_MUCH)


def _frames(picture: "Image", most: tuple[int, int]) -> Iterator["Image"]:
    from PIL import Image, ImageSequence  # noqa: PLC0415 - an extra

    for frame in ImageSequence.Iterator(picture):
        whole = frame.convert("RGBA")
        whole.thumbnail(most, Image.Resampling.LANCZOS)
        fewer = whole.convert("RGB").quantize(COLOURS - 1)
        clear = whole.getchannel("A").point(lambda alpha: 255 if alpha < _HALF else 0)
        fewer.info.clear()
        if clear.getbbox():
            fewer.paste(COLOURS - 1, mask=clear)
            fewer.info["transparency"] = COLOURS - 1
        fewer.info["duration"] = frame.info.get("duration", 100)
        yield fewer


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _check_sides(picture: "Image") -> None:
    if min(picture.size) < LEAST_SIDE:
        raise ValueError(Unfit.TOO_SMALL)
