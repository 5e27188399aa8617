"""What the table families share: inserts that step aside for a row that is already there."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert(connection: sa.Connection, table: sa.Table) -> "postgresql.Insert | sqlite.Insert":
    """An insert that knows `on_conflict_...`, which both databases spell alike."""
    return insert_for(connection.dialect.name, table)


def insert_for(name: str, table: sa.Table) -> "postgresql.Insert | sqlite.Insert":
    """The same for a statement that is made once for a dialect, by its name."""
    if name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow, and not for SQLite

        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_new(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Insert the rows that are not there yet, and say how many those were."""
    if not rows:
        return 0
    statement = _insert_new(connection.dialect.name, table)
    # For a single row PostgreSQL returns the new key by itself, which would hide the count.
    options = {"preserve_rowcount": True}
    return connection.execute(statement, list(rows), execution_options=options).rowcount


@cache  # putting it together takes longer than inserting a row
def _insert_new(dialect: str, table: sa.Table) -> sa.Executable:
    return insert_for(dialect, table).on_conflict_do_nothing()
