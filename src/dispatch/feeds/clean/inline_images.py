"""An image inside a post: where it really is, and whether a mail may show it.

Pages load their images late: `src` is empty or a placeholder, and a script takes the address from
another attribute. In a mail no script runs, so the address is put where it belongs.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape

from dispatch.feeds.clean.trackers import counts_readers
from dispatch.feeds.web.address import absolute

WIDEST = 600  # pixels of an image; the column of a mail, which Outlook takes from the attribute
MOST_CANDIDATES = 50  # of one srcset; pages offer about ten

_LATE = ("data-src", "data-lazy-src", "data-original", "data-lazy")
PICTURE = "data-picture"  # what <source> said, noted by `embeds`
_CHOICES = ("srcset", "data-srcset", "data-lazy-srcset", PICTURE)
_ELSEWHERE = frozenset({*_LATE, *_CHOICES})
READ = _ELSEWHERE | {"src", "alt", "width", "height", "style", "hidden"}
"""The attributes that `mail_image` wants to see."""

_KEPT = ("dir", "lang", "title")

_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:1x1|blank|clear|dummy|empty|gr[ae]y|lazy\w*|load(?:er|ing)|pixel|placeholder"
    r"|spacer|trans(?:parent)?)[\w.-]{0,40}\.(?:gif|jpe?g|png|svg|webp)(?:[?#]|$)",
    re.IGNORECASE,
)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TINY = re.compile(
    r"(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*(?:0(?:\.0*)?[a-z%]*|1(?:\.\d*)?(?:px)?)"
    r"\s*(?:!\s*important\s*)?(?:;|$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(\d{1,6})(?:\.\d*)?\s*(?:px)?\s*$")
# WordPress shows emoji as pictures that only its own style sheet makes small.
_EMOJI = re.compile(r"https?://s\.w\.org/images/core/emoji/")


def mail_image(attributes: Mapping[str, str], *, base: str) -> str:
    """The `<img>` of a mail for one with these attributes; the words it stands for, or nothing.

    The result has an absolute http(s) `src`, an `alt`, and a `width` of `WIDEST` at most where one
    was given. Nothing is left of what counts readers or cannot be seen.
    """
    src = _src(attributes, base)
    late = ""
    if not _ELSEWHERE.isdisjoint(attributes) and (not src or _PLACEHOLDER.search(src)):
        late = late_source(attributes, base=base)
    url = late or src
    if not url or counts_readers(url) or (not late and _is_unseen(attributes)):
        return ""
    alt = attributes.get("alt", "")
    if alt and _EMOJI.match(url):
        return escape(alt, quote=False)
    kept = {"src": url, "alt": alt}
    kept |= {name: attributes[name] for name in _KEPT if name in attributes}
    width = _pixels(attributes.get("width"))
    if width is not None and width > 1:  # which is that of a placeholder
        # No height: it would stretch the picture where the width is limited.
        kept["width"] = str(min(width, WIDEST))
    return "<img " + " ".join(f'{name}="{escape(value)}"' for name, value in kept.items()) + ">"


def best_of(srcset: str) -> str:
    """The address in a `srcset` that suits a mail: as wide as its column, or the next wider one.

    >>> best_of("/s.jpg 300w, /m,c_1.jpg 700w, /l.jpg 1400w"), best_of("/a.png, /b.png 2x")
    ('/m,c_1.jpg', '/a.png')
    """
    candidates = sorted(_candidates(srcset))
    return next(
        (url for width, url in candidates if width >= WIDEST),
        candidates[-1][1] if candidates else "",
    )


def is_placeholder(attributes: Mapping[str, str], *, base: str) -> bool:
    """Whether `src` is not the image: missing, written into the page, or named like a stopgap."""
    src = _src(attributes, base)
    return not src or _PLACEHOLDER.search(src) is not None


def late_source(attributes: Mapping[str, str], *, base: str) -> str:
    """The address that a script, or a browser with a choice, would take; empty without one."""
    said = [attributes[name] for name in _LATE if name in attributes]
    said += [best_of(attributes[name]) for name in _CHOICES if name in attributes]
    return next(filter(None, (absolute(url, base) for url in said)), "")


def _src(attributes: Mapping[str, str], base: str) -> str:
    src = absolute(attributes.get("src", ""), base)
    # An empty one means the page itself, and nh3 has written that down.
    return "" if src.rstrip("/") == base.partition("#")[0].rstrip("/") else src


def _is_unseen(attributes: Mapping[str, str]) -> bool:
    sizes = (_pixels(attributes.get(side)) for side in ("width", "height"))
    if any(size is not None and size <= 1 for size in sizes):
        return True  # counts readers, or spaces a layout
    style = attributes.get("style", "")
    return "hidden" in attributes or bool(_HIDES.search(style) or _TINY.search(style))


def _pixels(value: str | None) -> int | None:
    match = _NUMBER.match(value or "")
    return int(match.group(1)) if match else None


def _candidates(srcset: str) -> Iterator[tuple[float, str]]:
    """Width and address of each; one without a width counts as the column times its density."""
    # An address may hold commas; it ends at white space, or with a comma before white space.
    url = ""
    for word in srcset.split(maxsplit=2 * MOST_CANDIDATES)[: 2 * MOST_CANDIDATES]:
        if not url:
            url = word.strip(",")
            if word.endswith(",") and url:
                yield WIDEST, url
                url = ""
            continue
        descriptor, comma, rest = word.partition(",")
        yield _width(descriptor), url
        url = rest if comma else ""
    if url:
        yield WIDEST, url


def _width(descriptor: str) -> float:
    try:
        number = float(descriptor[:-1])
    except ValueError:
        return WIDEST
    return number if descriptor.endswith("w") else number * WIDEST
