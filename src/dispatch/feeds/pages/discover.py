"""A page's address -> the feeds of its site, each of them fetched and read before it is named."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from dispatch.clock import Clock
from dispatch.errors import FeedError, FeedTooCostly, FeedUnreachable, FeedUnreadable
from dispatch.feeds.pages.head import LONGEST_PAGE, OfferedFeed, decode, feeds_of_header, read_head
from dispatch.feeds.pages.known_sites import address_of_handle, feeds_in_page, known_feeds
from dispatch.feeds.parse.beginning import check_no_list
from dispatch.feeds.web.address import absolute, shown, without_credentials
from dispatch.feeds.web.fetch import A_FEED, A_PAGE, Fetched, fetch
from dispatch.feeds.web.limits import NORMAL, Limits
from dispatch.model.intake.feed import FeedDocument

Parse = Callable[[bytes, str, str], FeedDocument]
"""What reads a feed: its bytes, where they came from, their content type."""

PATIENCE = 15.0  # seconds for one candidate: a person waits, and there are up to twenty
MOST_COSTLY = 2  # of a site; who offers more that go over a limit means it

# Where the usual programs put a blog's feed: WordPress and Ghost, Jekyll, Hugo, Blogger, Tumblr.
_COMMON_PATHS = (
    "/feed",
    "/rss.xml",
    "/atom.xml",
    "/feed.xml",
    "/index.xml",
    "/rss",
    "/feeds/posts/default",
    "/feed.json",
)
_COMMENTS_PATH = re.compile(r"/comments?(?:/|$)|/feeds/comments/|[?&]feed=comments", re.IGNORECASE)
_COMMENTS_TITLE = re.compile(
    r"\b(?:comments (?:for|on|feed)|commentaires (?:sur|pour)|flux des commentaires"
    r"|kommentare (?:zu|für)|kommentar-feed|comentarios (?:en|de))\b",
    re.IGNORECASE,
)
_LOOKS_LIKE_A_FEED = re.compile(
    r"(?:^|[/._-])(?:feeds?|rss|atom)(?:$|[/._-])|\.(?:xml|json)$", re.IGNORECASE
)
_FEED_SCHEME = re.compile(r"^feed:(?://)?(?=\S)", re.IGNORECASE)
"""What browsers put before a feed's address, so that a reader opens it."""

