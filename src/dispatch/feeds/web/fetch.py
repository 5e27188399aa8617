"""Feed address -> bytes: one conditional GET, within limits, redirects followed by hand."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx

from dispatch.clock import Clock
from dispatch.errors import FeedUnreachable
from dispatch.feeds.web.address import absolute, has_credentials, shown, without_credentials
from dispatch.feeds.web.answers import fresh_for, kept_header, refuse_failure, said_plainly
from dispatch.feeds.web.bodies import read_body
from dispatch.feeds.web.files import read_file
from dispatch.feeds.web.limits import NORMAL, Limits
from dispatch.http_body import ACCEPTED_ENCODINGS

A_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.8, */*;q=0.5"
)
A_PAGE = "text/html, application/xhtml+xml, */*;q=0.5"
"""What to accept instead, where a page is looked for."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with a body.

    `url` is where it came from in the end, without credentials. `moved_to` is the address to ask
    from now on, where every redirect on the way was permanent; else empty. `etag` and
    `last_modified` are for the next fetch. `fresh_for` is how long the server says that asking
    again has no purpose. `links` is the header `Link`, as it is.
    """

    body: bytes
    content_type: str
    url: str
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    fresh_for: timedelta | None = None
    links: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing has changed since the fetch whose `etag` or `last_modified` was given."""

    moved_to: str = ""
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Hop:
    """Where the next request goes, how many went before, and whether all those were permanent."""

    url: str
    count: int = 0
    permanent: bool = True


def fetch(
    url: str,
    *,
    http: httpx.Client,
    folder: Path,
    clock: Clock,
    etag: str = "",
    last_modified: str = "",
    accept: str = A_FEED,
    limits: Limits = NORMAL,
    ticks: Callable[[], float] = time.monotonic,
) -> Fetched | NotModified:
    """Ask the address for its feed; `file:` and a relative path reads a file of `folder`.

    `folder` is the workspace. `etag` and `last_modified` are those of the last answer. `ticks`
    counts seconds from any beginning. `http` decides where a feed may come from
    (`dispatch.feeds.web.network`); many threads may use the same one.

    Raises FeedUnreachable where no usable answer came, FeedGone where the server says 410,
    FeedUnreadable where the answer is damaged, and FeedTooCostly where it is too large or too slow.
    """
    if url.startswith("file:"):
        found = read_file(url, folder=folder, etag=etag, limits=limits)
        return Fetched(found.body, "", url, etag=found.etag) if found else NotModified()
    if not absolute(url, ""):
        raise FeedUnreachable(f"{shown(url)}: not an address of the web - begin it with https://")
    headers = {"Accept": accept, "Accept-Encoding": ACCEPTED_ENCODINGS}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    deadline = ticks() + limits.total
    step: _Hop | Fetched | NotModified = _Hop(url)
    with said_plainly(url, limits, left=lambda: deadline - ticks()):
        while isinstance(step, _Hop):
            step = _ask(
                url,
                step,
                headers=headers,
                http=http,
                clock=clock,
                limits=limits,
                left=lambda: deadline - ticks(),
            )
    return step


def _ask(
    url: str,
    hop: _Hop,
    *,
    headers: dict[str, str],
    http: httpx.Client,
    clock: Clock,
    limits: Limits,
    left: Callable[[], float],
) -> _Hop | Fetched | NotModified:
    total = max(left(), 0.001)
    silence = min(limits.silence, total)
    with http.stream(
        "GET",
        hop.url,
        headers=headers,
        timeout=httpx.Timeout(silence, connect=min(limits.connect, silence)),
        extensions={"total": total},
    ) as answer:
        if answer.status_code in _REDIRECTS and "Location" in answer.headers:
            return _follow(url, hop, answer, limits)
        conditional = "If-None-Match" in headers or "If-Modified-Since" in headers
        if answer.status_code == httpx.codes.NOT_MODIFIED and conditional:
            return NotModified(_moved_to(hop), fresh_for(answer.headers))
        refuse_failure(url, answer, clock, moved=not hop.permanent)
        return Fetched(
            body=read_body(url, answer, limits=limits, left=left),
            content_type=answer.headers.get("Content-Type", ""),
            url=without_credentials(hop.url),
            moved_to=_moved_to(hop),
            etag=kept_header(answer.headers, "ETag"),
            last_modified=kept_header(answer.headers, "Last-Modified"),
            fresh_for=fresh_for(answer.headers),
            links=answer.headers.get("Link", ""),
        )


def _follow(url: str, hop: _Hop, answer: httpx.Response, limits: Limits) -> _Hop:
    if hop.count >= limits.redirects:
        raise FeedUnreachable(
            f"{shown(url)}: redirects more than {limits.redirects} times - "
            "look for the feed's present address in a browser"
        )
    target = absolute(answer.headers["Location"], hop.url)
    if not target:
        raise FeedUnreachable(
            f"{shown(url)}: redirects to {shown(answer.headers['Location']) or 'nowhere'}, "
            "which is no address of the web - look for the feed's present address in a browser"
        )
    # From https to http is followed, for a feed is public, but the address stays: the next fetch
    # would have nobody's word that it speaks to the right server.
    weaker = hop.url.startswith("https:") and not target.startswith("https:")
    permanent = hop.permanent and answer.status_code in _PERMANENT and not weaker
    return replace(hop, url=target, count=hop.count + 1, permanent=permanent)


def _moved_to(hop: _Hop) -> str:
    # An address with a password is not passed on: it would be stored and shown (promise P7).
    return hop.url if hop.count and hop.permanent and not has_credentials(hop.url) else ""
