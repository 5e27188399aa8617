"""Pictures that stand beside posts on networks, by the hash of their bytes."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.editions.card import KeptPicture
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import pictures

AT_A_TIME = 100
"""Marks that one statement asks for."""


class Pictures:
    """One row for each picture, however many editions show it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(self, kept: Iterable[KeptPicture], *, now: datetime) -> None:
        """Keep these; one that is there already is as young again."""
        for one in kept:
            statement = insert(self._connection, pictures).values(
                mark=one.mark,
                kind=one.kind,
                width=one.width,
                height=one.height,
                data=one.data,
                at=now,
            )
            self._connection.execute(
                statement.on_conflict_do_update(index_elements=[pictures.c.mark], set_={"at": now})
            )

    def of(self, marks: Collection[str]) -> Mapping[str, KeptPicture]:
        """Those of these that are there, by their marks."""
        found = self._connection.execute(sa.select(pictures).where(pictures.c.mark.in_(marks)))
        return {
            row.mark: KeptPicture(row.mark, row.kind, row.width, row.height, row.data)
            for row in found
        }

    def older(self, than: datetime) -> list[str]:
        """The marks of those that were last found before that, without their bytes."""
        query = sa.select(pictures.c.mark).where(pictures.c.at < than).order_by(pictures.c.mark)
        return list(self._connection.scalars(query))

    def forget(self, marks: Collection[str], *, before: datetime) -> int:
        """Forget those of these that nobody has found again since; how many."""
        wanted = sorted(marks)
        number = 0
        for at in range(0, len(wanted), AT_A_TIME):
            some = wanted[at : at + AT_A_TIME]
            gone = pictures.delete().where(pictures.c.mark.in_(some), pictures.c.at < before)
            number += self._connection.execute(gone).rowcount
        return number
