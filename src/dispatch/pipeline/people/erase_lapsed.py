"""People who get nothing any more are erased once they have been kept long enough."""

from datetime import timedelta

from dispatch.clock import Clock
from dispatch.model.people.subscriber import Subscriber, SubscriptionState
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.erase_person import erase_in, written_down
from dispatch.store.transactions import Store, Transaction

AT_A_TIME = 200
"""People of one call: a second's work, after which others have their turn."""

SOURCE = "kept long enough"


def erase_lapsed(after: timedelta, *, store: Store, clock: Clock, endings: Endings) -> int:
    """Erase some of those all of whose subscriptions ended so long ago; how many.

    What people wrote when they left is forgotten after the same time; why is still counted.
    """
    since = clock() - after
    with store.begin() as tx:
        tx.reasons.forget_remarks(before=since)
    with store.read() as tx:
        some = tx.erasures.without_subscription(since=since, limit=AT_A_TIME)
    number = 0
    for person in some:
        with store.begin() as tx:
            if not _has_lapsed(person, tx):
                continue
            written_down(person, tx=tx, endings=endings)
            erase_in(person, source=SOURCE, tx=tx, now=clock(), markers=endings.markers)
        number += 1
    if number:
        store.wipe()
    return number


def _has_lapsed(person: Subscriber, tx: Transaction) -> bool:
    """Whether it is still so: they may have come back a moment ago."""
    standing = tx.consents.standing(person.id).values()
    return all(one.state is SubscriptionState.ENDED for one in standing)