_PERSON = re.compile(r"[^\s@/:]+@[^\s@/:]+")
_RSS = re.compile(rb"<(?:rss|(?:\w+:)?rdf)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was fetched and read. `newest` is the date of its newest post, if it says one.

    `url` is the address to put into schedules.yaml. `comments` is true for what readers say about
    the posts, which is seldom what is wanted. `language` is what the feed says of itself, or empty.
    """

    url: str
    title: str
    kind: str
    entries: int
    newest: datetime | None
    comments: bool = False
    language: str = ""


def find_feeds(
    address: str,
    *,
    http: httpx.Client,
    folder: Path,
    clock: Clock,
    parse: Parse,
    limits: Limits = NORMAL,
) -> tuple[FoundFeed, ...]:
    """The feeds of the site that the address is of, best first: posts before comments.

    The address may be a feed itself, any page of a site, or `@name@server`. What is known of the
    site by its address counts first, then what the page offers, then common places on its host.
    Each is asked within the same limits as any feed, and few are asked.

    Raises FeedUnreadable if there is none, FeedTooCostly if reading them goes over a limit, and
    FeedUnreachable if the page does not answer.
    """
    address = _FEED_SCHEME.sub("", address.strip())
    page_url = _completed(address)

    def get(url: str, accept: str = A_FEED) -> Fetched:
        quick = limits.within(silence=PATIENCE, total=PATIENCE)
        answer = fetch(url, http=http, folder=folder, clock=clock, accept=accept, limits=quick)
        return answer if isinstance(answer, Fetched) else Fetched(b"", "", url)

    probe = _Probe(get, parse)
    found: list[FoundFeed] = []
    if not _LOOKS_LIKE_A_FEED.search(urlsplit(page_url).path):
        found = list(probe.read_all(map(OfferedFeed, known_feeds(page_url))))
    if not found:
        asked, page = _page_of(page_url, address, get)
        check_no_list(page.body, url=page.url)
        found = _from_page(page, asked, probe)
    if not found and probe.costly:
        raise probe.costly[0]
    if not found:
        raise FeedUnreadable(
            f"{shown(page_url)}: no feed was found there - ask whoever runs the site for the "
            "address of its RSS feed"
        )
    # Sorting keeps the order in which they were offered, which is mostly the site's own opinion.
    return tuple(sorted(found, key=lambda feed: (feed.comments, feed.entries == 0)))


def _completed(address: str) -> str:
    """As people type it: without https://, or the name of an account.

    >>> _completed("example.org/blog")
    'https://example.org/blog'
    """
    typed = address.strip()
    if _PERSON.fullmatch(typed):
        raise FeedUnreachable(
            f"{shown(typed)}: the address of a person - write that of the site, such as "
            f"{typed.rpartition('@')[2]}"
        )
    url = address_of_handle(typed) or (typed if "://" in typed else f"https://{typed}")
    if len(typed.split()) != 1 or not absolute(url, ""):
        raise FeedUnreachable(
            f"{shown(typed)}: not an address of the web - write it as a browser shows it"
        )
    return url


def _page_of(url: str, typed: str, get: Callable[[str, str], Fetched]) -> tuple[str, Fetched]:
    """The address that was asked, and the page.

    By http where nobody said how to get it, and no server answers by https.
    """
    try:
        return url, get(url, A_PAGE)
    except FeedUnreachable as error:
        if "://" in typed or error.status is not None:
            raise
        plain = f"http{url.removeprefix('https')}"
        try:
            return plain, get(plain, A_PAGE)
        except FeedError:
            raise error from None


def _from_page(page: Fetched, asked: str, probe: "_Probe") -> list[FoundFeed]:
    itself = probe.read(page, OfferedFeed(asked))
    if itself is not None:
        return [itself]
    html = decode(page.body[:LONGEST_PAGE], page.content_type)
    offered = [
        *feeds_of_header(page.links, url=page.url),
        *map(OfferedFeed, feeds_in_page(page.url, html)),
        *read_head(html, url=page.url).feeds,
        *map(OfferedFeed, known_feeds(page.url)),
    ]
    return list(probe.read_all(offered)) or list(probe.read_all(_common_places(page.url), most=1))


def _common_places(url: str) -> Iterator[OfferedFeed]:
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc}"
    below = parts.path.strip("/").split("/")[0]
    if below and "." not in below:
        # https://example.org/blog may be one of several blogs on its host.
        yield from (OfferedFeed(f"{host}/{below}{path}") for path in _COMMON_PATHS[:4])
    yield from (OfferedFeed(host + path) for path in _COMMON_PATHS)


class _Probe:
    """Asks candidates, each address and each answer once; `costly` are those over a limit."""

    def __init__(self, get: Callable[[str], Fetched], parse: Parse) -> None:
        self._get = get
        self._parse = parse
        self._asked: set[str] = set()
        self._bodies: set[bytes] = set()
        self.costly: list[FeedTooCostly] = []

    def read_all(
        self, offered: Iterable[OfferedFeed], most: int | None = None
    ) -> Iterator[FoundFeed]:
        """The candidates that are feeds, up to `most` of them."""
        count = 0
        for candidate in offered:
            if len(self.costly) >= MOST_COSTLY:
                return
            if candidate.url in self._asked:
                continue
            self._asked.add(candidate.url)
            try:
                found = self.read(self._get(candidate.url), candidate)
            except FeedError as error:
                self._note(error)
                continue
            if found is not None:
                yield found
                count += 1
                if count == most:
                    return

    def read(self, answer: Fetched, offered: OfferedFeed) -> FoundFeed | None:
        """The feed that an answer holds; None if it is none, or we have it under another name."""
        if answer.body in self._bodies:
            return None
        try:
            document = self._parse(answer.body, answer.url, answer.content_type)
        except FeedError as error:
            self._note(error)
            return None
        self._bodies.add(answer.body)
        title = document.title or offered.title
        moments = [entry.published for entry in document.entries if entry.published]
        return FoundFeed(
            url=without_credentials(answer.moved_to or offered.url),
            title=title,
            kind=_kind(answer.body),
            entries=len(document.entries),
            newest=max(moments, default=None),
            comments=_is_about_comments(answer.url, title, offered.title),
            language=document.language,
        )

    def _note(self, error: FeedError) -> None:
        if isinstance(error, FeedTooCostly):
            self.costly.append(error)


def _kind(body: bytes) -> str:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:2_000]
    if start.startswith((b"{", b"[")):
        return "JSON Feed"
    return "RSS" if _RSS.search(start) else "Atom"


def _is_about_comments(url: str, *titles: str) -> bool:
    parts = urlsplit(url)
    place = f"{parts.path}?{parts.query}"
    return bool(
        _COMMENTS_PATH.search(place) or any(_COMMENTS_TITLE.search(title) for title in titles)
    )
