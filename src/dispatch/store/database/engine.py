"""Opening the database: SQLite or PostgreSQL, the same promises from both."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from dispatch.errors import StoreContended, StoreUnavailable
from dispatch.masking import masked
from dispatch.private_files import open_private
from dispatch.store.database.trouble import trouble_of

SQLITE = "sqlite:///"

BUSY_SECONDS = 30
"""How long a writer waits for another process's write on SQLite."""

WAIT_FOR_DISK = "PRAGMA synchronous = FULL"
LET_DISK_FOLLOW = "PRAGMA synchronous = NORMAL"
"""What is committed so outlives the process, and a power cut only once a commit has waited."""

ASK_AGAIN_SECONDS = 0.0001
MOST_ASK_AGAIN_SECONDS = 0.001
"""While another process writes: a chunk of a sender takes a few of the former, and most of what
anybody writes a few of the latter."""

BUSY_TIMEOUT = f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}"
NO_BUSY_TIMEOUT = "PRAGMA busy_timeout = 0"

FROZEN_SECONDS = 10
"""How long a process on PostgreSQL may do nothing in the middle of a transaction, until the server
takes it for frozen and lets go of its locks. Nothing of ours pauses there but a rehearsal."""

NO_LIMIT = -1
"""For connections: each worker keeps one for its batch and needs others now and then; there are as
many as threads ask for, and a thread that waited for one would hold up its own batch."""


