"""Subscribe at the hubs that feeds name, renew in time, and leave those that are not wanted."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx

from dispatch.clock import Clock
from dispatch.errors import FeedError, FeedUnreachable
from dispatch.feeds.websub.hub_requests import ask_hub
from dispatch.feeds.websub.protocol import request_form
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.websub_subscription import UNANSWERED, WebsubSubscription, Wish, push_id
from dispatch.pipeline.intake.at_once import work_at_once
from dispatch.pipeline.websub.callbacks import Callbacks
from dispatch.store.transactions import Store, Transaction

MOST_AT_ONCE = 20
"""Requests in one go: hundreds of feeds may have the same hub, which shall not be flooded."""

FIRST_RETRY = timedelta(hours=1)
LONGEST_RETRY = timedelta(hours=24)
LAST_TRIES = 3
"""After so many failures we leave without a word: the lease ends by itself."""


@dataclass(frozen=True, slots=True)
class RenewalReport:
    """One request to a feed's hub; `problem` is a sentence, or empty."""

    feed: str
    problem: str = ""


def renew_subscriptions(
    feeds: Mapping[str, Feed],
    *,
    store: Store,
    http: httpx.Client,
    callbacks: Callbacks,
    clock: Clock,
    rng: random.Random,
    keep_going: Callable[[], bool] = lambda: True,
) -> Iterator[RenewalReport]:
    """Ask what is due to be asked; a few requests at a time, and none twice on several nodes.

    `feeds` are those we poll. Without a public address there is nothing to ask for.
    """
    _take_up(feeds, store=store, callbacks=callbacks, now=clock())
    with store.read() as tx:
        due = [push for push in tx.websub_subscriptions.all() if push.next_at <= clock()]
    asked, silent = 0, set[str]()
    for push in due:
        if asked == MOST_AT_ONCE or not keep_going():
            return
        if push.hub in silent:
            continue
        if _is_over(push, callbacks, now=clock()):
            with store.begin() as tx:
                tx.websub_subscriptions.forget([push.id])
            continue
        asked += 1
        report = _ask(
            push,
            store=store,
            http=http,
            callbacks=callbacks,
            clock=clock,
            rng=rng,
            keep_going=keep_going,
        )
        if report is None:
            continue  # another node has it, or we stop
        if report.problem and report.problem != UNANSWERED:
            silent.add(push.hub)
        yield report


def _take_up(
    feeds: Mapping[str, Feed], *, store: Store, callbacks: Callbacks, now: datetime
) -> None:
    """Note what is wanted now that was not, and the other way round."""
    with store.read() as tx:
        wanted = _wanted(feeds, tx, callbacks, now=now) if callbacks else {}
        known = {push.id: push for push in tx.websub_subscriptions.all()}
    new = [push for push in wanted.values() if not _is_known(push, known.get(push.id))]
    left = [
        push.id for push in known.values() if push.id not in wanted and push.wish is Wish.SUBSCRIBE
    ]
    if not (new or left):
        return
    with store.begin() as tx:
        for push in new:
            tx.websub_subscriptions.put(push)
        tx.websub_subscriptions.leave(left, now=now)


def _wanted(
    feeds: Mapping[str, Feed], tx: Transaction, callbacks: Callbacks, *, now: datetime
) -> dict[str, WebsubSubscription]:
    wanted = {}
    for name, url, hub, topic in tx.websub_subscriptions.advertised():
        # Of an address that was changed in the file, the next poll tells the hub.
        if name in feeds and feeds[name].url == url:
            id_ = push_id(name, hub, topic)
            fingerprint = callbacks.fingerprint(id_)
            wanted[id_] = WebsubSubscription(
                id=id_, feed=name, hub=hub, topic=topic, callback=fingerprint, next_at=now
            )
    return wanted


def _is_known(push: WebsubSubscription, known: WebsubSubscription | None) -> bool:
    # With another public address or secret key, what the hub was given leads nowhere.
    return known is not None and known.wish is push.wish and known.callback == push.callback


def _is_over(push: WebsubSubscription, callbacks: Callbacks, *, now: datetime) -> bool:
    """Whether there is nothing more to say to the hub that we leave."""
    if push.wish is Wish.SUBSCRIBE:
        return False
    agreed = push.lease_until is not None and push.lease_until > now
    reachable = bool(callbacks) and push.callback == callbacks.fingerprint(push.id)
    return not (agreed and reachable) or push.failures >= LAST_TRIES


def _ask(
    push: WebsubSubscription,
    *,
    store: Store,
    http: httpx.Client,
    callbacks: Callbacks,
    clock: Clock,
    rng: random.Random,
    keep_going: Callable[[], bool],
) -> RenewalReport | None:
    unanswered = push.pending and not push.problem
    if unanswered:
        push = replace(push, failures=push.failures + 1)
    with store.begin() as tx:
        # Kept before the request, as the hub may ask back before it answers.
        if not tx.websub_subscriptions.claim(push, until=clock() + _pause(push.failures, rng)):
            return None
    form = request_form(
        push.wish,
        topic=push.topic,
        callback=callbacks.url(push.id),
        secret=callbacks.secret(push.id),
    )
    try:
        if not _send(push, form, http=http, clock=clock, keep_going=keep_going):
            return None
    except FeedError as error:
        now = clock()
        asked = error.retry_after if isinstance(error, FeedUnreachable) else None
        until = now + max(_pause(push.failures, rng), asked or FIRST_RETRY)
        with store.begin() as tx:
            # The other feeds of this hub need not find out one by one.
            tx.websub_subscriptions.put_off(push.hub, now=now, until=now + FIRST_RETRY)
            agreed = not tx.websub_subscriptions.note_failure(
                push, problem=str(error), next_at=until
            )
        return RenewalReport(push.feed, "" if agreed else str(error))
    return RenewalReport(push.feed, UNANSWERED if unanswered else "")


def _send(
    push: WebsubSubscription,
    form: Mapping[str, str],
    *,
    http: httpx.Client,
    clock: Clock,
    keep_going: Callable[[], bool],
) -> bool:
    """Send the request; False if we stop before there is an answer, and wait for none."""
    # In a thread, as feeds are asked: a slow hub must not keep the service from stopping.
    for done in work_at_once(
        [push],
        lambda one: ask_hub(one.hub, form, http=http, clock=clock),
        host=lambda one: one.hub,
        keep_going=keep_going,
    ):
        if done is not None:
            return True
    return False


def _pause(failures: int, rng: random.Random) -> timedelta:
    doublings = min(failures, 10)  # more would only make the number large
    pause: timedelta = min(FIRST_RETRY * 2**doublings, LONGEST_RETRY)
    return pause * rng.uniform(1.0, 1.2)
