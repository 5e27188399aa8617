"""Images that a page loads late: where they really are, and what only stands in for them.

`src` is empty, a placeholder or a small blurred picture, and a script takes the address from
another attribute. In a mail no script runs, so the address is put where it belongs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from dispatch.feeds.web.address import absolute

WIDEST = 600  # pixels of an image; the column of a mail, which Outlook takes from the attribute
SHARP = 2  # pixels of a picture for each that it is shown with: what telephones have
MOST_CANDIDATES = 50  # of one srcset; pages offer about ten
MOST_NAMES = 50  # of attributes that a post's images have; pages have about ten

PICTURE = "data-picture"  # what <source> said, noted by `embeds`
_USUAL = ("data-src", "data-lazy-src", "data-original", "data-lazy")  # before others, in this order

_WIDE = re.compile(r"\S\s+\d{1,5}w(?:\s*,|\s*$)")
_DATA = re.compile(r"data-[a-z][\w-]{0,40}")
_CHOICE = re.compile(r"srcset|bgset")
# Attributes that hold nothing but the image's address; of all others only what ends like a picture.
_NAMED = re.compile(r"src|lazy|original|defer|echo|hi-?res|full|large")
_BETTER = re.compile(r"lazy|original|defer|echo|actual|hi-?res|full")  # than what is in `src`
_SHOWN = re.compile(r"ima?ge?|photo|picture")  # what there is to see, where `src` has nothing
# Words, sizes and what is shown where all fails.
_OTHER = re.compile(r"(?:title|alt|caption|text|name|label|desc\w*|fallback|error|class|meta)$")
_SMALLER = re.compile(r"thumb|small|blur|lqip|tiny|placeholder|preview|low")
_ADDRESS = re.compile(
    r"(?:https?:)?//[^\s\"'<>{}]+|\.{0,2}/[^\s\"'<>{}]+|[\w%][\w%/.~+-]*\.[a-z]{3,4}(?:[?#]\S*)?",
    re.IGNORECASE,
)
_ENDS_LIKE_ONE = re.compile(r"\.(?:avif|gif|jpe?g|png|webp)(?:[?#]|$)", re.IGNORECASE)
_LAZY = re.compile(r"(?:^|[\s_-])(?:lazy\w*|lozad|b-lazy|progressive|blur(?:red|-up)?)(?:[\s_-]|$)")

_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:1x1|blank|clear|dummy|empty|gr[ae]y|lazy\w*|load(?:er|ing)|pixel|placeholder"
    r"|spacer|trans(?:parent)?)[\w.-]{0,40}\.(?:gif|jpe?g|png|svg|webp)(?:[?#]|$)",
    re.IGNORECASE,
)
# What services that shrink pictures write into the address of one too small to be looked at.
_STAND_IN = re.compile(
    r"[/_.,?&=;-](?:blur\w{0,8}|lqip|placeholder|lowres|low-res|tiny|thumb_?\d{1,2})(?=[^a-z]|$)"
    r"|[/?&,;_](?:w|h|wid|width|height|size|sz|max|resize|rs|tr:w)[=_/:-](?:fi(?:t|ll):)?\d{1,2}(?=\D|$)"
    r"|[_-]\d{1,2}x\d{0,2}(?:@\dx)?\.(?:gif|jpe?g|png|webp)(?:[?#]|$)",
    re.IGNORECASE,
)


def data_names(html: str) -> frozenset[str]:
    """The `data-` attributes that may hold an image's address, of any element in foreign HTML."""
    if "data-" not in html:
        return frozenset()
    return frozenset(sorted(set(_DATA.findall(html.lower())))[:MOST_NAMES])


def src_of(attributes: Mapping[str, str], *, base: str) -> str:
    """The absolute address in `src`; empty if it names no image."""
    src = absolute(attributes.get("src", ""), base)
    # An empty one means the page itself, and nh3 has written that down.
    return "" if src.rstrip("/") == base.partition("#")[0].rstrip("/") else src


def is_placeholder(attributes: Mapping[str, str], *, base: str) -> bool:
    """Whether `src` is not the image: missing, written into the page, or named like a stopgap."""
    src = src_of(attributes, base=base)
    return not src or _PLACEHOLDER.search(src) is not None


def is_late(attributes: Mapping[str, str], *, base: str) -> bool:
    """Whether `src` is no image to look at, or says that a better one takes its place."""
    if is_placeholder(attributes, base=base):
        return True
    if _STAND_IN.search(attributes.get("src", "")) or _LAZY.search(attributes.get("class", "")):
        return True
    better = (name for name in attributes if _is_offer(name) and _BETTER.search(name))
    return any(_ENDS_LIKE_ONE.search(url) for url in _addresses(attributes, better))


def late_source(attributes: Mapping[str, str], *, base: str) -> str:
    """The address that a script, or a browser with a choice, would take; empty without one."""
    found = [url for url in (absolute(url, base) for url in _offers(attributes)) if url]
    real = (url for url in found if not _STAND_IN.search(url) and not _PLACEHOLDER.search(url))
    return next(real, found[0] if found else "")


def best_of(srcset: str, *, shown: int = WIDEST) -> str:
    """The address in a `srcset` that suits a mail: the smallest that is sharp where it is shown.

    `shown` is how wide that is, in pixels. Where none is large enough it is the largest.

    >>> best_of("/s.jpg 300w, /m,c_1.jpg 1300w, /l.jpg 2400w"), best_of("/a.png, /b.png 2x")
    ('/m,c_1.jpg', '/b.png')
    """
    return best_with_width(srcset, shown=shown)[1]


def best_with_width(srcset: str, *, shown: int) -> tuple[float, str]:
    """The same, and how wide it is said to be."""
    candidates = sorted(_candidates(srcset))
    return next(
        (one for one in candidates if one[0] >= SHARP * shown),
        candidates[-1] if candidates else (0, ""),
    )


def offers_sizes(srcset: str) -> bool:
    """Whether it says how wide its pictures are, so that one can be chosen by that.

    >>> offers_sizes("/s.jpg 300w, /l.jpg 1400w"), offers_sizes("/a.png, /b.png 2x")
    (True, False)
    """
    return _WIDE.search(srcset) is not None


def _offers(attributes: Mapping[str, str]) -> Iterator[str]:
    """Addresses in the order in which they are likely to be the image."""
    names = [name for name in attributes if _is_offer(name)]
    single = [name for name in names if not _CHOICE.search(name)]
    usual = [name for name in _USUAL if name in attributes]
    others = [name for name in single if name not in _USUAL and _NAMED.search(name)]
    yield from _addresses(attributes, usual + sorted(others, key=_is_for_less))
    for name in ("srcset", *(name for name in names if _CHOICE.search(name)), PICTURE):
        if name in attributes:
            yield best_of(attributes[name])
    rest = sorted((name for name in single if not _NAMED.search(name)), key=_is_for_less)
    yield from (url for url in _addresses(attributes, rest) if _ENDS_LIKE_ONE.search(url))
    yield from _addresses(attributes, (name for name in rest if _SHOWN.search(name)))


def _is_offer(name: str) -> bool:
    return name.startswith("data-") and name != PICTURE and not _OTHER.search(name)


def _addresses(attributes: Mapping[str, str], names: Iterable[str]) -> Iterator[str]:
    # Shops leave the width to a script.
    urls = (attributes[name].strip().replace("{width}", str(SHARP * WIDEST)) for name in names)
    return (url for url in urls if _ADDRESS.fullmatch(url))


def _is_for_less(name: str) -> bool:
    return _SMALLER.search(name) is not None


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
