"""What a web page's head says: the feeds it offers, its pictures, its addresses, its card.

Only the few elements that matter are looked for, in time that grows with the page and no faster:
the standard library's parser takes minutes over what a hostile page can hold.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from dispatch.feeds.web.address import absolute
from dispatch.model.text.plain_text import one_line, shorten

LONGEST_PAGE = 2_000_000  # bytes; the heaviest news pages have half of that without their pictures
MOST_FEEDS = 10  # a site with more offers one for each tag
MOST_IMAGES = 5

_FEED_TYPES = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/rdf+xml": "RSS",
    "application/feed+json": "JSON Feed",
    "application/json": "JSON Feed",  # as version 1.0 has it
}
_NO_FEED = "/wp-json/"  # WordPress's own interface, which it announces like a JSON Feed
MOST_TITLE = 300
MOST_DESCRIPTION = 1_000
"""Of a card, in code points; networks show a hundred or three of them."""

_TITLE_NAMES = ("og:title", "twitter:title")
_DESCRIPTION_NAMES = ("og:description", "twitter:description", "description")
_ALT_NAMES = ("og:image:alt", "twitter:image:alt")
_IMAGE_NAMES = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
)

# Comments, scripts and styles are stepped over, to their ends or that of the page. Possessive, and
# an attribute's length limited: nothing here is ever tried twice from the same place.
_TOKEN = re.compile(
    r"""<!--(?:[^-]++|-(?!->))*+
    |<(?:script|style|template)\b(?:[^<]++|<(?!/(?:script|style|template)\b))*+
    |<(?P<name>link|meta|base)(?=[\s/])
     (?P<attributes>(?:[^<>"']{1,500}+|"[^"]{0,4000}+"|'[^']{0,4000}+'){0,60}+)>""",
    re.IGNORECASE | re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""([a-z:-]{1,30})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE
)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# A link header (RFC 8288): <address>; name=value; ...
_LINK = re.compile(
    r"<([^<>]{1,2048})>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]{0,500}\"|[^\s\",;]+))?)*)"
)
_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))")


@dataclass(frozen=True, slots=True)
class OfferedFeed:
    """A feed as a page offers it; what `kind` it says that it is may be wrong."""

    url: str
    title: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says; addresses are absolute. All but the feeds may be empty.

    `title`, `description` and `alt`, which is the first picture's, are what the page says of itself
    to those who link to it, each on one line (Open Graph, https://ogp.me, or Twitter's names).
    """

    feeds: tuple[OfferedFeed, ...]
    images: tuple[str, ...]
    canonical: str = ""
    title: str = ""
    description: str = ""
    alt: str = ""


def read_head(html: str, *, url: str) -> Head:
    """The feeds and pictures a page at `url` offers, the first ones first.

    >>> read_head('<link rel=alternate type="application/rss+xml" href="/feed">', url="https://example.org/").feeds
    (OfferedFeed(url='https://example.org/feed', title='', kind='RSS'),)
    """
    elements = list(_elements(html))
    bases = (absolute(fields.get("href", ""), url) for name, fields in elements if name == "base")
    base = next(filter(None, bases), url)
    links = [fields for name, fields in elements if name == "link"]
    canonical = (
        absolute(fields.get("href", ""), base)
        for fields in links
        if "canonical" in fields.get("rel", "").lower().split()
    )
    metas = [fields for name, fields in elements if name == "meta"]
    return Head(
        feeds=_offered(links, base),
        images=_images(metas, base),
        canonical=next(filter(None, canonical), ""),
        title=_said(metas, _TITLE_NAMES, MOST_TITLE),
        description=_said(metas, _DESCRIPTION_NAMES, MOST_DESCRIPTION),
        alt=_said(metas, _ALT_NAMES, MOST_DESCRIPTION),
    )


def feeds_of_header(header: str, *, url: str) -> tuple[OfferedFeed, ...]:
    """The feeds that the header `Link` of an answer from `url` offers (RFC 8288).

    >>> feeds_of_header('</feed.xml>; rel="alternate"; type="application/atom+xml"', url="https://example.org/")
    (OfferedFeed(url='https://example.org/feed.xml', title='', kind='Atom'),)
    """
    links = []
    for target, parameters in _LINK.findall(header[:10_000]):
        fields = {
            name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(parameters)
        }
        links.append({**fields, "href": target})
    return _offered(links, url)


def decode(body: bytes, content_type: str = "") -> str:
    """A page as text: by its BOM, the server's header, its own word, else UTF-8 or Windows-1252.

    >>> decode("é".encode("cp1252"))
    'é'
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body.decode(encoding, "replace")
    said = _HEADER_CHARSET.search(content_type)
    written = _META_CHARSET.search(body[:4_000])
    names = [said.group(1)] if said else []
    names += [written.group(1).decode("ascii", "replace")] if written else []
    for name in names:
        encoding = _codec(name)
        if encoding:
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _codec(name: str) -> str:
    try:
        found = codecs.lookup(name)
    except LookupError:
        return ""
    if not found._is_text_encoding:  # noqa: SLF001 - the one way to tell "hex" and "zlib" from these
        return ""
    # Browsers read what calls itself Latin-1 as Windows-1252, and so do those who write it.
    return "cp1252" if found.name in {"iso8859-1", "ascii"} else found.name


def _elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    for token in _TOKEN.finditer(html):
        if token["name"]:
            found = _ATTRIBUTE.findall(token["attributes"])
            # The first one counts, as in browsers, so it is put in last.
            yield (
                token["name"].lower(),
                {name.lower(): unescape(a or b or c) for name, a, b, c in reversed(found)},
            )


def _offered(links: Iterable[dict[str, str]], base: str) -> tuple[OfferedFeed, ...]:
    found: dict[str, OfferedFeed] = {}
    for fields in links:
        kind = _FEED_TYPES.get(fields.get("type", "").partition(";")[0].strip().lower(), "")
        rel = fields.get("rel", "").lower().split()
        url = absolute(fields.get("href", ""), base)
        if url and _NO_FEED not in url and (("alternate" in rel and kind) or "feed" in rel):
            title = shorten(one_line(fields.get("title", "")), 100)
            found.setdefault(url, OfferedFeed(url, title, kind))
    return tuple(found.values())[:MOST_FEEDS]


def _images(metas: Iterable[dict[str, str]], base: str) -> tuple[str, ...]:
    urls = (absolute(content, base) for content in _contents(metas, _IMAGE_NAMES))
    return tuple(dict.fromkeys(filter(None, urls)))[:MOST_IMAGES]


def _said(metas: Iterable[dict[str, str]], names: tuple[str, ...], most: int) -> str:
    texts = (shorten(one_line(content), most) for content in _contents(metas, names))
    return next(filter(None, texts), "")


def _contents(metas: Iterable[dict[str, str]], names: tuple[str, ...]) -> Iterator[str]:
    """What stands under these names, those of the first name first."""
    named: dict[str, list[str]] = {name: [] for name in names}
    for fields in metas:
        name = (fields.get("property") or fields.get("name", "")).strip().lower()
        if name in named:
            named[name].append(fields.get("content", ""))
    for contents in named.values():
        yield from contents
