"""Bytes -> FeedDocument, whatever the format; what is no feed is refused with a sentence."""

import re

from dispatch.errors import FeedUnreadable
from dispatch.feeds.parse.beginning import BEFORE, beginning, check_no_list
from dispatch.feeds.parse.json_feed import parse_json
from dispatch.feeds.parse.xml_errors import find_flaw
from dispatch.feeds.parse.xml_feed import parse_xml
from dispatch.feeds.web.address import shown
from dispatch.model.intake.feed import FeedDocument

_PAGE = re.compile(BEFORE + rb"(?:<!doctype\s+html|<html)", re.IGNORECASE | re.DOTALL)
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)


def parse(body: bytes, *, url: str, content_type: str = "") -> FeedDocument:
    """Read RSS 0.9x-2.0, RDF, Atom or JSON Feed; the same bytes give an equal document.

    `url` is where the bytes came from, against which relative addresses are made absolute where
    the feed names no base; `content_type` is the server's header, for the encoding. A feed without
    entries is a feed, and of one that is cut off the entries before the cut are taken.

    Raises FeedUnreadable, with a sentence, for anything that is not a feed.
    """
    start = beginning(body)
    if not start:
        raise FeedUnreadable(f"{shown(url)}: the answer is empty - try the address in a browser")
    if start[:1] in b"{[":
        return parse_json(body, url=url)
    if _PAGE.match(start) and not _FEED.search(start):
        raise _page(url)
    check_no_list(body, url=url)
    document = parse_xml(body, url=url, content_type=content_type)
    if document is not None:
        return document
    if re.search(rb"<html|<body", body[:50_000], re.IGNORECASE):
        raise _page(url)
    what = "not a feed"
    if start.startswith(b"<"):
        flaw = find_flaw(body, "")
        what = f"XML, but not a feed, and {flaw}" if flaw else "XML, but not a feed"
    raise FeedUnreadable(f"{shown(url)}: this is {what} - check the address in a browser")


def _page(url: str) -> FeedUnreadable:
    return FeedUnreadable(
        f"{shown(url)}: this is a web page, not a feed - try 'dispatch feeds find {shown(url)}'"
    )
