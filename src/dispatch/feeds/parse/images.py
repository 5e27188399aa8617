"""The picture that stands for an entry."""

import re
from collections.abc import Iterable
from html import unescape

from dispatch.feeds.web.address import absolute
from dispatch.model.intake.feed import Image
from dispatch.model.text.plain_text import one_line, shorten

LONGEST_ALT = 300  # what screen readers read without a pause; longer is a caption

# These read what `clean` wrote: values in double quotes, "<" and ">" in tags only.
_IMG = re.compile(r"<img [^>]*>")
_SRC = re.compile(r' src="([^"]*)"')
_ALT = re.compile(r' alt="([^"]*)"')


def choose_image(named: Iterable[Image], content: str, *, base: str) -> Image | None:
    """The first picture the entry names, else the first of its cleaned `content`; None without any.

    A picture that is named without words gets those it has in the content.
    """
    shown = list(_images_of(content))
    for image in named:
        url = absolute(image.url, base)
        if url:
            alts = (other.alt for other in shown if other.url == url)
            alt = image.alt or next(alts, "")
            return Image(url, shorten(one_line(alt), LONGEST_ALT))
    return next(iter(shown), None)


def _images_of(content: str) -> Iterable[Image]:
    for tag in _IMG.findall(content):
        src, alt = _SRC.search(tag), _ALT.search(tag)
        url = absolute(unescape(src.group(1)), "") if src else ""
        if url:
            words = one_line(unescape(alt.group(1))) if alt else ""
            yield Image(url, shorten(words, LONGEST_ALT))
