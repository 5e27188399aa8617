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
from dispatch.model.intake.websub_subscription import (
    UNANSWERED,
    WebsubSubscription,
    Wish,
    websub_id,
)
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
        due = [websub for websub in tx.websub_subscriptions.all() if websub.next_at <= clock()]
    asked, silent = 0, set[str]()
    for websub in due:
        if asked == MOST_AT_ONCE or not keep_going():
            return
        if websub.hub in silent:
            continue
        if _is_over(websub, callbacks, now=clock()):
            with store.begin() as tx:
                tx.websub_subscriptions.forget([websub.id])
            continue
        asked += 1
        report = _ask(
            websub,
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
            silent.add(websub.hub)
        yield report


def _take_up(
    feeds: Mapping[str, Feed], *, store: Store, callbacks: Callbacks, now: datetime
) -> None:
    """Note what is wanted now that was not, and the other way round."""
    with store.read() as tx:
        wanted = _wanted(feeds, tx, callbacks, now=now) if callbacks else {}
        known = {websub.id: websub for websub in tx.websub_subscriptions.all()}
    new = [websub for websub in wanted.values() if not _is_known(websub, known.get(websub.id))]
    left = [
        websub.id
        for websub in known.values()
        if websub.id not in wanted and websub.wish is Wish.SUBSCRIBE
    ]
    if not (new or left):
        return
    with store.begin() as tx:
        for websub in new:
            tx.websub_subscriptions.put(websub)
        tx.websub_subscriptions.leave(left, now=now)


def _wanted(
    feeds: Mapping[str, Feed], tx: Transaction, callbacks: Callbacks, *, now: datetime
) -> dict[str, WebsubSubscription]:
    wanted = {}
    for name, url, hub, topic in tx.websub_subscriptions.advertised():
        # Of an address that was changed in the file, the next poll tells the hub.
        if name in feeds and feeds[name].url == url:
            id_ = websub_id(name, hub, topic)
            fingerprint = callbacks.fingerprint(id_)
            wanted[id_] = WebsubSubscription(
                id=id_, feed=name, hub=hub, topic=topic, callback=fingerprint, next_at=now
            )
    return wanted


def _is_known(websub: WebsubSubscription, known: WebsubSubscription | None) -> bool:
    # With another public address or secret key, what the hub was given leads nowhere.
    return known is not None and known.wish is websub.wish and known.callback == websub.callback


def _is_over(websub: WebsubSubscription, callbacks: Callbacks, *, now: datetime) -> bool:
    """Whether there is nothing more to say to the hub that we leave."""
    if websub.wish is Wish.SUBSCRIBE:
        return False
    agreed = websub.lease_until is not None and websub.lease_until > now
    reachable = bool(callbacks) and websub.callback == callbacks.fingerprint(websub.id)
    return not (agreed and reachable) or websub.failures >= LAST_TRIES


def _ask(
    websub: WebsubSubscription,
    *,
    store: Store,
    http: httpx.Client,
    callbacks: Callbacks,
    clock: Clock,
    rng: random.Random,
    keep_going: Callable[[], bool],
) -> RenewalReport | None:
    unanswered = websub.pending and not websub.problem
    if unanswered:
        websub = replace(websub, failures=websub.failures + 1)
    with store.begin() as tx:
        # Kept before the request, as the hub may ask back before it answers.
        if not tx.websub_subscriptions.claim(websub, until=clock() + _pause(websub.failures, rng)):
            return None
    form = request_form(
        websub.wish,
        topic=websub.topic,
        callback=callbacks.url(websub.id),
        secret=callbacks.secret(websub.id),
    )
    try:
        if not _send(websub, form, http=http, clock=clock, keep_going=keep_going):
            return None
    except FeedError as error:
        now = clock()
        asked = error.retry_after if isinstance(error, FeedUnreachable) else None
        until = now + max(_pause(websub.failures, rng), asked or FIRST_RETRY)
        with store.begin() as tx:
            # The other feeds of this hub need not find out one by one.
            tx.websub_subscriptions.put_off(websub.hub, now=now, until=now + FIRST_RETRY)
            agreed = not tx.websub_subscriptions.note_failure(
                websub, problem=str(error), next_at=until
            )
        return RenewalReport(websub.feed, "" if agreed else str(error))
    return RenewalReport(websub.feed, UNANSWERED if unanswered else "")


def _send(
    websub: WebsubSubscription,
    form: Mapping[str, str],
    *,
    http: httpx.Client,
    clock: Clock,
    keep_going: Callable[[], bool],
) -> bool:
    """Send the request; False if we stop before there is an answer, and wait for none."""
    # In a thread, as feeds are asked: a slow hub must not keep the service from stopping.
    for done in work_at_once(
        [websub],
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
