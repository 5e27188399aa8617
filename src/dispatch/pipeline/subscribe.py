"""People come and go: consent begins, ends, and is never revived by a file."""

from collections.abc import Callable, Sequence

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.subscriber import SubscriberRow, email_key
from dispatch.store.store import Store

CHUNK = 500
"""People per transaction: a small lock, and few round trips."""


def import_subscribers(
    audience: str,
    rows: Sequence[SubscriberRow],
    *,
    store: Store,
    clock: Clock,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Bring people into an audience; how many subscriptions are new.

    Who is there already is brought up to date; a subscription that has ended stays ended.
    """
    new = 0
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        with store.begin() as tx:
            now = clock()
            ids = tx.subscribers.put(chunk, now=now)
            new += tx.subscribers.subscribe(
                audience, [(ids[email_key(row.email)], row) for row in chunk], now=now
            )
        progress(len(chunk))
    return new


def end_subscription(
    subscriber_id: int, audience: str, *, source: str, store: Store, clock: Clock
) -> bool:
    """End one subscription; False if it had ended already. `source` says on whose word."""
    with store.begin() as tx:
        return tx.subscribers.end(subscriber_id, audience, source=source, now=clock())


def end_all_subscriptions(email: str, *, source: str, store: Store, clock: Clock) -> list[str]:
    """End every subscription of a person; the audiences left. Raises NotFound."""
    with store.begin() as tx:
        person = tx.subscribers.find(email)
        if person is None:
            raise NotFound(f"{email}: no such subscriber - see 'dispatch subscribers list'")
        return [
            audience
            for audience in tx.subscribers.audiences()
            if tx.subscribers.end(person.id, audience, source=source, now=clock())
        ]


def suppress_address(email: str, *, reason: str, store: Store, clock: Clock) -> bool:
    """Never mail an address again, whatever a file says; False if that was so already."""
    with store.begin() as tx:
        return tx.subscribers.suppress(email, reason=reason, now=clock())
