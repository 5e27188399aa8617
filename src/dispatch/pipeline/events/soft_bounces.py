"""How near somebody is to being suppressed, as their mailbox is full or their server says no."""

from collections.abc import Collection, Mapping

from dispatch.model.delivery.event import EventKind, Later
from dispatch.model.delivery.soft_bounces import LAST, Fared, SoftBounces, count_soft_bounces
from dispatch.model.people.subscriber import Subscriber, email_key
from dispatch.store.events.later import CameLater
from dispatch.store.events.told import Told
from dispatch.store.transactions import Transaction

_ARRIVED = {EventKind.DELIVERED, EventKind.OPENED, EventKind.CLICKED}


def soft_bounces_of(person: Subscriber, *, tx: Transaction) -> SoftBounces:
    """How many of the last mails accepted for somebody bounced softly, and how many may not.

    They are those to the address that the person has now.
    """
    return soft_bounces({person.id: email_key(person.email)}, tx=tx)[person.id]


def soft_bounces(
    readers: Mapping[int, str], *, tx: Transaction, also: Collection[int] = ()
) -> dict[int, SoftBounces]:
    """The same of several people: subscriber ids, each with the email key that is meant.

    `also` are keys of deliveries of which something was told, so that they were accepted.
    """
    mails = tx.received.last_accepted(readers, most=LAST, also=also)
    later = tx.later.of(key for keys in mails.values() for key in keys)
    soft = [key for key, one in later.items() if one.state is Later.SOFT_BOUNCED]
    told: dict[int, list[Told]] = {}
    for one in tx.events.of_deliveries(soft):
        told.setdefault(one.delivery or 0, []).append(one)
    lifted = tx.suppressions.lifted(set(readers.values()))
    return {
        reader: count_soft_bounces(
            [_fared(later.get(key), told.get(key, [])) for key in keys],
            lifted=lifted.get(readers[reader]),
        )
        for reader, keys in mails.items()
    }


def _fared(later: CameLater | None, told: list[Told]) -> Fared:
    if later is None:
        return Fared()
    if later.state in (Later.DELIVERED, Later.COMPLAINED):
        return Fared(delivered=later.at)
    if later.state is not Later.SOFT_BOUNCED:
        return Fared()
    bounced = [one.at for one in told if one.event.kind is EventKind.BOUNCED]
    arrived = [one.at for one in told if one.event.kind in _ARRIVED]
    return Fared(max(bounced, default=later.at), max(arrived, default=None))
