"""What the database says of itself: one row, from its first migration on."""

from datetime import datetime

import sqlalchemy as sa

from dispatch.model.workspace.database_identity import Identity
from dispatch.store.database.schema import identity


class Identities:
    """The one row, read and written."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self) -> Identity:
        """Which database this is."""
        return _identity(self._connection.execute(sa.select(identity)).one())

    def grow(self) -> Identity:
        """Note that a batch was taken up or put back; locks the row, so let it come last."""
        older = identity.update().values(age=identity.c.age + 1).returning(*identity.c)
        return _identity(self._connection.execute(older).one())

    def renew(self, new_id: str) -> None:
        """Make it another database than its copies are."""
        self._connection.execute(identity.update().values(id=new_id))

    def doubt(self, since: datetime) -> None:
        """Note that from a moment on things are missing that may have gone out."""
        self._connection.execute(identity.update().values(doubtful_since=since))


def _identity(row: sa.Row[tuple[object, ...]]) -> Identity:
    return Identity(row.id, row.age, row.doubtful_since, row.old_links)
