"""What the table families share: inserts that step aside for a row that is already there."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

INSERT_CHUNK = 500
"""Rows per statement: SQLite takes 32,766 parameters, and no table has over 20 columns."""


def insert(connection: sa.Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that knows `on_conflict_...`, which both databases spell alike."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_new(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Insert the rows that are not there yet, and say how many those were."""
    added = 0
    for start in range(0, len(rows), INSERT_CHUNK):
        chunk = [dict(row) for row in rows[start : start + INSERT_CHUNK]]
        statement = insert(connection, table).values(chunk).on_conflict_do_nothing()
        # PostgreSQL returns the new keys by itself, which would hide the count.
        options = {"preserve_rowcount": True}
        added += connection.execute(statement, execution_options=options).rowcount
    return added
