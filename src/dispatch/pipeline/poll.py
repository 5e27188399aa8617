"""Ask a feed what is new, and keep it; one bad feed never stops another."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import structlog

from dispatch.clock import Clock
from dispatch.errors import FeedError, FeedGone, FeedUnreachable, FeedUnreadable
from dispatch.feeds.fetch import Fetched, fetch
from dispatch.feeds.limits import NORMAL, Limits
from dispatch.feeds.parse import parse
from dispatch.model.feed import Backfill, Feed, FeedDocument
from dispatch.pipeline.keep import Kept, keep_entries
from dispatch.store.feeds import FeedMemory
from dispatch.store.store import Store

log = structlog.get_logger()

INTERVAL = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(hours=24)
FRESH = timedelta(seconds=5)  # polled in this very tick
NOTHING_KEPT = Kept()

Wanted = Callable[[FeedMemory, datetime], bool]
"""Whether a feed is to be polled, going by what is remembered of it."""


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll of one feed brought; `problem` is a sentence, or empty."""

    feed: str
    kept: Kept = NOTHING_KEPT
    unchanged: bool = False
    problem: str = ""
    notes: tuple[str, ...] = ()


def poll_feeds(
    feeds: Iterable[Feed],
    *,
    wanted: Wanted,
    store: Store,
    http: httpx.Client,
    folder: Path,
    clock: Clock,
    rng: random.Random,
    limits: Limits = NORMAL,
) -> Iterator[PollReport]:
    """Poll each wanted feed in turn."""
    for feed in feeds:
        with store.read() as tx:
            memory = tx.feeds.memory(feed.name, feed.url)
        if not wanted(memory, clock()):
            continue
        yield poll_feed(
            feed, memory, store=store, http=http, folder=folder, clock=clock, rng=rng, limits=limits
        )


def always(_memory: FeedMemory, _now: datetime) -> bool:
    """A person asks for it."""
    return True


def is_due(memory: FeedMemory, now: datetime) -> bool:
    """Whether a service should poll the feed now, when nobody asks for it."""
    return not memory.gone and (memory.next_poll_at is None or memory.next_poll_at <= now)


def is_stale(memory: FeedMemory, now: datetime) -> bool:
    """Whether an edition made now might miss something; a feed in trouble waits its turn."""
    if memory.problem:
        return is_due(memory, now)
    return memory.polled_at is None or memory.polled_at + FRESH <= now


def poll_feed(
    feed: Feed,
    memory: FeedMemory,
    *,
    store: Store,
    http: httpx.Client,
    folder: Path,
    clock: Clock,
    rng: random.Random,
    limits: Limits = NORMAL,
) -> PollReport:
    """Fetch, parse and keep one feed, of which `memory` is what the last poll left.

    A feed that cannot be read is reported, not raised.
    """
    try:
        answer = fetch(
            memory.address,
            http=http,
            folder=folder,
            etag=memory.etag,
            last_modified=memory.last_modified,
            clock=clock,
            limits=limits,
        )
        document = (
            parse(answer.body, url=answer.url, content_type=answer.content_type)
            if isinstance(answer, Fetched)
            else None
        )
    except FeedError as error:
        return _note_failure(memory, error, store=store, now=clock(), rng=rng)
    except Exception as bug:
        # Feeds in the wild find every bug; the next feed must not wait for its mending.
        log.exception("feed not read", feed=feed.name)
        sentence = f"{feed.name}: {type(bug).__name__} while reading it - report it, with the feed"
        return _note_failure(memory, FeedUnreadable(sentence), store=store, now=clock(), rng=rng)
    now = clock()
    healthy = replace(
        memory,
        polled_at=now,
        succeeded_at=now,
        next_poll_at=now + min(max(INTERVAL, answer.fresh_for or INTERVAL), LONGEST_PAUSE),
        moved_to=answer.moved_to or memory.moved_to,
        failures=0,
        problem="",
        gone=False,
    )
    if document is None or not isinstance(answer, Fetched):
        with store.begin() as tx:
            tx.feeds.remember(healthy)
        return PollReport(feed.name, unchanged=True)
    healthy = replace(
        healthy,
        title=document.title,
        link=document.link,
        etag=answer.etag,
        last_modified=answer.last_modified,
    )
    return _keep(
        feed,
        document,
        healthy,
        store=store,
        last_success=memory.succeeded_at,
        new_address=memory.polled_at is None,
        now=now,
    )


def _keep(
    feed: Feed,
    document: FeedDocument,
    memory: FeedMemory,
    *,
    store: Store,
    last_success: datetime | None,
    new_address: bool,
    now: datetime,
) -> PollReport:
    backfill = feed.backfill if last_success is None else None
    if last_success is not None and new_address:
        # A new address for a feed we know, perhaps with other guids: its archive is no news.
        backfill = Backfill(since=last_success)
    with store.begin() as tx:
        kept = keep_entries(feed.name, document.entries, backfill=backfill, tx=tx, now=now)
        tx.feeds.remember(memory)
    notes = list(document.skipped)
    if last_success is None:
        notes.insert(
            0,
            f"first contact, backfill: {feed.backfill} - "
            f"{kept.new} of {kept.new + kept.backlog} posts taken",
        )
        if kept.backlog and not kept.new:
            notes.append("for older posts give the feed a backfill and another name")
    if memory.moved_to:
        notes.append(f"moved to {memory.moved_to} - change the address in schedules.yaml")
    return PollReport(feed.name, kept, notes=tuple(notes))


def _note_failure(
    memory: FeedMemory, error: FeedError, *, store: Store, now: datetime, rng: random.Random
) -> PollReport:
    pause = min(INTERVAL * 2**memory.failures, LONGEST_PAUSE) * rng.uniform(0.8, 1.2)
    if isinstance(error, FeedUnreachable) and error.retry_after is not None:
        pause = max(pause, error.retry_after)
    failed = replace(
        memory,
        polled_at=now,
        next_poll_at=now + pause,
        failures=memory.failures + 1,
        problem=str(error),
        gone=isinstance(error, FeedGone),
    )
    with store.begin() as tx:
        tx.feeds.remember(failed)
    return PollReport(memory.name, problem=str(error))
