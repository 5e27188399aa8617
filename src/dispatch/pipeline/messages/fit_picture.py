"""A picture that we keep, as one network takes it: its kinds, bytes and sides."""

from collections.abc import Iterator
from io import BytesIO

from dispatch.channels.provider import PictureLimits
from dispatch.feeds.pictures.ordinary import is_available, is_transparent, save
from dispatch.model.delivery.message import SocialPicture
from dispatch.model.editions.card import KeptPicture
from dispatch.model.text.cutting import cut

STEPS = ((1.0, 88), (1.0, 75), (1.0, 60), (0.75, 75), (0.5, 75), (0.35, 75), (0.25, 70), (0.15, 60))
"""Shares of the sides and qualities of a JPEG, from the best to the smallest worth looking at."""


def fit_picture(picture: KeptPicture, limits: PictureLimits, alt: str) -> SocialPicture | None:
    """The picture within these limits, and the words for it; None where it cannot be done.

    The same picture and limits give the same bytes, so that a repeat is one. What fits stays as it
    is; anything else takes Pillow, the extra `pictures`.
    """
    words = alt if limits.most_alt is None else cut(alt, limits.most_alt)
    if is_within(picture, limits):
        return SocialPicture(picture.data, picture.kind, picture.width, picture.height, words)
    if not is_available():
        return None
    for kind, width, height, data in _smaller(picture, limits):
        if len(data) <= limits.most_bytes:
            return SocialPicture(data, kind, width, height, words)
    return None


def is_within(picture: KeptPicture, limits: PictureLimits) -> bool:
    """Whether it can be handed over as it is."""
    side = max(picture.width, picture.height)
    return (
        picture.kind in limits.kinds
        and len(picture.data) <= limits.most_bytes
        and (limits.most_side is None or side <= limits.most_side)
    )


def _smaller(picture: KeptPicture, limits: PictureLimits) -> Iterator[tuple[str, int, int, bytes]]:
    """It in other kinds, sides and qualities, the best first: kind, width, height, bytes."""
    from PIL import Image  # noqa: PLC0415 - an extra, and 50 ms

    with Image.open(BytesIO(picture.data), formats=("JPEG", "PNG", "GIF")) as opened:
        transparent = is_transparent(opened)
        whole = opened.convert("RGBA" if transparent else "RGB")
    kinds = [one for one in ("image/jpeg", "image/png") if one in limits.kinds]
    if transparent or picture.kind == "image/png":  # as long as it can be, it stays what it is
        kinds.reverse()
    for kind in kinds:
        for share, quality in STEPS if kind == "image/jpeg" else _SHARES:
            side = max(whole.size)
            wanted = round(min(side, limits.most_side or side) * share)
            made = whole.copy()
            made.thumbnail((wanted, wanted), Image.Resampling.LANCZOS)
            yield kind, *made.size, save(made, kind, quality)


_SHARES = ((1.0, 0), (0.75, 0), (0.5, 0))
"""For a PNG, which has no quality: a small one of a photograph is worse than its JPEG."""
