"""A PostgreSQL database for one test after the other: a new one takes a hundred times as long."""

from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from postgres_servers import database_on, new_name, run_on

KEPT = ("alembic_version", "identity")
"""What a new database says of itself."""

SHAPE = """
SELECT count(*), sum(hash_record_extended(line, 0)) FROM (
  SELECT (a.attrelid, a.attnum, a.attname, a.atttypid, a.attnotnull) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^pg_|^information_schema' AND NOT a.attisdropped
  UNION ALL SELECT (tgrelid, 0::int2, tgname, 0::oid, true) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT (conrelid, 0::int2, conname, 0::oid, true) FROM pg_constraint
   WHERE conrelid <> 0
) lines
"""
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
BEGIN_AT_ONE = """
SELECT setval(oid, 1, false) FROM pg_class
 WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


class EmptiedDatabase:
    """A copy of a database with all tables; `fresh` empties it, or makes another one."""

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self._name = ""
        self._shape: tuple[Any, ...] | None = None
        self._deletes = ""
        self._kept: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
        self._connection: psycopg.Connection | None = None  # one that knows all tables already

    def fresh(self) -> str:
        """Its address; nothing is in it, and nobody uses it."""
        if not (self._name and self._empty()):
            self.drop()
            self._make()
        return database_on(self._server, self._name)

    def drop(self) -> None:
        """Remove it."""
        self._close()
        if self._name:
            run_on(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")
            self._name = ""

    def _make(self) -> None:
        self._name = new_name()
        run_on(self._server, f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        connection = self._open()
        self._shape = connection.execute(SHAPE).fetchone()
        self._deletes = _deletes(connection)
        for table in KEPT:
            found = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
            names = [column.name for column in found.description or ()]
            self._kept[table] = (names, found.fetchall())

    def _empty(self) -> bool:
        """False where a test has changed its shape, so that it cannot be used any more."""
        connection = self._open()
        with connection.transaction():
            connection.execute(OTHERS)
            if connection.execute(SHAPE).fetchone() != self._shape:
                return False
            connection.execute("SET LOCAL session_replication_role = replica")  # keys in any order
            connection.execute(self._deletes.encode())
            connection.execute(BEGIN_AT_ONE)
            for table, (names, rows) in self._kept.items():
                columns = sql.SQL(", ").join(map(sql.Identifier, names))
                places = sql.SQL(", ").join([sql.Placeholder()] * len(names))
                insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})")
                for row in rows:
                    statement = insert.format(sql.Identifier(table), columns, places)
                    connection.execute(statement, row)
        return True

    def _open(self) -> psycopg.Connection:
        """The one that is kept, unless a test has ended it, as it ended all."""
        if self._connection is not None:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error:
                self._close()
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> psycopg.Connection:
        url = sa.make_url(database_on(self._server, self._name)).set(drivername="postgresql")
        address = url.render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True)


def _deletes(connection: psycopg.Connection) -> str:
    """One for each table, in one go: there are sixty, and each would be an answer to wait for."""
    return ";".join(
        sql.SQL("DELETE FROM {}").format(sql.Identifier(table)).as_string(connection)
        for [table] in connection.execute(TABLES).fetchall()
    )
