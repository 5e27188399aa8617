"""Codes for who has lost the app: kept as keyed hashes, each used once."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.team.person import Person
from dispatch.store.database.schema import spare_codes


class SpareCodes:
    """Rows of them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def replace(self, person: Person, marks: Iterable[str]) -> None:
        """Give somebody new ones; those they had end."""
        ours = spare_codes.c.person_id == person.id
        self._connection.execute(spare_codes.delete().where(ours))
        rows = [{"person_id": person.id, "mark": mark} for mark in marks]
        if rows:
            self._connection.execute(spare_codes.insert(), rows)

    def use(self, person: Person, mark: str, *, now: datetime) -> bool:
        """Use one up; False if there is no such one, or it was used."""
        statement = spare_codes.update().where(
            spare_codes.c.person_id == person.id,
            spare_codes.c.mark == mark,
            spare_codes.c.used_at.is_(None),
        )
        return self._connection.execute(statement.values(used_at=now)).rowcount > 0

    def left(self, person: Person) -> int:
        """How many they can still use."""
        query = sa.select(sa.func.count()).where(
            spare_codes.c.person_id == person.id, spare_codes.c.used_at.is_(None)
        )
        return self._connection.scalars(query).one()
