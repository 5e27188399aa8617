"""What a provider tells of a message says that it took it: nobody need wonder any more."""

from collections.abc import Collection, Mapping
from datetime import datetime

from dispatch.clock import Clock
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.model.editions.edition import EditionState
from dispatch.store.transactions import Store, Transaction


def believe_told(keys: Collection[int], *, store: Store, clock: Clock) -> int:
    """Accept those of these deliveries whose answer was lost and of which something was told.

    For who has just lost answers: it may have been told before. Returns how many they were.
    """
    if not keys:
        return 0
    with store.begin() as tx:
        tx.events.take_turn()  # who keeps events meanwhile cannot know yet that it was lost
        return accept_told(tx.events.told_of(keys), tx=tx, now=clock())


def accept_told(
    told: Mapping[int, str], *, tx: Transaction, now: datetime, on: On = On.TOLD
) -> int:
    """Accept those of these deliveries whose answer was lost; how many they were.

    `told` has the key of each, and the provider's own id of the message or nothing. It is `on` an
    event, or because it was found there.
    """
    editions: dict[str, list[int]] = {}
    for key, of in sorted(tx.events.deliveries(told).items()):
        if of.state is DeliveryState.UNKNOWN:
            editions.setdefault(of.edition_id, []).append(key)
    return sum(_accept(one, keys, told, tx, on=on, now=now) for one, keys in editions.items())


def _accept(
    edition_id: str,
    keys: list[int],
    told: Mapping[int, str],
    tx: Transaction,
    *,
    on: On,
    now: datetime,
) -> int:
    # Their batches first, as workers do; and no others, or who looks for one finds none.
    tx.batches.forget_counts(keys)
    edition = tx.editions.get(edition_id, lock=True)
    tx.received.note_provider_ids({key: told[key] for key in keys if told[key]})
    number = tx.deliveries.decide(
        edition, DeliveryState.UNKNOWN, on, reason=on.value, now=now, keys=keys
    )
    if number and edition.state is EditionState.FINISHED:
        tx.batches.recount(edition_id, [DeliveryState.UNKNOWN])
        tx.batches.keep_totals(edition_id)
    return number
