"""While a channel is down, the next one of `via` takes what was planned for it.

So it does where this process cannot open the channel, as a secret is missing on its machine.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from dispatch.model.editions.edition import Edition, EditionState
from dispatch.store.transactions import Store, Transaction

Opens = Callable[[str], bool]
"""Whether this process can open a channel, by its name."""


def failover_channel(
    edition: Edition, planned: str, tx: Transaction, *, now: datetime, opens: Opens
) -> str | None:
    """The channel that carries what was planned for one: itself, or its failover while it is down.

    None where the deliveries are to wait.
    """
    plan = edition.content.email
    chain = [planned]
    if plan is not None and planned == plan.via:
        chain += plan.failover
    for name in chain:
        if not opens(name):
            continue
        stop = tx.channels.stop(name)
        if stop is None or not stop.is_in_force(now):
            return name
        if not stop.down:
            return None
    return None


def next_failover(
    edition: Edition, store: Store, now: datetime, *, after: Collection[str], opens: Opens
) -> str:
    """The channel that now carries what is ready of the digests, if it is not one of these."""
    plan = edition.content.email
    if plan is None or not plan.failover:
        return ""
    with store.read() as tx:
        if tx.editions.get(edition.id).state is not EditionState.SENDING:
            return ""
        due = tx.batches.next_due(edition.id, plan.via)
        name = (
            failover_channel(edition, plan.via, tx, now=now, opens=opens)
            if due is not None and due <= now
            else None
        )
    return name if name is not None and name not in after else ""


def planned_for(
    edition: Edition, name: str, store: Store, now: datetime, *, opens: Opens
) -> list[str]:
    """The channels whose batches go over this one: its own, and the one it steps in for."""
    plan = edition.content.email
    if plan is None or name not in plan.failover:
        return [name]
    with store.read() as tx:
        carrier = failover_channel(edition, plan.via, tx, now=now, opens=opens)
    return [name, plan.via] if carrier == name else [name]
