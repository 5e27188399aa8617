"""A copy of the database: made while it is in use, and put in its place again.

That of a SQLite database is a SQLite database, that of one on PostgreSQL a ZIP file.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from dispatch.errors import BadInput, StoreUnavailable
from dispatch.private_files import draft_of, move_to_new_name, open_private
from dispatch.store.backups.postgresql import PostgresqlCopies
from dispatch.store.backups.room import NO_COPY, beside, naming
from dispatch.store.backups.sqlite import SqliteCopies
from dispatch.store.database.engine import open_engine, place_of, sentences
from dispatch.store.database.schema import editions, subscribers
from dispatch.store.transactions import Transaction
from dispatch.store.upgrades.migrate import Age, check_not_foreign, look


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in the place of a database: the transaction to settle it in, not yet kept.

    `made` is when the copy was made, where it says so.
    """

    tx: Transaction
    made: datetime | None


def back_up(url: str, file: Path, *, now: datetime) -> int:
    """Copy the database into a new file that only its owner may read; its size in bytes.

    One consistent picture, in nobody's way. Raises BadInput where the file is there already,
    UnfitDatabase, StoreUnavailable, and OSError where it cannot be written.
    """
    if os.path.lexists(file):
        raise BadInput([f"{file}: is there already - give the copy another name"])
    engine = open_engine(url)
    part = draft_of(file)
    try:
        with sentences(engine):
            if look(engine).age is not Age.CURRENT:
                advice = "run 'dispatch db upgrade' before"
                raise BadInput([f"database {place_of(engine)}: is not up to date - {advice}"])
        with sentences(engine), naming(file):
            open_private(part).close()
            _copies(engine).write(engine, part, now=now)
        move_to_new_name(part, file)
        return file.stat().st_size
    except FileExistsError as error:
        raise BadInput([f"{file}: is there already - give the copy another name"]) from error
    finally:
        for name in (part, *beside(part)):
            if os.path.lexists(name):  # on a disk that may only be read, there is nothing to remove
                name.unlink()
        engine.dispose()


@contextmanager
def restoring(url: str, file: Path, *, replace: bool) -> Iterator[Restored]:
    """Put a copy in the place of the database: all of it when the block ends, or nothing.

    What the copy lacks of this version's tables is added. Raises BadInput where the file is no such
    copy, or where the database holds something and is not to be replaced; UnfitDatabase where it,
    or the copy, is not one that we can use; StoreUnavailable, and OSError.
    """
    engine = open_engine(url)
    try:
        kind = _copies(engine)
        if (found := _copies_like(file)) is not kind:
            problem = f"is a copy of a database on {found.name}, and the database is on {kind.name}"
            raise BadInput([f"{file}: {problem} - let DISPATCH_DATABASE_URL name one of its kind"])
        kind.check(engine, file)
        if replace:
            _check_ours(engine)
        else:
            _check_empty(engine)
        with sentences(engine), kind.put_in_place(engine, file) as (connection, made):
            yield Restored(Transaction(connection), made)
    finally:
        engine.dispose()


def _check_ours(engine: sa.Engine) -> None:
    """Raise UnfitDatabase where a database is another program's, which is nobody's to replace."""
    with suppress(StoreUnavailable), sentences(engine):  # damaged, or not there
        check_not_foreign(engine)


def _check_empty(engine: sa.Engine) -> None:
    """Raise BadInput where a database holds what somebody may miss."""
    advice = "make a copy of it by 'dispatch db backup', and then add --replace"
    place = place_of(engine)
    try:
        with sentences(engine):
            if look(engine).age is Age.NEW:
                return
            with engine.connect().execution_options(read_only=True) as connection:
                held = {
                    "editions": sa.select(sa.func.count()).select_from(editions),
                    "subscribers": sa.select(sa.func.count()).select_from(subscribers),
                }
                counts = {name: connection.scalar(query) for name, query in held.items()}
    except StoreUnavailable as error:
        if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
            return
        raise BadInput([f"{error}; to replace it all the same, add --replace"]) from error
    if any(counts.values()):
        what = " and ".join(f"{number} {name}" for name, number in counts.items())
        raise BadInput([f"database {place}: holds {what} - {advice}"])


class _Copies(Protocol):
    """How copies of one kind of database are made and used."""

    name: str

    def check(self, engine: sa.Engine, file: Path) -> None:
        """Raise BadInput where a file is not to be put in the place of this database."""

    def write(self, engine: sa.Engine, file: Path, *, now: datetime) -> None:
        """Write a copy into a file that is there and empty."""

    def put_in_place(
        self, engine: sa.Engine, file: Path
    ) -> AbstractContextManager[tuple[sa.Connection, datetime | None]]:
        """Have what is in a copy in the database, once the block has ended."""


_SQLITE = SqliteCopies()
_POSTGRESQL = PostgresqlCopies()


def _copies(engine: sa.Engine) -> _Copies:
    return _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL


def _copies_like(file: Path) -> _Copies:
    with file.open("rb") as copy:
        start = copy.read(16)
    if start.startswith(b"PK\x03\x04"):
        return _POSTGRESQL
    if start == b"SQLite format 3\0":
        return _SQLITE
    raise BadInput([f"{file}: {NO_COPY}"])
