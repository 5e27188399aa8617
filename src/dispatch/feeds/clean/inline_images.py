"""An image inside a post: whether a mail may show it, and as what."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape

from dispatch.feeds.clean.late_images import (
    PICTURE,
    WIDEST,
    best_with_width,
    is_late,
    late_source,
    offers_sizes,
    src_of,
)
from dispatch.feeds.clean.pictures import Picture, is_character, is_emoji, picture_of, pixels, sides
from dispatch.feeds.clean.trackers import counts_readers
from dispatch.feeds.web.address import absolute

READ = frozenset(
    {"src", "srcset", PICTURE, "alt", "width", "height", "style", "hidden", "class", "role"}
)
"""The attributes that `mail_image` wants to see, beside those of `data_names`."""

EMOJI_WIDTH = 20  # pixels, as tall as a line; without a size they are 72 or 128 wide

_KEPT = ("dir", "lang", "title")

_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TINY = re.compile(
    r"(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*(?:0(?:\.0*)?[a-z%]*|1(?:\.\d*)?(?:px)?)"
    r"\s*(?:!\s*important\s*)?(?:;|$)",
    re.IGNORECASE,
)
# A style beats the attributes, which some programs fill with zeros.
_GROWS = re.compile(
    r"(?:^|[;\s])width\s*:\s*(?:auto|\d{2,}(?:\.\d*)?\s*(?:%|px|r?em|vw))", re.IGNORECASE
)
# Formulas as drawings, which mail programs do not show.
_FORMULA = re.compile(r"/math/render/svg/|[?&/](?:latex|tex|math)[^/]*\.svg", re.IGNORECASE)


def mail_image(attributes: Mapping[str, str], *, base: str) -> tuple[str, Picture | None]:
    """The `<img>` of a mail for one with these attributes, or the words it stands for, or nothing.

    The result has an absolute http(s) `src`, an `alt`, and a `width` of `WIDEST` at most where one
    was given. Nothing is left of what counts readers or cannot be seen; of what cannot be had its
    words are.
    """
    src = src_of(attributes, base=base)
    late = ""
    if is_late(attributes, base=base):
        late = late_source(attributes, base=base)
    wide, sized = _sized(attributes, base=base)
    url = late or sized or src
    alt = attributes.get("alt", "")
    if not url:
        return ("" if is_unseen(attributes) else escape(alt, quote=False)), None
    if counts_readers(url) or (not late and is_unseen(attributes)):
        return "", None
    picture = picture_of(attributes, url)
    if url == sized and (picture.width is None or picture.is_large):
        picture = replace(picture, width=wide, height=None)  # of what is there, not how it is shown
    emoji = picture.is_sign and is_emoji(attributes, url)
    if alt and ((emoji and is_character(alt.strip())) or _FORMULA.search(url)):
        return escape(alt, quote=False), None
    kept = {"src": url, "alt": alt}
    kept |= {name: attributes[name] for name in _KEPT if name in attributes}
    width = pixels(attributes.get("width"))
    if emoji:
        width = picture.width or picture.height or EMOJI_WIDTH
    if width is not None and width > 1:  # which is that of a placeholder
        # No height: it would stretch the picture where the width is limited.
        kept["width"] = str(min(width, WIDEST))
    tag = " ".join(f'{name}="{escape(value)}"' for name, value in kept.items())
    return f"<img {tag}>", picture


def _sized(attributes: Mapping[str, str], *, base: str) -> tuple[int, str]:
    """Width and address, of those that a page has for one picture, of what a mail needs.

    `src` is often the original, of many megabytes. Empty where there is no choice.
    """
    srcset = attributes.get("srcset", "") or attributes.get(PICTURE, "")
    if not offers_sizes(srcset):
        return 0, ""
    width = sides(attributes)[0] or WIDEST
    wide, url = best_with_width(srcset, shown=min(width, WIDEST))
    return int(wide), absolute(url, base)


def is_unseen(attributes: Mapping[str, str]) -> bool:
    """Whether a page shows nothing of an element that says this of itself."""
    style = attributes.get("style", "")
    sizes = (pixels(attributes.get(side)) for side in ("width", "height"))
    if any(size is not None and size <= 1 for size in sizes) and not _GROWS.search(style):
        return True  # counts readers, or spaces a layout
    hides = bool(style) and (_HIDES.search(style) or _TINY.search(style))
    return bool(hides) or "hidden" in attributes