def open_engine(url: str) -> sa.Engine:
    """An engine for `sqlite:///...` or `postgresql://...`; connects only when first used.

    Raises StoreUnavailable when the driver for the address is not installed.
    """
    address = address_of(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    try:
        if address.get_backend_name() != "sqlite":
            engine = sa.create_engine(address, pool_pre_ping=True, max_overflow=NO_LIMIT)
            sa.event.listen(engine, "connect", _prepare_postgres)
            return engine
        file = Path(str(address.database))
        engine = sa.create_engine(
            address, creator=lambda: _connect_sqlite(file), max_overflow=NO_LIMIT
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreUnavailable(
            f"database: no driver for {address.get_backend_name()} - "
            "install dispatch with its extra 'postgres'"
        ) from error
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def address_of(url: str) -> sa.URL:
    """An address read; all of a SQLite one is the file's name, whatever characters are in it."""
    if url.startswith(SQLITE):
        return sa.URL.create("sqlite", database=url.removeprefix(SQLITE))
    return make_url(url)


def address_of_file(file: Path) -> str:
    """The address of a SQLite file."""
    return f"{SQLITE}{file}"


def file_in(engine: sa.Engine) -> Path:
    """The file that a SQLite database is in: where links lead, which may be to none."""
    return Path(os.path.realpath(str(engine.url.database)))


@contextmanager
def looking(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that reads one picture and changes nothing, not even how SQLite keeps a file.

    Another process may be changing tables, and the database may be another program's.
    """
    if engine.dialect.name != "sqlite":
        options = {"isolation_level": "REPEATABLE READ"}
        with engine.connect().execution_options(**options) as connection:
            yield connection
        return
    file = Path(str(engine.url.database))
    looks = sa.create_engine("sqlite://", creator=lambda: _connect_sqlite(file, "ro"))
    try:
        with looks.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
    finally:
        looks.dispose()


def make_file(engine: sa.Engine) -> None:
    """Make the file of a SQLite database that is not there yet; nobody else may read it.

    Where that is not possible, opening it says why.
    """
    if engine.dialect.name == "sqlite":
        with suppress(OSError):
            open_private(file_in(engine)).close()


def file_of(engine: sa.Engine) -> tuple[int, int] | None:
    """Which file a SQLite database is at this moment, whatever its name; None: there is none."""
    if engine.dialect.name != "sqlite" or engine.url.database is None:
        return None
    try:
        found = Path(engine.url.database).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def copy_aside(engine: sa.Engine) -> sa.Engine:
    """A SQLite database of one connection, with all that is in the other one.

    What is too much for a little memory is in a temporary file that has no name, and goes with it.
    """
    copy = sa.create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect("", check_same_thread=False),
        poolclass=StaticPool,
    )
    sa.event.listen(copy, "connect", _prepare_sqlite)
    sa.event.listen(copy, "begin", _begin_sqlite)
    source, target = engine.raw_connection(), copy.raw_connection()
    try:
        source.driver_connection.backup(target.driver_connection)  # type: ignore[union-attr]
    finally:
        source.close()
        target.close()
    return copy


def empty_journal(engine: sa.Engine) -> None:
    """Write SQLite's journal into its file and cut it off, unless somebody reads just now."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(NO_BUSY_TIMEOUT)
        try:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            driver.execute(BUSY_TIMEOUT)


def may_pause(connection: sa.Connection) -> None:
    """Let this transaction take as long as it likes between two statements."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def _prepare_postgres(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # Locks of a machine that was frozen or cut off would otherwise stay, and all others wait.
    seconds = f"{FROZEN_SECONDS * 1000:.0f}"
    connection.execute(f"SET idle_in_transaction_session_timeout = {seconds}")
    connection.commit()


def _connect_sqlite(file: Path, mode: str = "rw") -> sqlite3.Connection:
    # Never a new file: one that was moved away while we are at work is a loss, and no fresh start.
    address = f"file:{quote(str(file.absolute()))}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # Python's driver would begin transactions by itself, later than we need; we do it below.
    connection.isolation_level = None
    # A full sync at each commit: a power loss must not take back "about to hand over" (P2). Only
    # the ledger goes without, for what it has reserved.
    # What is deleted is overwritten: who was erased is not to be found in the file any more.
    for pragma in (
        "PRAGMA journal_mode = WAL",
        WAIT_FOR_DISK,
        "PRAGMA foreign_keys = ON",
        "PRAGMA secure_delete = ON",
    ):
        connection.execute(pragma)


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads and then writes would fail if another wrote between.
    if connection.get_execution_options().get("read_only"):
        connection.exec_driver_sql("BEGIN")
    else:
        begin_writing(connection.connection.driver_connection)


def begin_writing(driver: Any) -> None:
    """Begin a transaction that writes, once no other process is in one.

    SQLite itself would ask less and less often, at last each tenth of a second, and miss nearly all
    moments in which it is free: beside a sender, pages would wait for a second.
    """
    driver.execute(NO_BUSY_TIMEOUT)
    try:
        begin_when_free(driver)
    finally:
        driver.execute(BUSY_TIMEOUT)


def begin_when_free(driver: Any) -> None:
    """The same on a connection that has NO_BUSY_TIMEOUT already, for who begins many."""
    give_up, pause = None, ASK_AGAIN_SECONDS
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            give_up = give_up or time.monotonic() + BUSY_SECONDS
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > give_up:
                raise
            time.sleep(pause)  # noqa: TID251 - a lock is waited for, as SQLite does
            pause = min(2 * pause, MOST_ASK_AGAIN_SECONDS)
        else:
            return


def place_of(engine: sa.Engine) -> str:
    """Where a database is, as messages name it: without user, password and query."""
    url = engine.url
    return f"{url.get_backend_name()}://{url.host or ''}/{url.database or ''}"


@contextmanager
def sentences(engine: sa.Engine) -> Iterator[None]:
    """Turn the database's refusals into a StoreUnavailable that a person can act on."""
    try:
        yield
    except DBAPIError as error:
        raise unavailable(engine, error.orig or error) from error
    except engine.dialect.loaded_dbapi.Error as error:  # of the driver itself, past SQLAlchemy
        raise unavailable(engine, error) from error


def unavailable(engine: sa.Engine, error: BaseException) -> StoreUnavailable:
    """The sentence for what a driver raised; raises it again where it is our mistake."""
    driver: Any = engine.dialect.dbapi
    trouble = trouble_of(error, engine.url, waited=BUSY_SECONDS)
    if trouble is None or isinstance(error, driver.IntegrityError):
        raise error
    problem = masked(trouble.problem, str(engine.url.password or ""))
    kind = StoreContended if trouble.brief else StoreUnavailable
    return kind(f"database {place_of(engine)}: {problem} - {trouble.advice}")
