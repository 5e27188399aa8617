"""An edition's deliveries a page at a time, in states that few of a million may be in."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition
from dispatch.store.database.schema import batches, deliveries
from dispatch.store.delivery.batch_counts import knows_of
from dispatch.store.delivery.deliveries import to_delivery
from dispatch.store.delivery.row_keys import key_of_reader, key_range

TOGETHER = 10
"""Batches beside each other that are read in one question."""


class DeliveryPages:
    """Reads only the batches that know of a delivery in a state: the table has no index for it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(
        self, edition: Edition, states: Collection[DeliveryState], *, after: int = 0, most: int = 50
    ) -> list[Delivery]:
        """Deliveries in some states, or all, by key: those after one key."""
        found: list[Delivery] = []
        wanted = [state.value for state in states]
        query = _IN_STATES if wanted else _BETWEEN
        for first, last in self._stretches(edition, states, after):
            given = {"first": max(first, after + 1), "last": last, "most": most - len(found)}
            rows = self._connection.execute(query, given | ({"states": wanted} if wanted else {}))
            found += [to_delivery(row, edition.id) for row in rows]
            if len(found) == most:
                break
        return found

    def with_keys(self, edition: Edition, keys: Iterable[int]) -> list[Delivery]:
        """An edition's deliveries with some keys, a page full of them, in the order of the keys."""
        first, last = key_range(edition.number)
        wanted = [one for one in keys if first <= one <= last]
        query = sa.select(deliveries).where(deliveries.c.id.in_(wanted)).order_by(deliveries.c.id)
        return [to_delivery(row, edition.id) for row in self._connection.execute(query)]

    def to_reader(self, edition: Edition, subscriber_id: int) -> list[Delivery]:
        """What one reader gets of an edition: one delivery, or none."""
        key = key_of_reader(edition.number, subscriber_id)
        query = sa.select(deliveries).where(
            sa.or_(deliveries.c.id == key, deliveries.c.reader == key),
            deliveries.c.subscriber_id == subscriber_id,
            deliveries.c.id.between(*key_range(edition.number)),
        )
        return [to_delivery(row, edition.id) for row in self._connection.execute(query)]

    def _stretches(
        self, edition: Edition, states: Collection[DeliveryState], after: int
    ) -> list[tuple[int, int]]:
        """The keys of the batches in which such deliveries are, or may be."""
        query = sa.select(batches.c.first, batches.c.last).where(
            batches.c.edition_id == edition.id, batches.c.last > after, knows_of(states)
        )
        found: list[tuple[int, int]] = []
        together = 0
        for row in self._connection.execute(query.order_by(batches.c.first)):
            adjoins = bool(found) and row.first == found[-1][1] + 1
            together = together + 1 if adjoins and together < TOGETHER else 0
            if together:
                found[-1] = found[-1][0], row.last
            else:
                found.append((row.first, row.last))
        return found


# Made once, as each page of a list asks one of them.
_SOME = sa.select(deliveries).where(
    deliveries.c.id.between(sa.bindparam("first"), sa.bindparam("last"))
)
_BETWEEN = _SOME.order_by(deliveries.c.id).limit(sa.bindparam("most", type_=sa.Integer))
_IN_STATES = _BETWEEN.where(deliveries.c.state.in_(sa.bindparam("states", expanding=True)))
