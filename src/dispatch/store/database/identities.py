"""What the database says of itself: one row, and one for each workspace that has sent over it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from dispatch.model.workspace.database_identity import Identity
from dispatch.store.database.rows import insert_for
from dispatch.store.database.schema import endings_files, identity

GROWN_BY = "grown by "
"""Begins the names of the rows that say when a workspace had the database grow: files of endings
have one word for a name."""


# Made once, as each batch asks for them.
_IDENTITY = sa.select(identity)
_GROWN = sa.select(endings_files.c.id, endings_files.c.taken_in).where(
    endings_files.c.id.startswith(GROWN_BY)
)
_GROW = identity.update().values(age=identity.c.age + 1).returning(*identity.c)


@cache
def _note_who(dialect: str) -> sa.Executable:
    note = insert_for(dialect, endings_files)
    return note.on_conflict_do_update(
        index_elements=[endings_files.c.id], set_={"taken_in": note.excluded.taken_in}
    )


class Identities:
    """These rows, read and written."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self) -> Identity:
        """Which database this is."""
        found = self._connection.execute(_IDENTITY).one()
        grown = {
            row.id.removeprefix(GROWN_BY): row.taken_in
            for row in self._connection.execute(_GROWN).all()
        }
        return _identity(found, grown)

    def grow(self, by: str = "") -> Identity:
        """Note that a workspace takes up a batch, works on it, or has put it back.

        Locks the row, so let it come last.
        """
        grown = self._connection.execute(_GROW).one()
        if not by:
            return _identity(grown)
        note = _note_who(self._connection.dialect.name)
        self._connection.execute(note, {"id": GROWN_BY + by, "taken_in": grown.age})
        return _identity(grown, {by: grown.age})

    def renew(self, new_id: str) -> None:
        """Make it another database than its copies are."""
        self._connection.execute(identity.update().values(id=new_id))

    def doubt(self, since: datetime) -> None:
        """Note that from a moment on things are missing that may have gone out."""
        self._connection.execute(identity.update().values(doubtful_since=since))


def _identity(row: sa.Row[tuple[object, ...]], grown: Mapping[str, int] | None = None) -> Identity:
    return Identity(row.id, row.age, row.doubtful_since, row.old_links, grown)
