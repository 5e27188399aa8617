"""Copies of a SQLite database, which are SQLite databases: page by page, by SQLite itself."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dispatch.errors import BadInput, StoreUnavailable, UnfitDatabase
from dispatch.private_files import draft_of, open_private
from dispatch.store.backups.room import NO_COPY, beside, naming
from dispatch.store.database.engine import (
    BUSY_SECONDS,
    address_of_file,
    file_in,
    make_file,
    open_engine,
    place_of,
)
from dispatch.store.database.schema import identity
from dispatch.store.upgrades.migrate import Age, look, migrate


class SqliteCopies:
    """Makes and uses them."""

    name = "SQLite"

    def check(self, engine: sa.Engine, file: Path) -> None:
        """Raise BadInput where a file is the database itself, or lacks what is beside it."""
        target = file_in(engine)
        if target.exists() and target.samefile(file):
            problem = "is the database itself - name what 'dispatch db backup' has made"
            raise BadInput([f"{file}: {problem}"])
        for more in dict.fromkeys(beside(file) + beside(Path(os.path.realpath(file)))):
            if not more.name.endswith("-shm") and more.exists() and more.stat().st_size:
                problem = f"lacks what is in {more.name}"
                advice = "name what 'dispatch db backup' has made, or open it once with SQLite "
                advice += "('PRAGMA wal_checkpoint(TRUNCATE)') to have it in one file"
                raise BadInput([f"{file}: {problem} - {advice}"])

    def write(self, engine: sa.Engine, file: Path, *, now: datetime) -> None:
        """Write a copy into a file that is there and empty; nobody who writes waits for it."""
        source = engine.raw_connection()
        try:
            pages: Any = source.driver_connection
            _copy_pages(pages, file)
        finally:
            source.close()
        copy = open_engine(address_of_file(file))
        with copy.begin() as connection:
            connection.execute(identity.update().values(copied_at=now))
        _close_into_one_file(copy)

    @contextmanager
    def put_in_place(
        self, engine: sa.Engine, file: Path
    ) -> Iterator[tuple[sa.Connection, datetime | None]]:
        """Have what is in a copy in the database, once the block has ended.

        The database keeps its file, so that who has it open sees the restored one from then on.
        """
        target = file_in(engine)
        draft = draft_of(target)
        try:
            with naming(target):
                with file.open("rb") as source, open_private(draft) as copy:
                    shutil.copyfileobj(source, copy)
                prepared = _prepared(draft, file)
                with prepared.begin() as connection:
                    made = connection.scalar(sa.select(identity.c.copied_at))
                    connection.execute(identity.update().values(copied_at=None))
                    yield connection, made
                _close_into_one_file(prepared)
                make_file(engine)
                _replace(target, draft)
        finally:
            for name in (draft, *beside(draft)):
                name.unlink(missing_ok=True)


def _prepared(draft: Path, file: Path) -> sa.Engine:
    """The draft, whole and with the tables of this version; messages name the copy itself."""
    engine = open_engine(address_of_file(draft))
    try:
        with naming(draft):
            _check_whole(engine)
            _check_tables(engine, file)
            migrate(engine)
    except (BadInput, OSError):  # it has nothing in it, or there is no room for the draft
        engine.dispose()
        raise
    except UnfitDatabase as error:
        engine.dispose()
        sentence = str(error).replace(f"database {place_of(engine)}", str(file))
        raise UnfitDatabase(sentence) from error
    except (StoreUnavailable, sa.exc.DatabaseError, _DamagedError) as error:
        engine.dispose()
        raise BadInput([f"{file}: is damaged - use another copy"]) from error
    return engine


def _check_tables(engine: sa.Engine, file: Path) -> None:
    if look(engine).age is Age.NEW:
        raise BadInput([f"{file}: {NO_COPY}"])


class _DamagedError(Exception):
    """SQLite finds that pages of a database do not fit together."""


def _check_whole(engine: sa.Engine) -> None:
    with engine.connect().execution_options(read_only=True) as connection:
        verdict = connection.scalar(sa.text("PRAGMA quick_check(1)"))
    if verdict != "ok":
        raise _DamagedError(verdict)


def _replace(target: Path, draft: Path) -> None:
    with closing(sqlite3.connect(draft)) as source:
        try:
            _copy_pages(source, target)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            # What is there is no database any more: it stays beside, for whoever wants to look.
            damaged = target.with_name(f"{target.name}.damaged")
            for name in beside(target):
                name.unlink(missing_ok=True)
            target.replace(damaged)
            draft.replace(target)


def _copy_pages(source: sqlite3.Connection, target: Path) -> None:
    """Copy all pages, in one picture; who has the target open sees them all when it is done."""
    give_up = time.monotonic() + BUSY_SECONDS

    def progress(_status: int, remaining: int, _total: int) -> None:
        if remaining and time.monotonic() > give_up:
            raise StoreUnavailable(
                f"database {address_of_file(target)}: in use for {BUSY_SECONDS} seconds - "
                "stop what uses it, and try again"
            )

    with closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as copy:
        source.backup(copy, progress=progress)


def _close_into_one_file(engine: sa.Engine) -> None:
    """Leave a database behind that is one file, and on the disk."""
    engine.dispose()
    file = Path(str(engine.url.database))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
