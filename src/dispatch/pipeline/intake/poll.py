"""Ask feeds what is new, many at once, and keep it; one bad feed never stops another."""

import random
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import structlog

from dispatch.clock import SKEW, Clock
from dispatch.errors import DispatchError
from dispatch.feeds.subprocesses.parser import Parse
from dispatch.feeds.web.limits import NORMAL, Limits
from dispatch.log import at_work_on
from dispatch.model.intake.feed import Backfill, Feed, FeedDocument
from dispatch.pipeline.intake.ask_feed import Read, Unread, ask_feed, unread
from dispatch.pipeline.intake.at_once import work_at_once
from dispatch.pipeline.intake.complete import Visit, complete_entries, wants_pages
from dispatch.pipeline.intake.keep import Kept, held_sentence, keep_entries
from dispatch.pipeline.intake.remember import after_answer, after_trouble, fell_silent, with_moments
from dispatch.store.intake.feeds import FeedMemory
from dispatch.store.transactions import Store, Transaction

log = structlog.get_logger()

FRESH = timedelta(seconds=5)  # polled in this very tick
CLAIM = timedelta(minutes=15)  # after it a feed whose poller has died is due again
GROUP = 100
"""Polls that kept nothing are written down together: a transaction costs more than what it says."""

NOTHING_KEPT = Kept()

