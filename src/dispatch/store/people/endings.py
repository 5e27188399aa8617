"""Endings as the database has them: those that happened here, and those that were taken in."""

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa

from dispatch.model.people.ending import IN_FORCE, Ending, What
from dispatch.store.database.rows import insert, insert_for
from dispatch.store.database.schema import endings, endings_files

AT_A_TIME = 1_000


class Endings:
    """Ending rows, by their mark, and how far each file has been read."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, new: Sequence[Ending]) -> None:
        """Keep endings: of one mark what was said last."""
        rows = [{"mark": one.mark, "what": one.what.value, "at": one.at} for one in new]
        if rows:
            self._connection.execute(_add(self._connection.dialect.name), rows)

    def known(self, marks: Sequence[str]) -> set[str]:
        """Those of these marks that keep somebody out."""
        return {one.mark for one in self.said(marks).values() if one.what in IN_FORCE}

    def said(self, marks: Sequence[str]) -> dict[str, Ending]:
        """What was said last of these marks, where there is anything."""
        found: dict[str, Ending] = {}
        for start in range(0, len(marks), AT_A_TIME):
            given = {"marks": marks[start : start + AT_A_TIME]}
            for row in self._connection.execute(_BY_MARKS, given):
                found[row.mark] = Ending(row.mark, What(row.what), row.at)
        return found

    def in_force(self, *, most: int) -> set[str] | None:
        """All that keep somebody out; None where there are more than so many."""
        query = sa.select(endings.c.mark).where(endings.c.what.in_([one.value for one in IN_FORCE]))
        found = set(self._connection.scalars(query.limit(most + 1)))
        return found if len(found) <= most else None

    def is_empty(self) -> bool:
        """Whether nobody has left, as far as this database knows."""
        return self._connection.scalar(sa.select(endings.c.mark).limit(1)) is None

    def has(self, what: What) -> bool:
        """Whether anything like this was said."""
        query = sa.select(endings.c.mark).where(endings.c.what == what.value)
        return self._connection.scalar(query.limit(1)) is not None

    def taken_in(self, file_id: str) -> int:
        """How many bytes of a file have been taken in."""
        query = sa.select(endings_files.c.taken_in).where(endings_files.c.id == file_id)
        return self._connection.scalar(query) or 0

    def note_taken_in(self, file_id: str, size: int) -> None:
        """Note how far a file has been taken in."""
        statement = insert(self._connection, endings_files).values(id=file_id, taken_in=size)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[endings_files.c.id], set_={"taken_in": size}
            )
        )


_BY_MARKS = sa.select(endings).where(endings.c.mark.in_(sa.bindparam("marks", expanding=True)))
"""Made once: somebody who comes in is asked for by it three times."""


@cache
def _add(dialect: str) -> sa.Executable:
    statement = insert_for(dialect, endings)
    said = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[endings.c.mark],
        set_={"what": said.what, "at": said.at},
        where=said.at >= endings.c.at,
    )
