"""RSS, RDF and Atom -> FeedDocument, by feedparser without its sanitising and link resolving."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.sax import SAXException

import feedparser

from dispatch.errors import FeedUnreadable
from dispatch.feeds.clean.html import LONGEST
from dispatch.feeds.clean.pictures import Picture, pixels
from dispatch.feeds.clean.plain import has_markup, html_of_plain, html_of_undeclared
from dispatch.feeds.parse.dates import from_text, span_of_period, span_of_ttl
from dispatch.feeds.parse.encodings import settle_encoding
from dispatch.feeds.parse.entries import (
    LONGEST_TITLE,
    MOST_ENTRIES,
    RawEntry,
    finish_all,
    language_tag,
)
from dispatch.feeds.parse.words import Kind, names_in, words_of_line, words_of_text
from dispatch.feeds.parse.xml_errors import find_flaw
from dispatch.feeds.web.address import absolute, shown
from dispatch.model.intake.feed import FeedDocument
from dispatch.model.text.plain_text import one_line, shorten

Fields = dict[str, Any]
"""What feedparser found under each name; read by `_get` only."""

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_GAP = re.compile(r"\s")
_SAYS_NOTHING = frozenset(
    {"", "/", "application/octet-stream", "text/html"}
)  # of an enclosure's type
_ROOT = re.compile(rb"<(?:\w+:)?(feed|rss|rdf|channel)\b", re.IGNORECASE)
_END = re.compile(rb"</(?:\w+:)?(?:feed|rss|rdf|channel)\b", re.IGNORECASE)
_NEAR = 8_000  # bytes in which a document's first element begins, and the last one ends
_PICTURE = re.compile(r"\.(?:avif|gif|jpe?g|png|webp)(?:[?#]|$)", re.IGNORECASE)


def parse_xml(body: bytes, *, url: str, content_type: str) -> FeedDocument | None:
    """What the document says, as far as it can be read; None if it is well-formed and no feed.

    Raises FeedUnreadable where it is so damaged that nothing can be read from it.
    """
    found, flaw = _feedparser(body, url, content_type)
    items: list[Fields] = _get(found, "entries", list)
    is_feed = bool(_get(found, "version", str)) or any(_get(i, "title", str) for i in items)
    if is_feed and flaw and not items and not _END.search(body[-_NEAR:].replace(b"\x00", b"")):
        raise FeedUnreadable(f"{shown(url)}: {flaw} - tell the feed's owner")
    if not is_feed:
        return None
    feed: Fields = _get(found, "feed", dict)
    site = absolute(_get(feed, "link", str), url)
    # Atom's addresses are relative to the document, those of RSS in practice to the site.
    home = url if _is_atom(body, found) or not site else site
    drafts = (_draft(item, feed, home) for item in items[:MOST_ENTRIES])
    entries, skipped = finish_all(drafts, total=len(items))
    if flaw:
        skipped += (f"{flaw}; what can be read is kept - tell the feed's owner",)
    return FeedDocument(
        title=shorten(one_line(_title(feed)), LONGEST_TITLE),
        link=site,
        entries=entries,
        language=language_tag(_get(feed, "language", str)),
        skipped=skipped,
        every=_every(feed),
        hub=absolute(_related(feed, "hub"), url),
        self_url=absolute(_related(feed, "self"), url),
    )


def _feedparser(body: bytes, url: str, content_type: str) -> tuple[Fields, str]:
    """What feedparser found, and the first flaw of the XML."""
    body, content_type = settle_encoding(body, content_type)
    headers = {"content-type": content_type} if content_type else {}
    try:
        # A stream, because given bytes feedparser first tries to open a file of that name.
        found: Fields = feedparser.parse(
            io.BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except MemoryError:
        raise
    except Exception as failure:  # on garbage it raises whatever its handlers run into
        flaw = find_flaw(body, "") or "too damaged to be read as a feed"
        raise FeedUnreadable(f"{shown(url)}: {flaw} - tell the feed's owner") from failure
    if isinstance(dict.get(found, "bozo_exception"), SAXException):
        return found, find_flaw(body, _get(found, "encoding", str))
    return found, ""


def _is_atom(body: bytes, found: Fields) -> bool:
    # feedparser takes RDF that has Atom's elements in it for Atom.
    root = _ROOT.search(body[:_NEAR].replace(b"\x00", b""))
    if root is None:
        return bool(_get(found, "version", str).startswith("atom"))
    return root.group(1).lower() == b"feed"


def _draft(item: Fields, feed: Fields, home: str) -> RawEntry:
    content, base = _content(item)
    return RawEntry(
        base=absolute(base, home) or home,
        guid=_get(item, "id", str),
        link=_link(item),
        enclosure=_enclosure(item),
        title=_title(item),
        summary=_summary(item),
        content=content,
        authors=_authors(item) or _authors(feed),
        topics=tuple(
            _get(tag, "label", str) or _get(tag, "term", str) for tag in _dicts(item, "tags")
        ),
        images=tuple(_images(item)),
        language=_language(item) or language_tag(_get(feed, "language", str)),
        # Not what feedparser made of them: it fills in what it misses from today.
        published=from_text(_get(item, "published", str)) or from_text(_get(item, "created", str)),
        updated=from_text(_get(item, "updated", str)),
        comments_link=_get(item, "comments", str) or _related(item, "replies"),
        licence_link=_licence(item) or _licence(feed),
        rights=_rights(item) or _rights(feed),
    )


def _get(fields: Fields, name: str, kind: type) -> Any:
    # dict.get and not fields.get: feedparser's own answers "updated" with "published", and warns.
    # A name may hold anything, because elements it does not know land under their own name.
    value = dict.get(fields, name)
    if isinstance(value, kind):
        return value
    return None if kind is tuple else kind()


def _dicts(fields: Fields, name: str) -> list[Fields]:
    return [value for value in _get(fields, name, list) if isinstance(value, dict)]


def _title(fields: Fields) -> str:
    value: str = _get(fields, "title", str)
    kind = _get(_get(fields, "title_detail", dict), "type", str)
    return words_of_line(value, Kind.HTML if kind in _HTML else Kind.TEXT)


def _text(fields: Fields, name: str, *, may_have_lines: bool = False) -> str:
    kind = _get(_get(fields, f"{name}_detail", dict), "type", str)
    value = _get(fields, name, str)
    return words_of_text(value, is_html=kind in _HTML, may_have_lines=may_have_lines)


def _summary(item: Fields) -> str:
    # feedparser copies the content where a feed has no summary; "none" is the truth.
    copied = any(
        _get(part, "value", str) == _get(item, "summary", str) for part in _dicts(item, "content")
    )
    return "" if copied else _text(item, "summary", may_have_lines=True)


def _content(item: Fields) -> tuple[str, str]:
    """The longest content as HTML, and its xml:base; else the summary."""
    parts = [
        part
        for part in _dicts(item, "content")
        if _get(part, "type", str) in _HTML or _get(part, "type", str).startswith("text/")
    ]
    html = [part for part in parts if _get(part, "type", str) in _HTML]
    summary = {"value": _get(item, "summary", str), **_get(item, "summary_detail", dict)}
    chosen = max(html or [*parts, summary], key=lambda part: len(_get(part, "value", str)))
    value: str = _get(chosen, "value", str)[:LONGEST]
    if _get(chosen, "type", str) == "text/plain":
        value = html_of_plain(value)
    elif not has_markup(value):  # RSS does not say what it is
        value = html_of_undeclared(value)
    return value, _base(chosen, item)


def _base(part: Fields, item: Fields) -> str:
    title: Fields = _get(item, "title_detail", dict)
    base: str = _get(part, "base", str) or _get(title, "base", str)
    return base


def _link(item: Fields) -> str:
    # FeedBurner puts a counting address of its own into `link`, and here the one it was given.
    given = _get(item, "feedburner_origlink", str).strip()
    if not _GAP.search(given) and absolute(given, ""):
        return str(given)
    link = _get(item, "link", str)
    if link == _get(item, "id", str) and not _is_its_own(link, item):
        link = absolute(link, "")  # a guid that feedparser takes for one: only a whole address is
    if absolute(link, "https://any.invalid/"):
        return str(link)
    return _related(item, "alternate")


def _is_its_own(link: str, item: Fields) -> bool:
    return any(_get(one, "href", str) == link for one in _dicts(item, "links"))


def _enclosure(item: Fields) -> str:
    """The file that the item is about; no picture, which is shown as one."""
    links = [one for one in _dicts(item, "links") if _get(one, "rel", str) == "enclosure"]
    files = [(_get(one, "href", str), _get(one, "type", str)) for one in links]
    for media in _dicts(item, "media_content"):
        kind = _get(media, "type", str) or f"{_get(media, 'medium', str)}/"
        files.append((_get(media, "url", str), kind))
    found: str = next((url for url, kind in files if url and not _is_picture(url, kind)), "")
    return found


def _is_picture(url: str, kind: str) -> bool:
    says_nothing = kind in _SAYS_NOTHING and _PICTURE.search(url) is not None
    return kind.startswith("image/") or says_nothing


def _related(fields: Fields, relation: str) -> str:
    """The first address with this relation; of several kinds of one the page, not the feed."""
    found = [one for one in _dicts(fields, "links") if _get(one, "rel", str) == relation]
    found.sort(key=lambda one: _get(one, "type", str) not in _HTML)
    return next(filter(None, (_get(one, "href", str) for one in found)), "")


def _licence(fields: Fields) -> str:
    terms: Fields = _get(fields, "dcterms_license", dict)
    named = _get(fields, "dcterms_license", str) or _get(terms, "rdf:resource", str)
    return _related(fields, "license") or named


def _rights(fields: Fields) -> str:
    names = ("rights", "dcterms_rights", "media_copyright")
    return next(filter(None, (_text(fields, name) for name in names)), "")


def _every(feed: Fields) -> timedelta | None:
    return span_of_ttl(_get(feed, "ttl", str)) or span_of_period(
        _get(feed, "sy_updateperiod", str), _get(feed, "sy_updatefrequency", str)
    )


def _authors(fields: Fields) -> tuple[str, ...]:
    names = [_get(author, "name", str) for author in _dicts(fields, "authors")]
    raw: str = _get(fields, "author", str)
    if "@" in raw and names:
        names[-1] = raw  # as written: feedparser cuts long addresses wrongly
    return names_in(names or [_get(fields, "googleplay_author", str)])


def _images(item: Fields) -> Iterator[Picture]:
    for name in ("media_content", "media_thumbnail"):
        for media in _dicts(item, name):
            url = _get(media, "url", str)
            kind = _get(media, "medium", str) or _get(media, "type", str).partition("/")[0]
            if name == "media_thumbnail" or kind == "image" or (not kind and _PICTURE.search(url)):
                width, height = (pixels(_get(media, side, str)) for side in ("width", "height"))
                yield Picture(url=url, width=width, height=height)
    for link in _dicts(item, "links"):
        url, kind = _get(link, "href", str), _get(link, "type", str)
        if _is_picture(url, kind) and _get(link, "rel", str) == "enclosure":
            yield Picture(url=url, alt=_get(link, "title", str))
    yield Picture(url=_get(_get(item, "image", dict), "href", str))


def _language(item: Fields) -> str:
    said = [_get(item, "language", str)]
    said += [_get(part, "language", str) for part in _dicts(item, "content")]
    said += [
        _get(_get(item, name, dict), "language", str) for name in ("title_detail", "summary_detail")
    ]
    return next(filter(None, map(language_tag, said)), "")
