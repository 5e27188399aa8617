"""Endings as the database has them: those that happened here, and those that were taken in."""

from collections.abc import Sequence

import sqlalchemy as sa

from dispatch.model.people.ending import Ending
from dispatch.store.database.rows import insert, insert_new
from dispatch.store.database.schema import endings, endings_files

AT_A_TIME = 1_000


class Endings:
    """Ending rows, by their mark, and how far each file has been read."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, new: Sequence[Ending]) -> int:
        """Keep endings; how many were not there."""
        rows = [{"mark": one.mark, "what": one.what.value, "at": one.at} for one in new]
        return insert_new(self._connection, endings, rows)

    def known(self, marks: Sequence[str]) -> set[str]:
        """Those of these marks that are there."""
        found: set[str] = set()
        for start in range(0, len(marks), AT_A_TIME):
            some = endings.c.mark.in_(marks[start : start + AT_A_TIME])
            found.update(self._connection.scalars(sa.select(endings.c.mark).where(some)))
        return found

    def is_empty(self) -> bool:
        """Whether nobody has left, as far as this database knows."""
        return self._connection.scalar(sa.select(endings.c.mark).limit(1)) is None

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
