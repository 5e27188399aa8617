"""A post's page, fetched and read as a feed is, if its site lets programs read it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx

from dispatch.clock import Clock
from dispatch.errors import FeedUnreadable
from dispatch.feeds.pages.head import LONGEST_PAGE
from dispatch.feeds.pages.robots import Robots
from dispatch.feeds.web.address import shown
from dispatch.feeds.web.fetch import A_PAGE, Fetched, fetch
from dispatch.feeds.web.limits import NORMAL, Limits
from dispatch.model.intake.feed import Entry, FeedDocument

PATIENCE = 10.0  # seconds of silence; a page is worth less waiting than a feed
TOTAL = 20.0


def visit_page(
    url: str,
    *,
    http: httpx.Client,
    folder: Path,
    clock: Clock,
    robots: Robots,
    read: Callable[[bytes, str, str], FeedDocument],
    limits: Limits = NORMAL,
) -> Entry:
    """What the page says: its main text as `content` and its `image`, each empty without one.

    `read` is `read_page_text`, in a process with limits. A page that redirects is asked about again
    under its new address, and what it said is not used if that may not be read.

    Raises a FeedError where the page cannot be had, or may not be.
    """
    modest = replace(limits.within(silence=PATIENCE, total=TOTAL), size=LONGEST_PAGE)

    def check(address: str) -> None:
        refusal = robots.why_not(address, http=http, folder=folder, clock=clock, limits=modest)
        if refusal is not None:
            raise FeedUnreadable(f"{shown(address)}: {refusal} - the feed's own text stays")

    if url.startswith("file:"):
        raise FeedUnreadable(f"{shown(url)}: not a page of the web - the feed's own text stays")
    check(url)
    answer = fetch(url, http=http, folder=folder, clock=clock, accept=A_PAGE, limits=modest)
    if not isinstance(answer, Fetched) or not _is_page(answer):
        raise FeedUnreadable(f"{shown(url)}: is no web page - the feed's own text stays")
    if answer.url != url:
        check(answer.url)
    [entry] = read(answer.body, answer.url, answer.content_type).entries
    return entry


def _is_page(answer: Fetched) -> bool:
    kind = answer.content_type.partition(";")[0].strip().lower()
    return kind in {"text/html", "application/xhtml+xml", ""}
