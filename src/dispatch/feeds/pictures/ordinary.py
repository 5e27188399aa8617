"""Bytes that are said to be a picture -> an ordinary JPEG or PNG without anything hidden in it.

By Pillow, which is the extra `pictures`. Meant for a process with limits
(`dispatch.feeds.pictures.reader`): what a hostile picture makes of its time is not known.
"""

import warnings
from contextlib import suppress
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from dispatch.model.editions.card import SMALLEST, KeptPicture, keep
from dispatch.model.editions.picture import kind_and_sides
from dispatch.model.editions.uploaded import MOST_MEGAPIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_SIDE = 1_600
"""Pixels of a side that is kept: no network shows more in a card."""

MOST_PIXELS = MOST_MEGAPIXELS * 1_000_000
"""Of a picture that is opened at all: twice what telephones take, some 160 MB in memory."""

MOST_PNG = 1_000_000
"""Bytes of a PNG; a larger one is a photograph, which a JPEG holds in a tenth of them."""

QUALITY = 88

FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "AVIF")
"""What is opened. Not what else Pillow knows: some of that starts other programs."""

_MADE_SMALLER = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"})
"""Modes whose pixels can be mixed; others are numbers of colours, or have more bits."""

_SIXTEEN_BITS = frozenset({"I;16", "I;16B", "I;16L", "I"})


def is_available() -> bool:
    """Whether the extra is installed."""
    return find_spec("PIL") is not None


def make_ordinary(data: bytes) -> KeptPicture:
    """The picture in these bytes, upright, at most MOST_SIDE, its first frame if it moves.

    What else is in the file is left behind, such as where it was taken. Transparent pictures stay
    PNG, and so do small drawings; everything else is a JPEG. Raises ValueError, a few words on what
    is wrong. The same bytes give the same picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # we have a limit of our own
            return _made_ordinary(data)
    except (ValueError, MemoryError):
        raise
    except Exception as error:  # whatever a decoder finds wrong with it
        raise ValueError("is damaged, or no picture that can be read") from error


def keep_as_it_is(data: bytes) -> KeptPicture:
    """The same without Pillow, where it is an ordinary picture already. Raises ValueError."""
    kind, width, height = kind_and_sides(data)
    if max(width, height) > MOST_SIDE or len(data) > MOST_PNG:
        raise ValueError("is too large to be kept as it is: dispatch-digest[pictures] makes less")
    _check_sides(width, height)
    return keep(kind, width, height, data)


def save(picture: "Image", kind: str, quality: int = QUALITY) -> bytes:
    """The bytes of a file: image/png or image/jpeg, without anything but the picture."""
    out = BytesIO()
    if kind == "image/png":
        picture.save(out, "PNG", optimize=True)
    else:
        flat(picture).save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def flat(picture: "Image") -> "Image":
    """The same on white, where anything shines through."""
    from PIL import Image  # noqa: PLC0415 - an extra

    if not is_transparent(picture):
        return picture.convert("RGB")
    with_alpha = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, with_alpha).convert("RGB")


def is_transparent(picture: "Image") -> bool:
    """Whether anything shines through."""
    if not picture.has_transparency_data:
        return False
    return any(picture.convert("RGBA").getchannel("A").histogram()[:255])


def open_known(data: bytes) -> "Image":
    """The picture in these bytes, not decoded yet, of a format in FORMATS.

    Raises Image.DecompressionBombError for more than MOST_PIXELS, and OSError for anything else.
    """
    from PIL import Image  # noqa: PLC0415 - an extra, and 50 ms

    Image.init()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    known = [one for one in FORMATS if one in Image.OPEN]
    picture: Image.Image = Image.open(BytesIO(data), formats=known)
    if picture.width * picture.height > MOST_PIXELS:
        raise Image.DecompressionBombError(_TOO_MANY)
    return picture


def upright(picture: "Image", most: tuple[int, int]) -> "Image":
    """The picture decoded, turned as its EXIF says, in usual colours, within this width and height.

    Nothing but its pixels is left.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - an extra

    if picture.format in {"JPEG", "MPO"}:
        picture.draft("RGB", (2 * max(most), 2 * max(most)))  # decodes no more than is needed
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode in _MADE_SMALLER:  # first, as the rest then costs little
        picture.thumbnail(most, Image.Resampling.LANCZOS)
    picture = _in_usual_colours(picture)
    picture.info.clear()  # where comments are, which would be written with it
    picture.thumbnail(most, Image.Resampling.LANCZOS)
    return picture


def _made_ordinary(data: bytes) -> KeptPicture:
    from PIL import Image  # noqa: PLC0415 - an extra

    try:
        picture = open_known(data)
    except Image.DecompressionBombError as bomb:
        raise ValueError(_TOO_MANY) from bomb
    except OSError as error:
        raise ValueError("is no JPEG, PNG, GIF, WebP or AVIF that can be read here") from error
    _check_sides(*picture.size)
    drawn = picture.format in {"PNG", "GIF"}
    picture = upright(picture, (MOST_SIDE, MOST_SIDE))
    _check_sides(*picture.size)
    transparent = is_transparent(picture)
    kind, made = "image/png", b""
    if drawn or transparent:
        made = save(picture.convert("RGBA" if transparent else "RGB"), kind)
    if not made or (len(made) > MOST_PNG and not transparent):
        kind = "image/jpeg"
        made = save(picture, kind)
    return keep(kind, *picture.size, made)


def _in_usual_colours(picture: "Image") -> "Image":
    """RGB with or without alpha, as screens have it."""
    if picture.mode in _SIXTEEN_BITS:
        # The upper eight bits: convert() alone would cut off what is brighter.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    transparent = picture.has_transparency_data
    if profile := picture.info.get("icc_profile"):
        with suppress(Exception):  # a profile that cannot be read is no reason to do without it
            picture = _without_profile(picture, profile, "RGBA" if transparent else "RGB")
    return picture.convert("RGBA" if transparent else "RGB")


def _without_profile(picture: "Image", profile: bytes, mode: str) -> "Image":
    from PIL import ImageCms  # noqa: PLC0415 - an extra

    if picture.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return picture
    found = ImageCms.ImageCmsProfile(BytesIO(profile))
    to = mode if picture.mode in {"RGB", "RGBA"} else "RGB"
    changed = ImageCms.profileToProfile(
        picture, found, ImageCms.createProfile("sRGB"), outputMode=to
    )
    return changed or picture


def _check_sides(width: int, height: int) -> None:
    if min(width, height) < SMALLEST:
        raise ValueError(f"is too small to be shown ({width} by {height} pixels)")


_TOO_MANY = f"has more than {MOST_PIXELS // 1_000_000} million pixels"
