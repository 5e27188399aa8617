"""The last tick of each node, so that pages know whether anything runs."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch.store.database.rows import insert
from dispatch.store.database.schema import ticks

FORGOTTEN_AFTER = timedelta(days=7)
"""A node that has not ticked for so long will not come back under its name."""


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

    def forget(self, *, now: datetime) -> None:
        """Let go of nodes that are gone."""
        self._connection.execute(ticks.delete().where(ticks.c.at < now - FORGOTTEN_AFTER))

    def last(self) -> datetime | None:
        """When a node has last ticked; None if none ever has."""
        last: datetime | None = self._connection.scalar(
            sa.select(sa.func.max(ticks.c.at, type_=ticks.c.at.type))
        )
        return last

    def at_work(self, *, since: datetime) -> int:
        """How many nodes have ticked since a moment."""
        query = sa.select(sa.func.count()).select_from(ticks).where(ticks.c.at >= since)
        return self._connection.scalar(query) or 0
