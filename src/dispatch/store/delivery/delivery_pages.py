"""An edition's deliveries a page at a time, in states that few of a million may be in."""

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa

from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.edition import Edition
from dispatch.store.database.schema import batches, deliveries
from dispatch.store.delivery.batch_counts import AS_TEXT, KNOWN
from dispatch.store.delivery.deliveries import to_delivery
from dispatch.store.delivery.row_keys import key_of_reader, key_range

BATCHES_AT_A_TIME = 10
"""Batches whose rows are read in one question."""


class DeliveryPages:
    """Reads only the batches that know of a delivery in a state: the table has no index for it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(
        self, edition: Edition, states: Collection[DeliveryState], *, after: int = 0, most: int = 50
    ) -> list[Delivery]:
        """Deliveries in some states, or all, by key: those after one key."""
        found: list[Delivery] = []
        for some in self._stretches(edition, states, after):
            query = sa.select(deliveries).where(
                sa.or_(*(deliveries.c.id.between(first, last) for first, last in some)),
                deliveries.c.id > after,
            )
            if states:
                query = query.where(deliveries.c.state.in_([state.value for state in states]))
            rows = self._connection.execute(
                query.order_by(deliveries.c.id).limit(most - len(found))
            )
            found += [to_delivery(row, edition.id) for row in rows]
            if len(found) == most:
                break
        return found

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
    ) -> Iterator[Sequence[tuple[int, int]]]:
        counts, _ = AS_TEXT
        query = sa.select(batches.c.first, batches.c.last).where(
            batches.c.edition_id == edition.id, batches.c.last > after
        )
        if states:
            known_of = (counts.contains(f'"{state.value}"', autoescape=True) for state in states)
            query = query.where(sa.or_(sa.not_(KNOWN), *known_of))
        rows = self._connection.execute(query.order_by(batches.c.first)).all()
        found = [(row.first, row.last) for row in rows]
        for start in range(0, len(found), BATCHES_AT_A_TIME):
            yield found[start : start + BATCHES_AT_A_TIME]
