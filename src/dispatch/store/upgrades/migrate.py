"""Bringing a database to the shape this version needs, once, however many processes start."""

from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import StaticPool

from dispatch.errors import StoreUnavailable, UnfitDatabase
from dispatch.store.database.engine import looking, place_of, sentences
from dispatch.store.database.schema import metadata
from dispatch.store.upgrades.shape import Shape, differences, in_short, read_shape, shape_of

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
"""All migrations, in their order; a test holds them equal to what Alembic finds."""

HEAD = REVISIONS[-1]

FIRST_RELEASED = "0002"
"""That of dispatch 0.1.0. What was made while it was being written may lack anything."""

OLDEST_POSTGRESQL = 14

_LOCK = 0x64697370  # "disp": any number nobody else on the server locks


class Age(Enum):
    """How a database stands to this version."""

    NEW = "it is empty"
    OLD = "it is from an earlier version"
    CURRENT = "it is up to date"


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a database without changing it; `revision` is its migration, if any."""

    age: Age
    revision: str = ""


def migrate(engine: sa.Engine) -> None:
    """Run the migrations that are missing; quick when there are none.

    Raises UnfitDatabase, having changed nothing, when it is not one that this version can use, and
    StoreUnavailable when it cannot be used now.
    """
    with sentences(engine):
        if look(engine).age is Age.CURRENT:
            return
        with engine.begin() as connection:
            lock_migrations(connection)
            try:
                upgrade(connection)
            except ProgrammingError as error:
                raise StoreUnavailable(
                    f"database: its tables cannot be made ({str(error.orig).strip()}) - "
                    "give this user the right to create tables"
                ) from error


def lock_migrations(connection: sa.Connection) -> None:
    """Keep others from migrating, until the transaction has ended."""
    if _is_postgresql(connection):
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def upgrade(connection: sa.Connection, to: str = "head") -> None:
    """Run the migrations up to one, in the transaction that the connection is in."""
    # Alembic is imported where it is needed: most starts find nothing to migrate.
    from alembic import command  # noqa: PLC0415

    command.upgrade(_config(connection), to)


def look(engine: sa.Engine) -> Look:
    """Look at the tables of a database; raises UnfitDatabase where this version cannot use it."""
    with looking(engine) as connection:
        _check_version(connection, engine)
        shape = read_shape(connection)
        revisions = []
        if "version_num" in shape.get("alembic_version", {}):
            found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
            revisions = [str(revision) for revision in found.scalars()]
        has_identity = {"id", "age"} <= shape.get("identity", {}).keys()
        problem = wrong_identity(connection) if has_identity else ""
    place = place_of(engine)
    if not shape:
        return Look(Age.NEW)
    if len(revisions) != 1 or revisions[0] not in REVISIONS:
        raise UnfitDatabase(f"database {place}: {_stranger(shape, revisions)}")
    [revision] = revisions
    if told := differences(shape, shape_of_revision(revision)):
        raise UnfitDatabase(f"database {place}: {_unlike(revision, told)}")
    if too_new := _too_new(shape, revision):
        problem = f"its tables are newer than version {revision}, which it says it is of"
        problem += f" ({in_short(too_new)})"
    if problem:
        raise UnfitDatabase(f"database {place}: {problem} - restore a backup")
    return Look(Age.CURRENT if revision == HEAD else Age.OLD, revision)


def shape_of_revision(revision: str) -> Shape:
    """The tables as a migration leaves them: those of an earlier one by running it in memory."""
    if revision == HEAD:
        return shape_of(metadata)
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        upgrade(connection, revision)
        return read_shape(connection)


def _too_new(shape: Shape, revision: str) -> list[str]:
    """The columns of later versions that a database has, and would be given once more."""
    then = shape_of_revision(revision)
    return [
        f"{table}.{name}"
        for table, columns in shape_of(metadata).items()
        for name in columns
        if name in shape.get(table, {}) and name not in then.get(table, {})
    ]


def wrong_identity(connection: sa.Connection) -> str:
    """Why a database does not say which one it is; empty where it does."""
    rows = connection.exec_driver_sql("SELECT id, age FROM identity LIMIT 2").all()
    if len(rows) != 1:
        return "it does not say which database it is"
    [(name, age)] = rows
    if not isinstance(name, str) or not name or not isinstance(age, int) or age < 0:
        return "what it says of which database it is makes no sense"
    return ""


def _check_version(connection: sa.Connection, engine: sa.Engine) -> None:
    if _is_postgresql(connection):
        major = int((connection.dialect.server_version_info or (0,))[0])
        if major < OLDEST_POSTGRESQL:
            raise UnfitDatabase(
                f"database {place_of(engine)}: PostgreSQL {major} is too old - "
                f"use {OLDEST_POSTGRESQL} or newer"
            )


def _is_postgresql(where: sa.Engine | sa.Connection) -> bool:
    return where.dialect.name == "postgresql"


def check_not_foreign(engine: sa.Engine) -> None:
    """Raise UnfitDatabase where the tables that are there are another program's."""
    with looking(engine) as connection:
        shape = read_shape(connection)
    if shape and _is_foreign(shape):
        raise UnfitDatabase(f"database {place_of(engine)}: {_stranger(shape, [])}")


def _is_foreign(shape: Shape) -> bool:
    return len(metadata.tables.keys() & shape.keys()) * 2 < len(metadata.tables)


def _stranger(shape: Shape, revisions: list[str]) -> str:
    """Why a database is not one of ours that we know, and what to do."""
    if _is_foreign(shape):
        tables = in_short([f"'{name}'" for name in sorted(shape.keys() - {"alembic_version"})])
        what = f"the tables of another program ({tables})" if tables else "no tables of dispatch"
        return f"it has {what} - give dispatch a database of its own"
    if len(revisions) == 1:
        return (
            f"it was written by a newer dispatch (its tables are of version {revisions[0]}, "
            f"this one knows {HEAD}) - upgrade dispatch, or restore the backup from before"
        )
    return "it does not say of which version its tables are - restore a backup"


def _unlike(revision: str, told: list[str]) -> str:
    """What a database lacks, and what to do."""
    if revision <= FIRST_RELEASED:
        return (
            f"it is from before dispatch 0.1.0 ({in_short(told)}) - go on with the version that "
            "wrote it, or move it away and begin anew"
        )
    return f"it is not as version {revision} made it ({in_short(told)}) - restore a backup"


def _config(connection: sa.Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files("dispatch.store") / "migrations"))
    config.attributes["connection"] = connection
    return config
