"""A name for a feed, made of what it calls itself."""

import re
from collections.abc import Container
from itertools import count
from urllib.parse import urlsplit

from dispatch.model.text.accents import without_accents

LONGEST = 40  # characters; people type them

_NO_TEXT = re.compile(r"[0-9-]+|0x[0-9a-f]+|0o[0-7]+|[0-9]+e[0-9]+|true|false|null")
"""What YAML reads as a number, a date or a word of its own."""

_OTHERS = re.compile(r"[^a-z0-9]+")


def feed_name(title: str, url: str, *, taken: Container[str] = ()) -> str:
    """A name that schedules.yaml may have and nobody has taken: of the title, else of the host.

    >>> feed_name("L’Atelier d’été", "https://blog.example.org/feed", taken={"latelier-dete"})
    'latelier-dete-2'
    """
    name = _plain(title) or _plain(_host(url)) or "feed"
    if _NO_TEXT.fullmatch(name):
        name = f"feed-{name}"
    numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(one for one in numbered if one not in taken)


def same_address(url: str) -> str:
    """What two spellings of one address have in common, to find out whether it is there already.

    >>> same_address("http://Blog.example.org/feed/") == same_address("https://blog.example.org/feed")
    True
    """
    try:
        parts = urlsplit(url.strip())
        rest = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
        return f"{parts.netloc.lower()}{rest}" if parts.netloc else url.strip()
    except ValueError:
        return url.strip()


def _plain(text: str) -> str:
    # Accents are taken off; what has no letters of the Latin alphabet leaves nothing.
    words = _OTHERS.sub("-", re.sub(r"['’]", "", without_accents(text))).strip("-")
    if len(words) <= LONGEST:
        return words
    cut = words[: LONGEST + 1].rpartition("-")[0] or words[:LONGEST]
    return cut.strip("-")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
