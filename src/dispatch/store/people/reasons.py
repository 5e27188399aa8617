"""Why people have left, counted by edition: nothing here says who it was."""

from datetime import datetime

import sqlalchemy as sa

from dispatch.model.delivery.state import DeliveryState
from dispatch.model.people.reason import Reason
from dispatch.store.database.schema import deliveries, editions, reasons
from dispatch.store.delivery.row_keys import key_of_reader

AT_A_TIME = 100
"""Editions of one question."""

# Who has the mail may answer it before we have heard that it was taken.
_HANDED_OVER = [
    one.value for one in (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN, DeliveryState.SENDING)
]


class Reasons:
    """Rows that are only counted and read."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self, audience: str, edition_id: str, reason: Reason, remark: str, *, day: datetime
    ) -> None:
        """Keep one; `day` is as exact as it gets, or the row would tell whose it is."""
        row = {"audience": audience, "edition_id": edition_id, "at": day}
        said = {"reason": reason.value, "remark": remark}
        self._connection.execute(reasons.insert().values({**row, **said}))

    def forget_remarks(self, *, before: datetime) -> None:
        """Forget what people wrote before then; why they left is counted all the same."""
        old = sa.and_(reasons.c.at < before, reasons.c.remark != "")
        self._connection.execute(reasons.update().where(old).values(remark=""))

    def count(self, edition_id: str) -> dict[str, int]:
        """Reason to how many gave it after this edition, most first."""
        number = sa.func.count()
        query = (
            sa.select(reasons.c.reason, number)
            .where(reasons.c.edition_id == edition_id)
            .group_by(reasons.c.reason)
            .order_by(number.desc(), reasons.c.reason)
        )
        return dict(self._connection.execute(query).all())

    def remarks(self, edition_id: str) -> list[str]:
        """The lines that people wrote after this edition, by the alphabet: in no order of time."""
        query = sa.select(reasons.c.remark).where(
            reasons.c.edition_id == edition_id, reasons.c.remark != ""
        )
        return sorted(self._connection.scalars(query))

    def last_edition(self, subscriber_id: int, audience: str) -> str:
        """The latest edition that was handed over to a reader of an audience, or empty."""
        query = (
            sa.select(editions.c.id, editions.c.number)
            .where(editions.c.addressed_at.is_not(None), editions.c.audience == audience)
            .order_by(editions.c.number.desc())
        )
        with self._connection.execute(query) as rows:
            for some in rows.partitions(AT_A_TIME):
                keys = {key_of_reader(row.number, subscriber_id): row.id for row in some}
                if found := self._accepted(keys, subscriber_id):
                    return found
        return ""

    def _accepted(self, keys: dict[int, str], subscriber_id: int) -> str:
        there: set[int] = set()
        for column in (deliveries.c.id, deliveries.c.reader):  # or, where it goes by zones
            query = sa.select(column).where(
                column.in_(list(keys)),
                deliveries.c.subscriber_id == subscriber_id,
                deliveries.c.state.in_(_HANDED_OVER),
            )
            there.update(number for number in self._connection.scalars(query) if number)
        return keys[max(there)] if there else ""
