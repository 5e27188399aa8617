"""What one reader was sent, the last of it first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.state import DeliveryState
from dispatch.store.database.schema import deliveries, editions
from dispatch.store.delivery.row_keys import key_of_reader

AT_A_TIME = 200
"""Editions of one question."""


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery to a reader, and which edition it is of; `changed` is since when it is so."""

    key: int
    edition_id: str
    campaign: str
    channel: str
    recipient: str
    state: DeliveryState
    changed: datetime
    reason: str


class Deliveries:
    """Deliveries by reader. The table has no index for that: their keys follow from editions."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def last_of(
        self, subscriber_id: int, campaigns: Collection[str], *, limit: int
    ) -> list[Received]:
        """The last deliveries among those of the newest AT_A_TIME editions of some campaigns.

        What a page asks: it waits for no other editions, however many there are.
        """
        query = (
            sa.select(editions.c.id, editions.c.campaign, editions.c.number)
            .where(editions.c.campaign.in_(campaigns), editions.c.addressed_at.is_not(None))
            .order_by(editions.c.number.desc())
        )
        some = self._connection.execute(query.limit(AT_A_TIME)).all()
        return self._of(some, subscriber_id)[:limit]

    def last(self, subscriber_id: int, *, limit: int | None = None) -> list[Received]:
        """The last deliveries to somebody, or all of them; newest edition first."""
        query = sa.select(editions.c.id, editions.c.campaign, editions.c.number).where(
            editions.c.addressed_at.is_not(None)
        )
        newest = query.order_by(editions.c.created_at.desc(), editions.c.number.desc())
        found: list[Received] = []
        with self._connection.execute(newest) as rows:
            for some in rows.partitions(AT_A_TIME):
                found += self._of(some, subscriber_id)
                if limit is not None and len(found) >= limit:
                    break
        return found[:limit]

    def _of(self, some: Sequence[Any], reader: int) -> list[Received]:
        keys = {key_of_reader(row.number, reader): row for row in some}
        there: dict[int, sa.Row[Any]] = {}
        for column in (deliveries.c.id, deliveries.c.reader):  # or, where it goes by zones
            query = sa.select(deliveries).where(
                column.in_(list(keys)), deliveries.c.subscriber_id == reader
            )
            rows = self._connection.execute(query)
            there |= {getattr(row, column.name): row for row in rows}
        return [
            Received(
                row.id,
                edition.id,
                edition.campaign,
                row.channel,
                row.recipient,
                DeliveryState(row.state),
                row.changed_at,
                row.reason,
            )
            for at, edition in keys.items()
            if (row := there.get(at)) is not None
        ]
