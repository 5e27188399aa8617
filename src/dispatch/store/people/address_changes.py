"""New addresses that readers have named: rows that wait to be confirmed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.ids import Ids
from dispatch.model.people.address_change import AddressChange
from dispatch.model.people.subscriber import email_key
from dispatch.store.database.schema import address_changes


class AddressChanges:
    """Changes of address, by reader."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, subscriber_id: int, email: str, *, now: datetime, ids: Ids) -> AddressChange:
        """Keep one until it is confirmed."""
        statement = address_changes.insert().values(
            public_id=ids(),
            subscriber_id=subscriber_id,
            email=email,
            email_key=email_key(email),
            asked_at=now,
        )
        return _change(self._connection.execute(statement.returning(address_changes)).one())

    def find(self, public_id: str) -> AddressChange | None:
        """The one that a link names."""
        query = sa.select(address_changes).where(address_changes.c.public_id == public_id)
        row = self._connection.execute(query).one_or_none()
        return _change(row) if row else None

    def last(self, subscriber_id: int) -> AddressChange | None:
        """The one that a reader named last, confirmed or not."""
        query = sa.select(address_changes).where(address_changes.c.subscriber_id == subscriber_id)
        row = self._connection.execute(
            query.order_by(address_changes.c.id.desc()).limit(1)
        ).one_or_none()
        return _change(row) if row else None

    def count_since(self, subscriber_id: int, since: datetime) -> int:
        """How many a reader has named from then on."""
        query = sa.select(sa.func.count()).where(
            address_changes.c.subscriber_id == subscriber_id, address_changes.c.asked_at > since
        )
        return self._connection.scalars(query).one()

    def confirm(self, change: AddressChange, *, now: datetime) -> bool:
        """Note that it was confirmed; False if it was before."""
        changed = self._connection.execute(
            address_changes.update()
            .where(address_changes.c.id == change.id, address_changes.c.confirmed_at.is_(None))
            .values(confirmed_at=now)
        )
        return changed.rowcount == 1

    def forget(self, *, before: datetime) -> int:
        """Take out what nobody has confirmed; how many those were."""
        gone = address_changes.delete().where(
            address_changes.c.confirmed_at.is_(None), address_changes.c.asked_at < before
        )
        return self._connection.execute(gone).rowcount


def _change(row: sa.Row[Any]) -> AddressChange:
    return AddressChange(
        id=row.id,
        public_id=row.public_id,
        subscriber_id=row.subscriber_id,
        email=row.email,
        asked=row.asked_at,
        confirmed=row.confirmed_at,
    )
