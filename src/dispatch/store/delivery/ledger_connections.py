"""The connection that a ledger works over: taken from the pool, made ready, and given back.

What it commits outlives the process in any case. Whether the disk is waited for, so that it
outlives a power cut, too, is said at the beginning of each transaction.
"""

import sqlite3
from abc import ABC, abstractmethod
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from dispatch.disk_sync import DiskSync
from dispatch.store.database.engine import (
    BUSY_TIMEOUT,
    LET_DISK_FOLLOW,
    NO_BUSY_TIMEOUT,
    WAIT_FOR_DISK,
    begin_when_free,
    file_in,
)
from dispatch.store.delivery.ledger_statements import statements_for
from dispatch.store.delivery.reservations import boot_of


class LogSync:
    """A wait, begun when this is made, until the disk has all that SQLite's log says by then.

    Whoever commits without waiting leaves frames in that file, which the system writes out some
    time. A checkpoint waits for them before it begins the file anew, so that a commit which is not
    in it any more is in the database's own file for good. No lock of SQLite's is on the log, which
    would go with a descriptor that is closed.
    """

    def __init__(self, database: Path) -> None:
        self._sync = DiskSync(database.with_name(f"{database.name}-wal"))

    @property
    def is_over(self) -> bool:
        """Whether `wait` returns at once."""
        return self._sync.is_over

    def wait(self) -> None:
        """Return once the disk has it. Raises sqlite3.Error where it does not take it."""
        try:
            self._sync.wait()
        except OSError as error:
            failed = sqlite3.OperationalError(f"disk I/O error ({error.strerror})")
            failed.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise failed from error


class _Pooled(ABC):
    def __init__(self, engine: sa.Engine, pooled: sa.PoolProxiedConnection) -> None:
        self._pooled = pooled
        self._error = engine.dialect.loaded_dbapi.Error
        self.driver: Any = self._pooled.driver_connection

    def give_back(self) -> None:
        """Have others find the connection as they expect it."""
        try:
            self._as_it_was()
        except self._error:
            self.drop()  # it might not wait for the disk, and others would believe it did
        else:
            self._pooled.close()

    def drop(self) -> None:
        """Have nobody use the connection any more."""
        self._pooled.invalidate()

    @abstractmethod
    def _as_it_was(self) -> None: ...


class OnSqlite(_Pooled):
    """A connection to a file, of which only one at a time may write.

    `boot` names the start of the machine. A transaction can do without the disk only where it is
    not empty.
    """

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, engine.raw_connection())
        self.boot = boot_of(engine.get_execution_options())
        self._database = file_in(engine)  # SQLite has its log beside the file that links lead to
        self._waits_for_disk = True
        self._is_impatient = False

    def begin(self, *, durable: bool) -> None:
        """Begin a transaction, once no other process is in one."""
        if durable != self._waits_for_disk:
            self.driver.execute(WAIT_FOR_DISK if durable else LET_DISK_FOLLOW)
            self._waits_for_disk = durable
        if not self._is_impatient:
            self.driver.execute(NO_BUSY_TIMEOUT)
            self._is_impatient = True
        begin_when_free(self.driver)

    def sync(self) -> LogSync:
        """Begin to wait for what was committed by now, while the caller goes on."""
        return LogSync(self._database)

    def _as_it_was(self) -> None:
        if not self._waits_for_disk:
            self.driver.execute(WAIT_FOR_DISK)
        if self._is_impatient:
            self.driver.execute(BUSY_TIMEOUT)


# To plan a ledger's statements anew takes PostgreSQL three times as long as running them, and the
# plan is always the same.
_TAKE = """SELECT current_setting('synchronous_commit'),
set_config('plan_cache_mode', 'force_generic_plan', false),
set_config('synchronous_commit', 'off', false), (SELECT name FROM boots)"""
_NAME = """INSERT INTO boots (id, name) VALUES (1, gen_random_uuid()::text)
ON CONFLICT (id) DO UPDATE SET id = 1 RETURNING name"""
_GIVE_BACK = "RESET plan_cache_mode; RESET synchronous_commit"


class OnPostgres(_Pooled):
    """A connection to a server, on which a statement is a transaction unless one is begun.

    `boot` names the start of the server. Whoever comes first after a crash gives it. It goes back
    to other ledgers only, of which the next one hears anew what the operator wants.
    """

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, _pool_of(engine).connect())
        from dispatch.store.database.direct import Direct  # noqa: PLC0415 - imports psycopg

        self._connection = self.driver
        self.driver = Direct(self._connection, _often(), self._pooled.info)
        try:
            self.boot = self._make_ready()
        except self._error:
            self.drop()
            raise

    def _make_ready(self) -> str:
        driver = self.driver
        self._connection.autocommit = True
        usual, *_, boot = driver.execute(_TAKE).fetchone()
        # The operator may want more than the server's own disk, and nobody can want less of us.
        self._durable = f"BEGIN; SET LOCAL synchronous_commit = {'on' if usual == 'off' else usual}"
        return str(boot or driver.execute(_NAME).fetchone()[0])

    def begin(self, *, durable: bool) -> None:
        """Begin a transaction of several statements."""
        self.driver.execute(self._durable if durable else "BEGIN")

    def give_back(self) -> None:
        if self.driver.is_idle:
            super().give_back()
        else:  # something broke in, and what would be rolled back takes what is prepared with it
            self.drop()

    def _as_it_was(self) -> None:
        self.driver.execute(_GIVE_BACK)


# Of a chunk in which nothing is unusual, and what reserves the next ones.
_OFTEN = ("both", "intend", "accept", "reserve", "renew")


@lru_cache
def _often() -> frozenset[str]:
    statements = statements_for("postgresql")
    return frozenset(statements[name].sql for name in _OFTEN)


_pools: WeakKeyDictionary[sa.Engine, sa.Pool] = WeakKeyDictionary()
_making = Lock()


def _pool_of(engine: sa.Engine) -> sa.Pool:
    """The connections of ledgers, and of nobody else.

    What psycopg rolls back takes all that was prepared on a connection with it.
    """
    with _making:
        pool = _pools.get(engine)
        if pool is None:
            pool = _pools[engine] = engine.pool.recreate()
            sa.event.listen(engine, "engine_disposed", _dispose)
        return pool


def _dispose(engine: sa.Engine) -> None:
    pool = _pools.pop(engine, None)
    if pool is not None:
        pool.dispose()


LedgerConnection = OnSqlite | OnPostgres


def take_connection(engine: sa.Engine) -> LedgerConnection:
    """A connection for a ledger. Raises what SQLAlchemy or the driver raises."""
    return OnSqlite(engine) if engine.dialect.name == "sqlite" else OnPostgres(engine)
