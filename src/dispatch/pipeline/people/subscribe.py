"""People come and go: consent begins, ends, and is never revived by a file."""

from typing import Any

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.people.record import Trace
from dispatch.model.people.subscriber import Subscriber, SubscriptionState, email_key
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.note_of import note_of
from dispatch.store.transactions import Store


def end_subscription(
    reader: Subscriber,
    audience: str,
    *,
    source: str,
    store: Store,
    clock: Clock,
    endings: Endings,
    note: str = "",
    by: str | None = None,
) -> bool:
    """End one subscription; False if it had ended already. `source` says on whose word.

    `note` is what somebody wrote of it, in words that may name them; `by` who of the team ends it,
    and None where they do so themselves.
    """
    with store.read() as tx:
        standing = tx.subscribers.state(reader.id, audience)
        if standing in {None, SubscriptionState.ENDED}:
            return False
        ending = endings.left(email_key(reader.email), audience, tx=tx)
    with store.begin() as tx:
        tx.endings.add([ending])
        trace, now = Trace(note=note), clock()
        ended = tx.subscribers.end(reader.id, audience, source=source, now=now, trace=trace)
        if ended:
            note_of(reader.id, "subscriber.end", by=by, tx=tx, now=now, audience=audience)
        return ended


def end_unknown_subscription(
    public_id: str, audience: str, *, store: Store, endings: Endings
) -> None:
    """Note that somebody has left whom this database does not know: another one may."""
    with store.read() as tx:
        if tx.endings.known(endings.markers.left_by_link(public_id, audience)):
            return
        ending = endings.left_by_link(public_id, audience, tx=tx)
    with store.begin() as tx:
        tx.endings.add([ending])


def end_all_subscriptions(
    email: str,
    *,
    source: str,
    store: Store,
    clock: Clock,
    endings: Endings,
    note: str = "",
    by: str | None = None,
) -> list[str]:
    """End every subscription of a person; the audiences left. Raises NotFound."""
    tools: dict[str, Any] = {"store": store, "clock": clock, "endings": endings, "by": by}
    with store.read() as tx:
        person = tx.subscribers.find(email)
        audiences = sorted(tx.subscribers.standing(person.id)) if person else []
    if person is None:
        raise NotFound(f"{email}: no such subscriber - see 'dispatch subscribers list'")
    return [
        audience
        for audience in audiences
        if end_subscription(person, audience, source=source, note=note, **tools)
    ]
