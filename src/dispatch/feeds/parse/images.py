"""The picture that stands for an entry."""

from collections.abc import Iterable
from dataclasses import replace

from dispatch.feeds.clean.pictures import Picture, choose, is_sign
from dispatch.feeds.web.address import absolute
from dispatch.model.intake.feed import Image
from dispatch.model.text.plain_text import one_line, shorten

LONGEST_ALT = 300  # what screen readers read without a pause; longer is a caption


def choose_image(named: Iterable[Picture], shown: Iterable[Picture], *, base: str) -> Image | None:
    """The picture the entry names, else one of those that it shows; None without any.

    A picture that is named without words gets those it has in the content.
    """
    shown = tuple(shown)
    offered = (
        replace(picture, url=url, is_sign=is_sign({}, url))
        for picture in named
        if (url := absolute(picture.url, base))
    )
    chosen = choose(offered, shown)
    if chosen is None:
        return None
    alts = (other.alt for other in shown if other.url == chosen.url)
    alt = chosen.alt or next(alts, "")
    return Image(chosen.url, shorten(one_line(alt), LONGEST_ALT))
