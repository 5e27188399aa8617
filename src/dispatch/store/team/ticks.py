"""The last tick of each node, so that pages know whether anything runs."""

from datetime import datetime

import sqlalchemy as sa

from dispatch.store.database.rows import insert
from dispatch.store.database.schema import ticks


class Ticks:
    """One row for each node."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def note(self, node: str, version: str, *, now: datetime) -> None:
        """A node has ticked."""
        values = {"version": version, "at": now}
        statement = insert(self._connection, ticks).values(node=node, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[ticks.c.node], set_=values)
        )

    def last(self) -> datetime | None:
        """When a node has last ticked; None if none ever has."""
        last: datetime | None = self._connection.scalar(sa.select(sa.func.max(ticks.c.at)))
        return last
