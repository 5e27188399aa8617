"""Copies of a database on PostgreSQL: a ZIP file with the rows of each table as COPY writes them.

No foreign program is needed for them, and every version of PostgreSQL reads those of every other.
Not in them is the queue, which is filled again from the rows.
"""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dispatch.errors import BadInput, UnfitDatabase
from dispatch.store.backups.room import NO_COPY
from dispatch.store.database.engine import may_pause
from dispatch.store.database.schema import metadata
from dispatch.store.upgrades.migrate import (
    HEAD,
    REVISIONS,
    lock_migrations,
    shape_of_revision,
    upgrade,
    wrong_identity,
)

MANIFEST = "manifest.json"
FORMAT = 1
AT_ONCE = 1 << 20  # bytes

# What Procrastinate has made, which its own SQL makes again.
_LEFT_OVERS = """
SELECT 'DROP TABLE IF EXISTS ' || c.oid::regclass || ' CASCADE' FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
  AND starts_with(c.relname, 'procrastinate_')
UNION ALL
SELECT 'DROP FUNCTION IF EXISTS ' || p.oid::regprocedure || ' CASCADE' FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace
  AND starts_with(p.proname, 'procrastinate_')
UNION ALL
SELECT 'DROP TYPE IF EXISTS ' || t.oid::regtype || ' CASCADE' FROM pg_type t
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typnamespace = current_schema()::regnamespace
  AND starts_with(t.typname, 'procrastinate_') AND (t.typtype = 'e' OR c.relkind = 'c')
"""

_SEQUENCES = """
SELECT c.relname, a.attname, pg_get_serial_sequence(c.oid::regclass::text, a.attname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
  AND NOT a.attisdropped AND pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What a copy says of itself; `tables` has each table's columns, in the order of its rows."""

    revision: str
    made: datetime
    tables: Mapping[str, Sequence[str]]


class PostgresqlCopies:
    """Makes and uses them."""

    name = "PostgreSQL"

    def check(self, _engine: sa.Engine, file: Path) -> None:
        """Raise BadInput where a file says itself that it is no copy, and UnfitDatabase."""
        with _damaged(file), zipfile.ZipFile(file) as archive:
            _read(archive, file)

    def write(self, engine: sa.Engine, file: Path, *, now: datetime) -> None:
        """Write a copy into a file that is there and empty, in one picture; nobody waits for it."""
        tables = {one.name: [column.name for column in one.columns] for one in _ordered()}
        manifest = {"dispatch": FORMAT, "revision": HEAD, "made": now.isoformat(), "tables": tables}
        picture = engine.connect().execution_options(isolation_level="REPEATABLE READ")
        with picture as connection, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            may_pause(connection)
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
            for table, columns in tables.items():
                with archive.open(f"{table}.copy", "w", force_zip64=True) as rows:
                    statement = f"COPY {_columns(connection, table, columns)} TO STDOUT"
                    with _driver(connection).cursor().copy(statement) as copy:
                        for data in copy:
                            rows.write(data)

    @contextmanager
    def put_in_place(
        self, engine: sa.Engine, file: Path
    ) -> Iterator[tuple[sa.Connection, datetime | None]]:
        """Have what is in a copy in the database, once the block has ended: one transaction."""
        with zipfile.ZipFile(file) as archive, engine.begin() as connection:
            manifest = _read(archive, file)
            may_pause(connection)
            lock_migrations(connection)
            _empty(connection)
            upgrade(connection, manifest.revision)
            for table in reversed(list(manifest.tables)):
                connection.execute(sa.delete(sa.table(table)))
            with _damaged(file, engine.dialect.loaded_dbapi):
                for table, columns in manifest.tables.items():
                    _fill(connection, archive, table, columns)
            for table, column, sequence in connection.exec_driver_sql(_SEQUENCES).all():
                _go_on_after(connection, table, column, sequence)
            upgrade(connection)
            if problem := wrong_identity(connection):
                raise BadInput([f"{file}: is damaged ({problem}) - use another copy"])
            yield connection, manifest.made


def _ordered() -> list[sa.Table]:
    """The tables, each after those that it refers to."""
    return list(metadata.sorted_tables)


@contextmanager
def _damaged(file: Path, driver: Any = None) -> Iterator[None]:
    """Have whatever in a copy cannot be read, or kept as it is written, be said of the copy."""
    refused = ("DataError", "IntegrityError", "ProgrammingError")  # else the server has trouble
    kinds = [getattr(driver, name) for name in refused] if driver else []
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, *kinds) as error:
        said = str(error).partition("\n")[0]
        raise BadInput([f"{file}: is damaged ({said}) - use another copy"]) from error


def _read(archive: zipfile.ZipFile, file: Path) -> _Manifest:
    try:
        said = json.loads(archive.read(MANIFEST))
        made = datetime.fromisoformat(said["made"])
        manifest = _Manifest(str(said["revision"]), made, dict(said["tables"]))
        known = said["dispatch"] == FORMAT
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput([f"{file}: {NO_COPY}"]) from error
    if not manifest.tables or made.tzinfo is None:
        raise BadInput([f"{file}: {NO_COPY}"])
    if not known or manifest.revision not in REVISIONS:
        raise UnfitDatabase(f"{file}: was made by a newer dispatch - upgrade dispatch")
    if problem := _unlike(manifest):
        raise BadInput([f"{file}: is damaged ({problem}) - use another copy"])
    return manifest


def _unlike(manifest: _Manifest) -> str:
    """How the tables of a copy are not those of its version; empty where they are."""
    shape = shape_of_revision(manifest.revision)
    for table in metadata.tables.keys() & shape.keys():
        if table not in manifest.tables:
            return f"it has no table {table}"
    for table, columns in manifest.tables.items():
        if set(columns) != set(shape.get(table, ())) or len(columns) != len(set(columns)):
            return f"table {table} is not as version {manifest.revision} has it"
    return ""


def _empty(connection: sa.Connection) -> None:
    """Remove what is ours, and nothing else."""
    for table in ("alembic_version", *metadata.tables):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table} CASCADE")
    for statement in connection.exec_driver_sql(_LEFT_OVERS).scalars().all():
        connection.exec_driver_sql(statement)


def _fill(
    connection: sa.Connection, archive: zipfile.ZipFile, table: str, columns: Sequence[str]
) -> None:
    statement = f"COPY {_columns(connection, table, columns)} FROM STDIN"
    cursor = _driver(connection).cursor()
    with archive.open(f"{table}.copy") as rows, cursor.copy(statement) as copy:
        while data := rows.read(AT_ONCE):
            copy.write(data)


def _go_on_after(connection: sa.Connection, table: str, column: str, sequence: str) -> None:
    """Have a sequence give numbers that no row has."""
    rows = sa.table(table, sa.column(column, sa.BigInteger))
    last = connection.scalar(sa.select(sa.func.max(rows.c[column]))) or 0
    connection.execute(sa.select(sa.func.setval(sequence, last + 1, False)))


def _columns(connection: sa.Connection, table: str, columns: Sequence[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote_identifier
    return f"{quote(table)} ({', '.join(map(quote, columns))})"


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection
