"""End the subscriptions of those who unsubscribed at the provider."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.model.people.subscriber import SubscriptionState, email_key
from dispatch.pipeline.events.suppress_told import source_of
from dispatch.pipeline.people.endings import Endings
from dispatch.store.events.told import OfDelivery
from dispatch.store.transactions import Transaction


def leave_told(
    told: Sequence[tuple[OfDelivery, datetime]],
    *,
    channel: str,
    tx: Transaction,
    now: datetime,
    endings: Endings,
) -> int:
    """End each one's subscription to the audience that the mail was for; how many that were.

    Who has subscribed since then stays. A delivery comes with when they said so.
    """
    if not told:
        return 0
    people = tx.subscribers.get([of.subscriber_id for of, _ in told if of.subscriber_id])
    going = {}
    for of, at in told:
        person = people.get(of.subscriber_id or 0)
        if person is None or not of.audience:
            continue
        standing = tx.consents.standing(person.id).get(of.audience)
        if standing and standing.state is not SubscriptionState.ENDED and standing.since <= at:
            going[person.id, of.audience] = email_key(person.email), of.audience
    tx.endings.add(endings.all_left(list(going.values()), tx=tx))
    return sum(
        tx.subscribers.end(person, audience, source=f"unsubscribed ({source_of(channel)})", now=now)
        for person, audience in going
    )
