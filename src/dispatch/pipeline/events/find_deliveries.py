"""Find the delivery that an event is of: by the id that our message had, or by the provider's."""

from collections.abc import Mapping, Sequence

from dispatch.model.delivery.event import Event
from dispatch.model.people.subscriber import email_key
from dispatch.store.events.told import OfDelivery
from dispatch.store.transactions import Transaction

_DIGITS = 19


def find_deliveries(events: Sequence[Event], *, tx: Transaction) -> list[OfDelivery | None]:
    """The delivery of ours that each of them is of; None where it is of none.

    An edition's id is nobody else's, so that no other workspace's delivery is taken for ours. Where
    a provider does not give our id back, whom it was to and the provider's own id together say it.
    """
    keys = [key_in(event.delivery) for event in events]
    found = tx.events.deliveries(key for key in keys if key)
    named = [_if_named(event, found.get(key)) for event, key in zip(events, keys, strict=True)]
    others = [event for event, of in zip(events, named, strict=True) if of is None]
    if not others:
        return named
    by_provider = _by_provider(others, tx)
    return [
        of or by_provider.get((email_key(event.recipient), event.provider_id))
        for event, of in zip(events, named, strict=True)
    ]


def _if_named(event: Event, of: OfDelivery | None) -> OfDelivery | None:
    return of if of is not None and event.delivery == f"{of.edition_id}.{of.key}" else None


def _by_provider(events: Sequence[Event], tx: Transaction) -> Mapping[tuple[str, str], OfDelivery]:
    """Email key and the provider's id of a mail to the delivery, where there is one."""
    told = {
        (email_key(one.recipient), one.provider_id)
        for one in events
        if one.recipient and one.provider_id
    }
    if not told:
        return {}
    people = tx.subscribers.by_keys(sorted({key for key, _ in told}))
    wanted = {(people[key].id, name): (key, name) for key, name in told if key in people}
    keys = tx.received.by_provider_id(wanted)
    of = tx.events.deliveries(keys.values())
    return {wanted[one]: of[key] for one, key in keys.items() if key in of}


def key_in(delivery: str) -> int:
    """The key in the id that a message had; 0 where there is none."""
    digits = delivery.rpartition(".")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < _DIGITS else 0
