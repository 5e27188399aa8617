"""What a document says of itself in its first bytes; without any library that reads feeds."""

import re

from dispatch.errors import FeedUnreadable
from dispatch.feeds.web.address import shown

_NEAR = 2_000  # bytes in which a document says what it is
_BOM = b"\xef\xbb\xbf"
BEFORE = rb"(?:<\?[^>]*>|<!--(?:(?!-->).)*-->|\s)*"  # the first element, or a document's type
_OPML = re.compile(BEFORE + rb"(?:<!doctype\s[^>]*>\s*)?<opml[\s>]", re.IGNORECASE | re.DOTALL)


def beginning(body: bytes) -> bytes:
    """The bytes in which a document says what it is."""
    return body.removeprefix(_BOM).lstrip()[:_NEAR]


def check_no_list(body: bytes, *, url: str) -> None:
    """Raise FeedUnreadable for a list of feeds, which people take for a feed."""
    start = beginning(body)
    if _OPML.match(start.replace(b"\x00", b"")):
        raise FeedUnreadable(
            f"{shown(url)}: this is a list of feeds (OPML), not a feed - save it as a file, and "
            "add its feeds with 'dispatch feeds import FILE'"
        )
