"""New entries with what their pages say, where the feed says too little: text, and a picture."""

import re
import time
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from dispatch.errors import FeedError, FeedTooCostly
from dispatch.feeds.web.address import shown
from dispatch.model.intake.feed import Backfill, Entry, Feed
from dispatch.model.text.boilerplate import end_of_words
from dispatch.model.text.plain_text import text_of_html
from dispatch.pipeline.intake.keep import choose_wanted

log = structlog.get_logger()

MOST_PAGES = 20  # in one poll of one feed; who publishes more at once is a news agency
MOST_SECONDS = 120.0  # for all of them: other feeds of that host wait as long
MOST_FAILURES = 3  # one after the other: then the site has something against it
ENOUGH = 1_000  # characters; a text of so many, some 170 words, is no summary
CLEARLY_MORE = 1.2  # as long as the feed's text, or the page has only repeated it with a menu

Visit = Callable[[str], Entry]
"""The address of a page to what it says: `content`, `image`; raises a FeedError. Called by several
threads at once."""

_CUT_OFF = re.compile(
    r"(?:…|\.\.\.)\W{0,9}(?:(?:read|continue)\b.{0,40}|weiterlesen|lire la suite)?\W{0,9}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Completed:
    """The entries, some of them with more than before, and a sentence on what did not work.

    `over_limit` is the one on the page with which the visits ended, as it goes over a limit.
    """

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    over_limit: str = ""


def complete_entries(
    entries: Sequence[Entry],
    *,
    feed: Feed,
    seen: Container[str],
    backfill: Backfill | None,
    visit: Visit,
    now: datetime,
    ticks: Callable[[], float] = time.monotonic,
) -> Completed:
    """Visit the pages of new entries, as far as the feed asks for it, one after the other.

    `seen` are guids and links of the posts we have; `backfill` is given on first contact, and what
    it does not ask for is not visited. An entry whose page brings nothing stays as it was.

    Entries keep their own text: what the page says is beside it, as `full_text` and `page_image`.
    """
    new = [one for one in entries if one.guid not in seen and one.link not in seen]
    wanted = choose_wanted(new, backfill, now=now)
    todo = [one for one in new if id(one) in wanted and one.link and _lacks(one, feed)]
    found: dict[int, Entry] = {}
    problems: list[str] = []
    failures = 0  # one after the other
    over_limit = ""
    end = ticks() + MOST_SECONDS
    for entry in todo[:MOST_PAGES]:
        if ticks() >= end or failures >= MOST_FAILURES or over_limit:
            break
        try:
            found[id(entry)] = _joined(entry, visit(entry.link), feed)
            failures = 0
        except FeedError as error:
            failures += 1
            problems.append(str(error))
            over_limit = str(error) if isinstance(error, FeedTooCostly) else ""
        except Exception as bug:
            failures += 1
            problems.append(
                f"{shown(entry.link)}: {type(bug).__name__} while reading it - "
                "report it, with the page"
            )
            log.warning("feed.page_crashed", feed=feed.name, exc_info=bug)
    return Completed(
        tuple(found.get(id(entry), entry) for entry in entries),
        tuple(_notes(problems, left=len(todo) - len(found) - len(problems))),
        over_limit,
    )


def _notes(problems: Sequence[str], *, left: int) -> Iterator[str]:
    if problems:
        pages = "page of a new post was" if len(problems) == 1 else "pages of new posts were"
        yield f"{len(problems)} {pages} not read: {problems[0]}"
    if left:
        posts = "new post keeps" if left == 1 else "new posts keep"
        yield f"{left} {posts} the feed's own text, the page was not asked for: too many at once"


def wants_pages(feed: Feed) -> bool:
    """Whether the feed asks for anything that the pages of its posts say."""
    return feed.fulltext or feed.page_images


def is_summary(entry: Entry) -> bool:
    """Whether the feed gives no more than a beginning: little text, or one that breaks off.

    >>> is_summary(Entry(guid="", link="", title="Hello", position=0, content="<p>To be…</p>"))
    True
    """
    text = text_of_html(entry.content)
    end, mark = end_of_words(text)
    return (
        len(text) < ENOUGH or bool(mark) or _CUT_OFF.search(text[max(end - 100, 0) :]) is not None
    )


def _lacks(entry: Entry, feed: Feed) -> bool:
    if entry.link_is_file:
        return False
    return (feed.fulltext and is_summary(entry)) or (feed.page_images and entry.image is None)


def _joined(entry: Entry, page: Entry, feed: Feed) -> Entry:
    if feed.fulltext and is_summary(entry):
        from dispatch.feeds.pages.text import without_title  # noqa: PLC0415 - slow, and few feeds

        text = without_title(page.content, entry.title)
        own = len(text_of_html(entry.content or entry.summary))
        if len(text_of_html(text)) > own * CLEARLY_MORE:
            entry = replace(entry, full_text=text)
    if feed.page_images and entry.image is None and page.image is not None:
        entry = replace(entry, page_image=page.image.url)
    return entry
