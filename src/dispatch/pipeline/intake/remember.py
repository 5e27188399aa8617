"""What is remembered of a feed after a poll, and with it when the next one is, and why."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dispatch.errors import FeedGone, FeedTooCostly, FeedUnreachable
from dispatch.feeds.web.fetch import Fetched
from dispatch.feeds.websub.protocol import Advertised, read_link_header
from dispatch.model.intake.feed import FeedDocument
from dispatch.model.intake.polling_interval import (
    Pause,
    after_failure,
    after_success,
    polling_interval,
    silence,
)
from dispatch.pipeline.intake.ask_feed import Read, Unread
from dispatch.store.intake.feeds import FeedMemory


def after_answer(
    memory: FeedMemory,
    read: Read,
    *,
    now: datetime,
    notified: bool,
    eager: bool,
    rng: random.Random,
) -> FeedMemory:
    """The feed is well: what it said, and when to ask again.

    Unless one of its posts' pages went over a limit: then it is left alone like one that does so.
    """
    answer = read.answer
    well = replace(
        memory,
        polled_at=now,
        succeeded_at=now,
        moved_to=answer.moved_to or memory.moved_to,
        failures=0,
        problem="",
        gone=False,
        body_hash=read.body_hash,
    )
    if isinstance(answer, Fetched):
        well = replace(well, etag=answer.etag, last_modified=answer.last_modified)
        well = _with_hub(well, answer, read.document)
    if read.document is not None:
        well = _with_document(well, read.document)
    if read.over_limit:
        failures = memory.failures + 1
        ill = replace(well, failures=failures, problem=f"the page {read.over_limit}")
        return _with_pause(ill, after_failure(failures, over_limit=True), now=now, rng=rng)
    pause = after_success(
        now,
        habit=well.habit,
        last_post=well.last_post_at,
        feed_asks=well.every,
        server_asks=answer.fresh_for,
        notified=notified,
        eager=eager,
    )
    return _with_pause(well, pause, now=now, rng=rng)


def after_trouble(
    memory: FeedMemory, unread: Unread, *, now: datetime, rng: random.Random
) -> FeedMemory:
    """The feed could not be read: what is wrong, and when to try again."""
    error, failures = unread.error, memory.failures + 1
    failed = replace(memory, polled_at=now, failures=failures, problem=str(error), gone=False)
    if isinstance(error, FeedGone):
        why = f"it is gone for good - 'dispatch feeds poll {memory.name}' tries it all the same"
        return replace(failed, gone=True, next_poll_at=None, next_poll_why=why)
    pause = after_failure(
        failures,
        server_asks=error.retry_after if isinstance(error, FeedUnreachable) else None,
        over_limit=isinstance(error, FeedTooCostly),
    )
    return _with_pause(failed, pause, now=now, rng=rng)


def with_moments(memory: FeedMemory, moments: Sequence[datetime]) -> FeedMemory:
    """The feed publishes as its newest posts tell, of which these are the moments."""
    habit = polling_interval(moments)
    return replace(
        memory,
        usual_gap=habit.usual if habit else None,
        longest_gap=habit.longest if habit else None,
        last_post_at=max(moments, default=None),
    )


def fell_silent(before: FeedMemory, after: FeedMemory) -> str:
    """A sentence if the poll between the two is the first that finds the feed silent."""
    now = after.polled_at
    if now is None:
        return ""
    found = silence(now, habit=after.habit, last_post=after.last_post_at)
    if before.polled_at and silence(
        before.polled_at, habit=before.habit, last_post=before.last_post_at
    ):
        return ""
    return found


def _with_document(memory: FeedMemory, document: FeedDocument) -> FeedMemory:
    return replace(memory, title=document.title, link=document.link, every=document.every)


def _with_hub(memory: FeedMemory, answer: Fetched, document: FeedDocument | None) -> FeedMemory:
    # Headers first, by the standard; and a body that has not changed says what it said before.
    found = read_link_header(answer.links, base=answer.url)
    if not found and document is not None:
        found = Advertised(document.hub, document.self_url)
    elif not found:
        found = Advertised(memory.hub, memory.topic)
    return replace(memory, hub=found.hub, topic=found.topic)


def _with_pause(
    memory: FeedMemory, pause: Pause, *, now: datetime, rng: random.Random
) -> FeedMemory:
    return replace(memory, next_poll_at=now + pause.jittered(rng), next_poll_why=pause.why)
