"""A WebSub subscription: what stands between us and the hub that says when a feed has changed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MISSES = 3
"""Polls in a row that found posts of which the hub had said nothing: it does not do its work."""

LONGEST_LEASE = timedelta(days=30)
SHORTEST_LEASE = timedelta(minutes=1)
UNANSWERED = (
    "the hub does not call us back - check that 'public_url' of schedules.yaml can be reached "
    "from the Internet; new posts are found by polling meanwhile"
)

RENEW_AT = 0.8
"""Which part of a lease passes before we renew it; in the rest a hub may be away for a while."""


class Wish(StrEnum):
    """What we want of a hub, in the words of the protocol."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsubSubscription:
    """One subscription at one hub; it is the same one for as long as feed, hub and topic are.

    `callback` is the fingerprint of the address we gave, which tells when it would be another
    today. `pending` is true from when we ask until the hub has asked back, which is how it agrees.
    `lease_until` is empty unless it has. At `next_at` we ask again, or give up. `failures` are
    those in a row; `problem` is what was wrong with the last request itself.
    """

    id: str
    feed: str
    hub: str
    topic: str
    callback: str
    next_at: datetime
    wish: Wish = Wish.SUBSCRIBE
    pending: bool = False
    lease_until: datetime | None = None
    failures: int = 0
    problem: str = ""
    heard_at: datetime | None = None
    unsettled_until: datetime | None = None  # a poll that ended before it may have begun too early
    ignored_at: datetime | None = None
    missed: int = 0

    def stands(self, now: datetime) -> bool:
        """Whether the hub has agreed and its lease is not over."""
        wanted = self.wish is Wish.SUBSCRIBE
        return wanted and self.lease_until is not None and self.lease_until > now

    def works(self, now: datetime) -> bool:
        """Whether we may rely on it and poll less often."""
        return self.stands(now) and self.missed < MISSES

    def sentence(self, now: datetime) -> str:
        """How it stands, as a sentence for a person.

        >>> from datetime import UTC
        >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
        >>> websub = WebsubSubscription(id="1", feed="blog", hub="https://hub.example/", topic="https://blog.example/feed",
        ...     callback="", next_at=noon, lease_until=noon + timedelta(days=10))
        >>> websub.sentence(noon)
        'the hub says when there are new posts, agreed until 2026-12-03 12:00 UTC'
        """
        if self.wish is Wish.UNSUBSCRIBE:
            return "the hub is asked to stop"
        if self.stands(now):
            if self.missed >= MISSES:
                return "the hub has agreed, but did not say so when there were new posts"
            return (
                "the hub says when there are new posts, "
                f"agreed until {self.lease_until:%Y-%m-%d %H:%M} UTC"
            )
        if self.problem:
            return self.problem
        if self.failures:
            return UNANSWERED
        return "the hub is asked to say when there are new posts, and has not agreed yet"


def websub_id(feed: str, hub: str, topic: str) -> str:
    """The id of a subscription; by itself it opens nothing.

    Made from what it is for, so that two nodes that find the same hub make one subscription.
    """
    return hashlib.sha256(f"{feed}\n{hub}\n{topic}".encode()).hexdigest()[:32]


def kept_lease(offered: timedelta | None, *, asked: timedelta) -> timedelta:
    """How long we take a hub's agreement to hold; what it does not say is what we asked for.

    >>> kept_lease(timedelta(days=365), asked=timedelta(days=10))
    datetime.timedelta(days=30)
    """
    return min(max(offered or asked, SHORTEST_LEASE), LONGEST_LEASE)
