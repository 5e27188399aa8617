"""Deliveries with what came later of each, as lists and files have them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from dispatch.model.delivery.event import Later
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.delivery.with_later import WithLater
from dispatch.model.editions.edition import Edition
from dispatch.model.people.subscriber import Subscriber
from dispatch.store.delivery.row_keys import is_of_snippet
from dispatch.store.events.later import CameLater
from dispatch.store.transactions import Transaction

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deliveries somebody looks for; what is empty leaves out nothing."""

    edition: Edition | None = None
    reader: Subscriber | None = None
    states: Collection[DeliveryState] = ()
    later: Collection[Later] = ()


def wanted_deliveries(wanted: Wanted, tx: Transaction, *, most: int) -> list[WithLater]:
    """At most so many of them, newest edition first."""
    return list(islice(_found(wanted, tx, most), most))


def _found(wanted: Wanted, tx: Transaction, most: int) -> Iterator[WithLater]:
    edition, states = wanted.edition, wanted.states
    if wanted.reader is not None:
        found = with_later(_to_reader(wanted.reader, edition, tx), tx)
    elif wanted.later:
        ids = [edition.id] if edition else tx.later.editions_with(wanted.later)
        found = (one for name in ids for one in came_to(tx.editions.get(name), wanted.later, tx))
    else:
        found = with_later(tx.deliveries.latest(edition=edition, states=states, limit=most), tx)
    for one in found:
        if (not states or one.delivery.state in states) and (
            not wanted.later or one.later in wanted.later
        ):
            yield one


def _to_reader(reader: Subscriber, edition: Edition | None, tx: Transaction) -> Iterator[Delivery]:
    if edition is not None:
        yield from tx.delivery_pages.to_reader(edition, reader.id)
        return
    for one in tx.received.last(reader.id):
        yield from tx.delivery_pages.to_reader(tx.editions.get(one.edition_id), reader.id)


def with_later(found: Iterable[Delivery], tx: Transaction) -> Iterator[WithLater]:
    """Deliveries in the order in which they come, each with what came later of it."""
    rest = iter(found)
    while some := list(islice(rest, AT_A_TIME)):
        yield from _together(some, tx.later.of(one.id for one in some), tx)


def came_to(edition: Edition, states: Collection[Later], tx: Transaction) -> Iterator[WithLater]:
    """The deliveries of an edition of which something came to these states, by their keys."""
    after = 0
    while True:
        told = tx.later.page(edition, states, after=after, most=AT_A_TIME)
        found = tx.delivery_pages.with_keys(edition, [one.delivery for one in told])
        yield from _together(found, {one.delivery: one for one in told}, tx)
        if len(told) < AT_A_TIME:
            return
        after = told[-1].delivery


def _together(
    found: Collection[Delivery], later: dict[int, CameLater], tx: Transaction
) -> Iterator[WithLater]:
    posts = [one.id for one in found if is_of_snippet(one.id)]
    addresses = tx.published.addresses(posts) if posts else {}
    for one in found:
        then, at = later.get(one.id), addresses.get(one.id, "")
        if then is None:
            yield WithLater(one, address=at)
        else:
            yield WithLater(one, then.state, then.at, then.reason, at)
