"""JSON Feed 1.0 and 1.1 -> FeedDocument (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterator
from typing import Any

from dispatch.errors import FeedUnreadable
from dispatch.feeds.clean.pictures import Picture
from dispatch.feeds.clean.plain import html_of_plain
from dispatch.feeds.parse.dates import from_text
from dispatch.feeds.parse.entries import (
    LONGEST_TITLE,
    MOST_ENTRIES,
    RawEntry,
    finish_all,
    language_tag,
)
from dispatch.feeds.parse.words import Kind, names_in, words_of_line, words_of_text
from dispatch.feeds.web.address import absolute, shown
from dispatch.model.intake.feed import FeedDocument
from dispatch.model.text.plain_text import one_line, shorten

Fields = dict[str, Any]
"""A JSON object as the feed gave it: any value may have the wrong type."""


def parse_json(body: bytes, *, url: str) -> FeedDocument:
    """What the document says; what has the wrong type is taken as missing.

    Raises FeedUnreadable if it is not JSON, or not a feed.
    """
    feed = _read(body, url)
    items = feed.get("items")
    if not isinstance(items, list):
        raise FeedUnreadable(
            f"{shown(url)}: this is JSON, but not a JSON Feed - look for its feed's address"
        )
    site = absolute(_text(feed, "home_page_url"), url)
    base = site or absolute(_text(feed, "feed_url"), url) or url
    language = language_tag(_text(feed, "language"))
    authors = _authors(feed)
    drafts = (_draft(item, base, language, authors) for item in items[:MOST_ENTRIES])
    entries, skipped = finish_all(drafts, total=len(items))
    return FeedDocument(
        title=shorten(one_line(_title(feed)), LONGEST_TITLE),
        link=site,
        entries=entries,
        language=language,
        skipped=skipped,
        hub=absolute(next(_hubs(feed), ""), url),
        self_url=absolute(_text(feed, "feed_url"), url),
    )


def _read(body: bytes, url: str) -> Fields:
    try:
        found = json.loads(body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff"))
    except (ValueError, RecursionError) as failure:
        place = f" near line {failure.lineno}" if isinstance(failure, json.JSONDecodeError) else ""
        raise FeedUnreadable(
            f"{shown(url)}: the JSON is broken or cut off{place} - tell the feed's owner"
        ) from failure
    return found if isinstance(found, dict) else {}


def _draft(item: Any, base: str, language: str, authors: tuple[str, ...]) -> RawEntry:
    if not isinstance(item, dict):
        return RawEntry(base=base)
    guid = _text(item, "id")
    link = _text(item, "url") or _text(item, "external_url") or absolute(guid, "")
    return RawEntry(
        base=base,
        guid=guid,
        link=link,
        enclosure=_enclosure(item),
        title=_title(item),
        summary=_summary(item),
        content=_content(item),
        authors=_authors(item) or authors,
        topics=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        images=tuple(_images(item)),
        language=language_tag(_text(item, "language")) or language,
        published=from_text(_text(item, "date_published")),
        updated=from_text(_text(item, "date_modified")),
    )


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str):
        return value
    # Ids are numbers in some feeds, which the standard tells readers to accept.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(fields: Fields, name: str) -> list[Any]:
    value = fields.get(name)
    return value if isinstance(value, list) else []


def _title(fields: Fields) -> str:
    return words_of_line(_text(fields, "title"), Kind.TEXT)


def _summary(item: Fields) -> str:
    return words_of_text(_text(item, "summary"), is_html=False, may_have_lines=True)


def _content(item: Fields) -> str:
    html = _text(item, "content_html")
    if html:
        return html
    return html_of_plain(_text(item, "content_text") or _text(item, "summary"))


def _authors(fields: Fields) -> tuple[str, ...]:
    several = fields.get("authors")
    # Some feeds have one author there, and no list.
    found = [*(several if isinstance(several, list) else [several]), fields.get("author")]
    return names_in(_text(one, "name") for one in found if isinstance(one, dict))


def _hubs(feed: Fields) -> Iterator[str]:
    for hub in _list(feed, "hubs"):
        # "PubSubHubbub" is what WebSub was called before.
        if isinstance(hub, dict) and _text(hub, "type").lower() in {"websub", "pubsubhubbub"}:
            yield _text(hub, "url")


def _enclosure(item: Fields) -> str:
    """The first file that is attached, and no picture."""
    files = [one for one in _list(item, "attachments") if isinstance(one, dict)]
    urls = (_text(one, "url") for one in files if not _text(one, "mime_type").startswith("image/"))
    return next(filter(None, urls), "")


def _images(item: Fields) -> Iterator[Picture]:
    for name in ("image", "banner_image"):
        yield Picture(url=_text(item, name))
    for attachment in _list(item, "attachments"):
        if isinstance(attachment, dict) and _text(attachment, "mime_type").startswith("image/"):
            yield Picture(url=_text(attachment, "url"), alt=_text(attachment, "title"))
