"""A hub says that a feed has changed: the feed is polled soon, and that is all.

What the hub sends along is not read (docs/adr/0024): the poll brings it, on the one way that all
posts come.
"""

from datetime import timedelta

import structlog

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.intake.websub_subscription import Wish
from dispatch.store.transactions import Store

log = structlog.get_logger()

PAUSE = timedelta(minutes=1)
"""However often a hub calls, its feed is polled at most once in this time."""

UNSETTLED = timedelta(minutes=1)
"""A poll that ends so soon after the call may have asked the feed before it changed, or have met a
cache on the way that did not know yet; the feed is polled once more."""

ENOUGH = timedelta(seconds=5)
"""Further calls within this time say nothing new: they cost one look, and no write."""

UNSIGNED = "it is not signed as the hub signs"

WHY = "its hub said that there is something new"


def receive_notification(websub_id: str, *, genuine: bool, store: Store, clock: Clock) -> None:
    """Note that a feed has changed; `genuine` is whether the hub's signature was right.

    One that is not is ignored, and that is noted, at most once a minute. Raises NotFound where we
    do not want to hear anything any more.
    """
    now = clock()
    with store.read() as tx:
        websub = tx.websub_subscriptions.get(websub_id)
    if websub is None or websub.wish is Wish.UNSUBSCRIBE:
        raise NotFound("websub subscription: not subscribed any more - the hub may forget us")
    if genuine:
        if websub.heard_at is None or websub.heard_at + ENOUGH <= now:
            with store.begin() as tx:
                tx.websub_subscriptions.hear(websub, now=now, unsettled_until=now + UNSETTLED)
    elif websub.ignored_at is None or websub.ignored_at + PAUSE <= now:
        with store.begin() as tx:
            tx.websub_subscriptions.ignore(websub, now=now)
        log.warning("websub.notification_ignored", feed=websub.feed, reason=UNSIGNED)


def make_feeds_due(*, store: Store, clock: Clock) -> int:
    """Make the feeds due of whose hubs we heard; how many. Run before each round of polls."""
    with store.begin() as tx:
        return tx.websub_subscriptions.make_feeds_due(now=clock(), pause=PAUSE, why=WHY)