Wanted = Callable[[FeedMemory, datetime], bool]
"""Whether a feed is to be polled, going by what is remembered of it."""


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll of one feed brought; `problem` is a sentence, or empty.

    `silent` is a sentence in the first poll that finds the feed silent for longer than usual,
    `over_limit` one on the page of a post that could not be read within the limits.
    """

    feed: str
    kept: Kept = NOTHING_KEPT
    unchanged: bool = False
    problem: str = ""
    notes: tuple[str, ...] = ()
    silent: str = ""
    over_limit: str = ""


def always(_memory: FeedMemory, _now: datetime) -> bool:
    """A person asks for it, and so even a feed that is gone is tried."""
    return True


def is_due(memory: FeedMemory, now: datetime) -> bool:
    """Whether a service should poll the feed now, when nobody asks for it.

    Also if it was polled in the future: a wrong clock decided when it is due.
    """
    if memory.gone or memory.next_poll_at is None:
        return not memory.gone
    by_wrong_clock = memory.polled_at is not None and memory.polled_at > now + SKEW
    return memory.next_poll_at <= now or by_wrong_clock


def is_stale(memory: FeedMemory, now: datetime) -> bool:
    """Whether an edition made now might miss something; a feed in trouble waits its turn."""
    if memory.problem:
        return is_due(memory, now)
    return memory.polled_at is None or memory.polled_at + FRESH <= now


def poll_feeds(
    feeds: Iterable[Feed],
    *,
    wanted: Wanted,
    store: Store,
    http: httpx.Client,
    folder: Path,
    clock: Clock,
    rng: random.Random,
    parse: Parse,
    limits: Limits = NORMAL,
    notified: Container[str] = frozenset(),
    claim: bool = False,
    keep_going: Callable[[], bool] = lambda: True,
    visit: Visit | None = None,
) -> Iterator[PollReport]:
    """Poll the wanted feeds, many at once; reports come as the feeds answer.

    With `claim`, a feed that another machine polls meanwhile is left to it. `notified` names the
    feeds that tell us by themselves what is new. Fetching and parsing happen in threads of their
    own, all writing in the caller's: a feed that hangs delays no other, and those in trouble come
    last. `visit` reads the pages of new posts, for the feeds that ask for it.

    A feed that cannot be read is reported, not raised.
    """
    until = clock() + CLAIM if claim else None
    jobs = _choose(list(feeds), wanted, store=store, clock=clock, until=until)
    left = {job.feed.name: job.memory for job in jobs}
    ask = partial(ask_feed, http=http, folder=folder, clock=clock, limits=limits, parse=parse)
    take = partial(_take, store=store, clock=clock, rng=rng, notified=notified)
    noted: list[_Taken] = []
    complete = partial(_complete, visit=visit, clock=clock) if visit else _as_it_is

    def work(job: _Job) -> Read | Unread:
        with at_work_on(feed=job.feed.name):
            return complete(job, ask(job.memory))

    for done in work_at_once(
        jobs,
        work,
        host=lambda job: job.host,
        keep_going=keep_going,
    ):
        if done is not None:
            del left[done[0].feed.name]
            with at_work_on(feed=done[0].feed.name):
                taken = take(*done)
            if taken.written:
                yield taken.report
            else:
                noted.append(taken)
        if done is None or len(noted) >= GROUP:
            yield from _write(noted, store)
            noted.clear()
    yield from _write(noted, store)
    if left and until is not None:  # we were told to stop
        with store.begin() as tx:
            tx.feeds.release(list(left.values()), until=until)


@dataclass(frozen=True, slots=True)
class _Job:
    """A feed to ask, and what the last poll of it left.

    `seen` are the names of its posts, where the pages of others are to be visited.
    """

    feed: Feed
    memory: FeedMemory
    seen: frozenset[str] = frozenset()

    @property
    def backfill(self) -> Backfill | None:
        """What to take of a feed that is new to us, or at an address that is; None if neither."""
        if self.memory.succeeded_at is None:
            return self.feed.backfill
        if self.memory.polled_at is None:
            # Perhaps with other guids: its archive is no news.
            return Backfill(since=self.memory.succeeded_at)
        return None

    @property
    def host(self) -> str:
        """Whom it burdens; empty for a file."""
        try:
            return urlsplit(self.memory.address).hostname or ""
        except ValueError:  # fetching it will say what is wrong
            return ""


@dataclass(frozen=True, slots=True)
class _Taken:
    """What came of a poll, and whether that is in the database already."""

    memory: FeedMemory
    report: PollReport
    written: bool = False


def _choose(
    feeds: Sequence[Feed], wanted: Wanted, *, store: Store, clock: Clock, until: datetime | None
) -> list[_Job]:
    now = clock()
    with store.read() as tx:
        memories = tx.feeds.memories(feeds)
        jobs = [
            _Job(feed, memory, frozenset(tx.posts.seen(feed.name) if wants_pages(feed) else ()))
            for feed, memory in zip(feeds, memories, strict=True)
            if wanted(memory, now)
        ]
    # Those in trouble last: while they use up what they may, the others have been asked.
    jobs.sort(key=lambda job: job.memory.failures > 0)
    if until is None or not jobs:
        return jobs
    with store.begin() as tx:
        ours = tx.feeds.claim([job.memory for job in jobs], until=until)
    return [job for job in jobs if job.feed.name in ours]


def _as_it_is(_job: _Job, result: Read | Unread) -> Read | Unread:
    return result


def _complete(job: _Job, result: Read | Unread, *, visit: Visit, clock: Clock) -> Read | Unread:
    if not isinstance(result, Read) or result.document is None or not wants_pages(job.feed):
        return result
    try:
        completed = complete_entries(
            result.document.entries,
            feed=job.feed,
            seen=job.seen,
            backfill=job.backfill,
            visit=visit,
            now=clock(),
        )
    except Exception as bug:  # noqa: BLE001 - as in asking, the next feed must not wait
        return unread(job.feed.name, bug)
    skipped = (*result.document.skipped, *completed.notes)
    document = replace(result.document, entries=completed.entries, skipped=skipped)
    return replace(result, document=document, over_limit=completed.over_limit)


def _take(
    job: _Job,
    result: Read | Unread,
    *,
    store: Store,
    clock: Clock,
    rng: random.Random,
    notified: Container[str],
) -> _Taken:
    now = clock()
    remember = partial(
        after_answer, now=now, notified=job.feed.name in notified, eager=job.feed.eager, rng=rng
    )
    if isinstance(result, Read):
        if result.document is None:
            memory = remember(job.memory, result)
            silent = fell_silent(job.memory, memory)
            return _Taken(memory, PollReport(job.feed.name, unchanged=True, silent=silent))
        try:
            return _keep(job, result, result.document, remember=remember, store=store, now=now)
        except DispatchError:
            raise
        except Exception as bug:  # noqa: BLE001 - as in asking, the next feed must not wait
            result = unread(job.feed.name, bug)
    if result.bug is not None:
        log.error("feed.crashed", feed=job.feed.name, exc_info=result.bug)
    memory = after_trouble(job.memory, result, now=now, rng=rng)
    return _Taken(memory, PollReport(job.feed.name, problem=memory.problem))


def _keep(
    job: _Job,
    read: Read,
    document: FeedDocument,
    *,
    remember: Callable[[FeedMemory, Read], FeedMemory],
    store: Store,
    now: datetime,
) -> _Taken:
    feed, before = job.feed, job.memory
    first = before.succeeded_at is None
    with store.begin() as tx:
        kept = keep_entries(
            feed.name,
            document.entries,
            backfill=job.backfill,
            tx=tx,
            now=now,
            doubtful_until=_doubtful_until(before, tx),
            site=document.link,
        )
        known = before
        if kept.new or kept.backlog or before.last_post_at is None:
            known = with_moments(before, tx.feeds.recent_moments(feed.name))
        memory = remember(known, read)
        tx.feeds.remember(memory)
        if kept.new and before.polled_at is not None:
            tx.websub_subscriptions.miss(feed.name, since=before.polled_at, now=now)
    notes = [*document.skipped, *kept.notes]
    if first:
        notes.insert(
            0,
            f"first contact, backfill: {feed.backfill} - "
            f"{kept.new} of {kept.new + kept.backlog} posts taken",
        )
        if kept.backlog and not kept.new:
            notes.append("for older posts give the feed a backfill and another name")
    if kept.held:
        notes.append(held_sentence(kept))
    if memory.moved_to:
        notes.append(f"moved to {memory.moved_to} - change the address in schedules.yaml")
    report = PollReport(
        feed.name,
        kept,
        notes=tuple(notes),
        silent=fell_silent(before, memory),
        over_limit=read.over_limit,
    )
    return _Taken(memory, report, written=True)


def _doubtful_until(before: FeedMemory, tx: Transaction) -> datetime | None:
    """When the database was put back from a copy, if that was later than the feed's last poll."""
    doubtful = tx.identity.get().doubtful_since
    last = before.succeeded_at
    return None if doubtful and last and last >= doubtful else doubtful


def _write(noted: Sequence[_Taken], store: Store) -> list[PollReport]:
    if noted:
        with store.begin() as tx:
            tx.feeds.remember(*(taken.memory for taken in noted))
    return [taken.report for taken in noted]
