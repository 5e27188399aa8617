"""The feed of an archive, in the three formats that readers' programs know.

Each tells what is in an edition and leads to its page. An entry keeps its id wherever the archive
moves to, and is dated anew when its page was corrected.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

from dispatch.clock import rfc3339
from dispatch.model.text.plain_text import one_line, printable
from dispatch.pipeline.archive.told import Told
from dispatch.store.editions.archive import PastEdition

ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

ET.register_namespace("atom", ATOM)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One edition in a feed, and the address of its page."""

    edition: PastEdition
    told: Told
    url: str
    corrected: str = ""

    @property
    def id(self) -> str:
        """The same for good, and nobody else's."""
        return f"urn:uuid:{UUID(self.edition.id)}"

    @property
    def html(self) -> str:
        """What it says, with what was corrected first."""
        note = f"<p><em>{escape(self.corrected)}</em></p>\n" if self.corrected else ""
        return printable(note + self.told.html)


@dataclass(frozen=True, slots=True)
class ArchiveFeed:
    """A feed: `url` is that of the archive, `entries` come newest first."""

    title: str
    author: str
    about: str
    url: str
    language: str
    entries: Sequence[FeedEntry]

    @property
    def changed(self) -> datetime:
        """When something in it was last new."""
        return max((one.edition.changed for one in self.entries), default=_NEVER)


def rss(feed: ArchiveFeed, *, at: str) -> bytes:
    """RSS 2.0 (https://www.rssboard.org/rss-specification); `at` is its own address."""
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.url)
    _add(channel, "description", feed.about or feed.title)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", format_datetime(feed.changed))
    _add(channel, f"{{{ATOM}}}link", href=at, rel="self", type="application/rss+xml")
    for entry in feed.entries:
        item = ET.SubElement(channel, "item")
        _add(item, "title", entry.told.subject)
        _add(item, "link", entry.url)
        _add(item, "guid", entry.id, isPermaLink="false")
        _add(item, "pubDate", format_datetime(entry.edition.published))
        _add(item, "description", entry.html, lines=True)
    return _document(root)


def atom(feed: ArchiveFeed, *, at: str) -> bytes:
    """Atom 1.0 (RFC 4287)."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.url)
    _add(root, "title", feed.title)
    if feed.about:
        _add(root, "subtitle", feed.about)
    _add(root, "updated", rfc3339(feed.changed))
    _add(root, "link", rel="self", type="application/atom+xml", href=at)
    _add(root, "link", rel="alternate", type="text/html", href=feed.url)
    _add(ET.SubElement(root, "author"), "name", feed.author)
    for entry in feed.entries:
        item = ET.SubElement(root, "entry")
        _add(item, "id", entry.id)
        _add(item, "title", entry.told.subject)
        _add(item, "published", rfc3339(entry.edition.published))
        _add(item, "updated", rfc3339(entry.edition.changed))
        _add(item, "link", rel="alternate", type="text/html", href=entry.url)
        if entry.told.summary:
            _add(item, "summary", entry.told.summary)
        _add(item, "content", entry.html, lines=True, type="html")
    return _document(root)


def json_feed(feed: ArchiveFeed, *, at: str) -> bytes:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    found: dict[str, Any] = {
        "version": JSON_FEED,
        "title": one_line(feed.title),
        "home_page_url": feed.url,
        "feed_url": at,
        "description": one_line(feed.about),
        "language": feed.language,
        "authors": [{"name": one_line(feed.author)}],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps({key: value for key, value in found.items() if value != ""}).encode()


def _json_item(entry: FeedEntry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": one_line(entry.told.subject),
        "summary": one_line(entry.told.summary),
        "content_html": entry.html,
        "image": entry.told.image,
        "date_published": rfc3339(entry.edition.published),
        "date_modified": rfc3339(entry.edition.changed),
    }
    return {key: value for key, value in item.items() if value}


def _add(
    parent: ET.Element, name: str, text: str = "", *, lines: bool = False, **more: str
) -> None:
    element = ET.SubElement(parent, name, more)
    if text:
        element.text = printable(text) if lines else one_line(text)


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, "unicode")}'.encode()
