"""The database as the use cases see it: a transaction with one attribute per table family."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dispatch.errors import StoreUnavailable
from dispatch.store.database.engine import (
    LET_DISK_FOLLOW,
    WAIT_FOR_DISK,
    copy_aside,
    empty_journal,
    file_in,
    file_of,
    make_file,
    may_pause,
    open_engine,
    place_of,
    sentences,
)
from dispatch.store.database.schema import UtcDateTime
from dispatch.store.database.trouble import MOVED
from dispatch.store.table_families import TableFamilies
from dispatch.store.upgrades.migrate import HEAD, migrate

if TYPE_CHECKING:
    from dispatch.clock import Clock
    from dispatch.ids import Ids
    from dispatch.model.delivery.batch import Batch
    from dispatch.store.delivery.ledger import Ledger
    from dispatch.store.delivery.ledger_connections import LogSync
    from dispatch.store.staged import Staged
    from dispatch.wakeup.port import Waker


class Transaction(TableFamilies):
    """All or nothing: what is done through it is kept together, or not at all."""

    @property
    def is_shared(self) -> bool:
        """Whether other machines may work on the database."""
        return self._connection.dialect.name != "sqlite"

    def now(self, clock: "Clock") -> datetime:
        """What time it is by the one clock that all who count together share."""
        return self.time() if self.is_shared else clock()

    def time(self) -> datetime:
        """What time it is for the database."""
        now = sa.func.clock_timestamp(type_=UtcDateTime)
        moment: datetime = self._connection.scalars(sa.select(now)).one()
        return moment


class Store:
    """One database, brought up to date when it is opened; threads may share it.

    `waker` hears of what a transaction wakes for, once that is committed; None: nobody does.
    """

    waker: "Waker | None" = None
    is_kept = True
    """Whether what is done in it stays; not so for a rehearsal."""

    def __init__(self, url: str, *, boot: str = "", is_ready: bool = False) -> None:
        """Open `url` (`sqlite:///...` or `postgresql://...`); raises StoreUnavailable.

        `boot` names the start of this machine. Without it every hand-over waits for the disk.
        `is_ready`: whoever started this process has it open, so that its tables are known to fit.
        """
        self._engine = open_engine(url)
        self._engine.update_execution_options(boot=boot)
        self._opened = url, boot
        self._joint = local()
        # SQLite has one writer at a time, and who waits for it asks in vain: our threads queue up.
        self._writing: AbstractContextManager[Any] = (
            Lock() if self._engine.dialect.name == "sqlite" else nullcontext()
        )
        try:
            if not is_ready:
                make_file(self._engine)
                migrate(self._engine)
            self._file = file_of(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A transaction that writes; on SQLite it has the database to itself, so keep it short."""
        joint = getattr(self._joint, "connection", None)
        if joint is not None:
            with sentences(self._engine), joint.begin_nested():
                tx = Transaction(joint)
                yield tx
                later = tx.wakeups.enqueue() if "wakeups" in vars(tx) else ()
            self._joint.wakeups.extend(later)
            return
        with self._writing, sentences(self._engine), self._engine.begin() as connection:
            tx = Transaction(connection)
            yield tx
            wakeups = tx.wakeups.enqueue() if "wakeups" in vars(tx) else ()
        if self.waker is not None:
            for wakeup in wakeups:
                wakeup.pass_to(self.waker)

    @contextmanager
    def begin_ahead(self) -> Iterator[Transaction]:
        """The same, without waiting for the disk: it has that once a `sync` after it is over.

        It outlives this process, and not a power cut. A server waits all the same.
        """
        if self.is_shared:
            with self.begin() as tx:
                yield tx
            return
        with self._writing, sentences(self._engine), self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(LET_DISK_FOLLOW)
            try:
                with connection.begin():
                    yield Transaction(connection)
            finally:
                try:
                    driver.execute(WAIT_FOR_DISK)
                except self._engine.dialect.loaded_dbapi.Error:
                    connection.invalidate()  # others would believe that it waits
                    raise

    def sync(self) -> "LogSync | None":
        """Begin to wait for the disk to have all that is kept by now; None: it has."""
        from dispatch.store.delivery.ledger_connections import LogSync  # noqa: PLC0415 - likewise

        return None if self.is_shared else LogSync(file_in(self._engine))

    def wait_for(self, sync: "LogSync | None") -> None:
        """Return once the disk has it. Raises StoreUnavailable where it does not take it."""
        if sync is not None:
            with sentences(self._engine):
                sync.wait()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Have all transactions that this thread begins meanwhile kept at once, or none of them.

        On SQLite each commit waits for the disk and for its turn: many small ones do so once. What
        fails takes back its own transaction only. PostgreSQL keeps each on its own.
        """
        if self.is_shared:
            yield
            return
        with self.as_one():
            yield

    @contextmanager
    def as_one(self) -> Iterator[None]:
        """The same on both databases: for what is true together only, such as a change and a note.

        What it wakes for is heard when all of it is kept. One in another is part of that.
        """
        if getattr(self._joint, "connection", None) is not None:
            yield
            return
        with self._writing, sentences(self._engine), self._engine.begin() as connection:
            self._joint.connection, self._joint.wakeups = connection, []
            try:
                yield
            finally:
                self._joint.connection = None
            wakeups = self._joint.wakeups
        if self.waker is not None:
            for wakeup in wakeups:
                wakeup.pass_to(self.waker)

    @contextmanager
    def one_picture(self) -> Iterator[None]:
        """Have all that this thread reads meanwhile read in one transaction, which is begun once.

        What it changes meanwhile is kept as always, and SQLite does not show it in there.
        """
        with self.read() as tx:
            outer, self._joint.picture = getattr(self._joint, "picture", None), tx
            try:
                yield
            finally:
                self._joint.picture = outer

    @contextmanager
    def within(self) -> Iterator[Transaction]:
        """What this thread keeps as one, for something that it stands and falls with.

        Nothing is taken back where that fails, as `begin` would: all is. Without such, as `begin`.
        """
        joint = getattr(self._joint, "connection", None)
        if joint is None:
            with self.begin() as tx:
                yield tx
        else:
            yield Transaction(joint)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process opens the same database."""
        return _open_again, self._opened

    def ledger(self, batch: "Batch") -> "Ledger":
        """The rows of a batch that was taken, for one thread; to be closed."""
        from dispatch.store.delivery.ledger import Ledger  # noqa: PLC0415 - for who delivers

        return Ledger(self._engine, batch, self._writing)

    def is_current(self) -> bool:
        """Whether its tables are still of this version: a newer program may have upgraded them."""
        with sentences(self._engine), self._engine.connect() as connection:
            version = sa.text("SELECT version_num FROM alembic_version")
            found: str | None = connection.execution_options(read_only=True).scalar(version)
        return found == HEAD

    def answers(self) -> None:
        """Ask for as little as can be asked; raises StoreUnavailable."""
        with sentences(self._engine), self._engine.connect() as connection:
            connection.execution_options(read_only=True).execute(sa.text("SELECT 1"))

    def check_in_place(self) -> None:
        """Raise StoreUnavailable where the file that was opened is not the database any more.

        SQLite would go on in a file that has no name, and all would be lost with the process.
        """
        if not self.is_in_place():
            raise StoreUnavailable(f"database {self.place}: {MOVED.problem} - {MOVED.advice}")

    def is_in_place(self) -> bool:
        """Whether the file that was opened is still the database."""
        return file_of(self._engine) == self._file

    @property
    def place(self) -> str:
        """Where it is, as messages name it."""
        return place_of(self._engine)

    @property
    def file(self) -> Path | None:
        """The file that it is in, where that is on this machine; those beside it have its mode."""
        return None if self.is_shared else Path(str(self._engine.url.database))

    @property
    def is_shared(self) -> bool:
        """Whether other machines may work on it."""
        return self._engine.dialect.name != "sqlite"

    def time(self) -> datetime | None:
        """What time it is for the database, where that may be another machine's."""
        if not self.is_shared:
            return None
        with self.read() as tx:
            return tx.time()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads: one consistent picture, in nobody's way."""
        joint = getattr(self._joint, "connection", None)
        if joint is not None:
            yield Transaction(joint)
            return
        picture = getattr(self._joint, "picture", None)
        if picture is not None:
            yield picture
            return
        with sentences(self._engine), self._engine.connect() as connection:
            yield Transaction(connection.execution_options(read_only=True))

    @contextmanager
    def staging(self, ids: "Ids", *, looks: bool = False) -> Iterator["Staged"]:
        """Room for the people of a file, which is gone at the end.

        No other process waits for it. `ids` give the public ids of who is new. With `looks` the
        file is only looked at, and nobody comes in. Not while this thread keeps several things at
        once: it has a connection of its own, which would wait for them.
        """
        if getattr(self._joint, "connection", None) is not None:
            raise RuntimeError("staging: what this thread keeps as one is not kept yet")
        from dispatch.store.staged import Staged  # noqa: PLC0415 - for who brings people in

        with sentences(self._engine), self._engine.connect() as connection:
            try:
                yield Staged(connection, ids, self._writing, looks=looks)
            finally:
                connection.invalidate()  # its tables go with it

    def rehearsal(self) -> "Store":
        """A store that begins with all that is in this one, and of which nothing is kept.

        A SQLite database is copied, and nobody waits. On PostgreSQL all happens in
        one transaction that is rolled back at the end: who changes the same rows waits until then.
        """
        return _Rehearsal(self._engine)

    def wipe(self) -> None:
        """Have the disk forget what was deleted, as far as nobody is in the way at this moment.

        A file keeps what was written last in a second one beside it. PostgreSQL does so by itself.
        Not while this thread keeps several things at once: it would wait for itself.
        """
        if getattr(self._joint, "connection", None) is not None:
            raise RuntimeError("wipe: what is to be forgotten is not kept yet")
        if not self.is_shared:
            with self._writing:
                empty_journal(self._engine)

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()


def _open_again(url: str, boot: str) -> Store:
    return Store(url, boot=boot, is_ready=True)


class _Rehearsal(Store):
    is_kept = False

    def __init__(self, engine: sa.Engine) -> None:
        self._copied = engine.dialect.name == "sqlite"
        self._engine = copy_aside(engine) if self._copied else engine
        self._connection = self._engine.connect()
        self._outer = self._connection.begin()
        self._file = file_of(self._engine)
        may_pause(self._connection)  # feeds are fetched meanwhile

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        with sentences(self._engine), self._connection.begin_nested():
            yield Transaction(self._connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with sentences(self._engine):
            yield Transaction(self._connection)

    @contextmanager
    def staging(self, ids: "Ids", *, looks: bool = False) -> Iterator["Staged"]:
        from dispatch.store.staged import RehearsedStaged  # noqa: PLC0415 - likewise

        with sentences(self._engine):
            staged = RehearsedStaged(self._connection, ids, nullcontext(), looks=looks)
            try:
                yield staged
            finally:
                staged.people.drop()

    def wipe(self) -> None:
        """Nothing is kept, so there is nothing to forget."""

    def close(self) -> None:
        self._outer.rollback()
        self._connection.close()
        if self._copied:
            self._engine.dispose()
