"""The ledger of one batch: intents and outcomes, in one transaction for each chunk.

Every mail takes this path. So it goes past SQLAlchemy's execution (`store/database/prepared.py`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.reservation import keys_of, stretches_of
from dispatch.model.delivery.state import Delivery, Settlement
from dispatch.model.workspace.database_identity import Identity
from dispatch.store.database.engine import unavailable
from dispatch.store.database.lists import packed
from dispatch.store.database.prepared import moment
from dispatch.store.delivery.item import Item
from dispatch.store.delivery.ledger_connections import (
    LedgerConnection,
    OnSqlite,
    take_connection,
)
from dispatch.store.delivery.ledger_statements import statements_for
from dispatch.store.delivery.reservations import packed_reservation
from dispatch.store.delivery.reserved import Reserved
from dispatch.store.delivery.usual_chunks import UsualChunks
from dispatch.store.notify.failures import FAILED, tell_failures

NOTHING_TAKEN: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Chunk:
    """What came of one transaction: the keys that may be handed over now.

    `left` is how many readers of those asked for have left. `held` says whether the batch is still
    ours and its edition and channel go on. Where it is false, nothing was granted. `grown` is what
    the database is from here on, where it grows with each chunk: in a file that costs little.
    `on_disk` says that no power cut takes it back; else what was granted is reserved there. From
    no age of `age_on_disk` or less does one set the database back.
    """

    granted: frozenset[int]
    left: int = 0
    held: bool = True
    grown: Identity | None = None
    on_disk: bool = True
    age_on_disk: int = field(default=0, compare=False)


class Ledger:
    """The rows of one batch. Every statement repeats the fence under which it was taken.

    `lease_until` is when our lease ends, as of the last commit; None before the first.
    """

    def __init__(
        self, engine: sa.Engine, batch: Batch, writing: AbstractContextManager[Any]
    ) -> None:
        self._engine = engine
        self._dialect = engine.dialect
        self._sqlite = engine.dialect.name == "sqlite"
        self._batch = batch
        self._writing = writing  # one writer at a time, where the database wants that
        self._statements = statements_for(self._dialect.name)
        self.lease_until: datetime | None = None
        self._connection: LedgerConnection | None = None
        self._usual: UsualChunks | None = None  # where it is a file
        self._boot = batch.boot  # the start of the machine, or of the server, as we know it
        self._reserved = Reserved(keys_of(batch.reserved))
        self._is_cut_off = False

    def items(self, *, now: datetime, limit: int = 1_000_000) -> list[Item]:
        """The deliveries of the batch that are due, by key, with the people they are for."""
        batch, statement = self._batch, self._statements["items"]
        values = statement.values(
            first=batch.first, last=batch.last, now=moment(now, self._dialect), most=limit
        )
        try:
            rows = self._take_connection().driver.execute(statement.sql, values).fetchall()
        except self._dialect.loaded_dbapi.Error as error:
            raise self._failed(error) from error
        return list(map(Item._make, rows))

    def delivery(self, item: Item, now: datetime) -> Delivery:
        """The delivery of an item, as it stands while it is in our hands."""
        return item.delivery(self._batch, now)

    def commit(
        self,
        wanted: Sequence[int],
        taken: Mapping[int, str],
        settled: Sequence[Settlement],
        *,
        now: datetime,
        lease: timedelta,
        ahead: Callable[[], Iterable[int]] | None = None,
    ) -> Chunk:
        """Write intents and outcomes: all of them, or nothing.

        Where an intent is not reserved, the disk is waited for, and `ahead` is asked what is to be
        reserved for the next ones. What is not in it any more may not go out without that. In a
        file it is asked before all is used up, and the disk is waited for meanwhile. Without
        `ahead` the disk is always waited for.

        `taken` has the key of each delivery that was accepted, and the provider's name for it.
        Outcomes are written after intents, so that one delivery may be in both. After
        StoreUnavailable the call can be repeated: what was written by then is not written again,
        and what was granted and not handed over is granted again.
        """
        try:
            self._reserved.hear(wanted)  # not while others wait to write
            with self._writing:
                connection = self._take_connection()
                if self._is_cut_off or not self._boot:
                    ahead = None
                if self._is_cut_off:  # who takes the batch next settles what rows do not know
                    wanted = ()
                durable = ahead is None or not self._reserved.covers(wanted)
                grown = None
                at_once = not (self._sqlite or durable or settled)
                if at_once and taken.keys().isdisjoint(wanted):
                    chunk = self._commit_at_once(connection.driver, wanted, taken, now, lease)
                else:
                    connection.begin(durable=durable)
                    chunk, reserved, grown = self._commit(
                        connection.driver,
                        wanted,
                        taken,
                        settled,
                        now=now,
                        lease=lease,
                        ahead=ahead,
                        durable=durable,
                    )
                    self._reserve_from_here(connection, reserved, grown, durable=durable)
                self._reserved.grant(wanted)
        except self._dialect.loaded_dbapi.Error as error:
            raise self._failed(error) from error
        held = chunk.held and not self._is_cut_off
        age = self._reserved.age_on_disk
        return Chunk(chunk.granted, chunk.left, held, grown, durable, age)

    def _coming(
        self, ahead: Callable[[], Iterable[int]] | None, number: int, *, durable: bool
    ) -> set[int] | None:
        """What a commit that grants so many is to reserve; None where it reserves nothing."""
        if ahead is None:
            return None
        if durable:
            return set(ahead())
        if not self._sqlite or not self._reserved.is_low(number):
            return None
        coming = set(ahead())
        # Less than another chunk is not worth a wait: the next one would have to wait all the same.
        is_worth_it = len(coming) - (len(self._reserved) - number) >= max(1, number)
        return coming if is_worth_it else None

    def _reserve_from_here(
        self,
        connection: LedgerConnection,
        reserved: set[int] | None,
        grown: Identity | None,
        *,
        durable: bool,
    ) -> None:
        """Have what a commit has reserved be granted, as soon as the disk has it."""
        age = grown.age if grown else 0
        if durable:
            self._reserved.renew(reserved or set(), age)
        elif reserved and isinstance(connection, OnSqlite):
            self._reserved.renew_after(connection.sync(), reserved, age)

    def _commit(
        self,
        driver: Any,
        wanted: Sequence[int],
        taken: Mapping[int, str],
        settled: Sequence[Settlement],
        *,
        now: datetime,
        lease: timedelta,
        ahead: Callable[[], Iterable[int]] | None,
        durable: bool,
    ) -> tuple[Chunk, set[int] | None, Identity | None]:
        """Do what is asked for and end the transaction; also what it reserved, and has grown."""
        self._renew(driver, now, lease)
        reserved = self._coming(ahead, len(wanted), durable=durable)
        if reserved is not None and not self._reserve(driver, reserved, now):
            reserved = set()
        chunk = self._intend(driver, wanted, now) if wanted else Chunk(frozenset())
        if taken:
            self._accept(driver, taken, now)
        if settled:
            self._settle(driver, settled, now)
        if taken or settled:
            self._note_late(driver, chunk)
        grown = self._usual.grow() if chunk.granted and self._usual else None
        driver.execute("COMMIT")
        return chunk, reserved, grown

    def _commit_at_once(
        self,
        driver: Any,
        wanted: Sequence[int],
        taken: Mapping[int, str],
        now: datetime,
        lease: timedelta,
    ) -> Chunk:
        """Commit the usual case in one statement, which is a transaction by itself."""
        self._renew(driver, now, lease)
        chunk = Chunk(frozenset())
        if wanted:
            chunk = self._intend(driver, wanted, now, taken)
        elif taken:
            self._accept(driver, taken, now)
        if taken:
            self._note_late(driver, chunk)
        return chunk

    def _note_late(self, driver: Any, chunk: Chunk) -> None:
        """Have the batch be counted anew where others have it, or have put it back.

        A process that was frozen in here has an old clock, so the fence is asked, and not the
        lease. What was granted along with the outcomes was granted because the batch is ours.
        """
        if chunk.granted:
            return
        statement = self._statements["forget"]
        values = statement.values(batch=self._batch.id, fence=self._batch.fence)
        driver.execute(statement.sql, values)

    def close(self) -> None:
        """Give the connection back."""
        connection, self._connection, self._usual = self._connection, None, None
        self._reserved.clear()
        if connection is not None:
            connection.give_back()

    def _take_connection(self) -> LedgerConnection:
        if self._connection is None:
            try:
                connection = take_connection(self._engine)
            except sa.exc.DBAPIError as error:
                raise unavailable(self._engine, error.orig or error) from error
            # The server has crashed under us: rows may say less than we have done with them.
            self._is_cut_off = self._is_cut_off or self._boot not in {"", connection.boot}
            self._connection, self._boot = connection, connection.boot
            self._usual = UsualChunks(connection.driver, self._batch) if self._sqlite else None
        return self._connection

    def _reserve(self, driver: Any, keys: Iterable[int], now: datetime) -> bool:
        """Write what is reserved; whether the batch is ours."""
        statement = self._statements["reserve"]
        values = statement.values(
            reserved=packed_reservation(self._boot, stretches_of(keys)),
            batch=self._batch.id,
            fence=self._batch.fence,
            now=moment(now, self._dialect),
        )
        return bool(driver.execute(statement.sql, values).rowcount)

    def _failed(self, error: Exception) -> StoreUnavailable:
        connection, self._connection, self._usual = self._connection, None, None
        self.lease_until = None
        self._reserved.clear()
        if connection is not None:
            connection.drop()
        return unavailable(self._engine, error)

    def _renew(self, driver: Any, now: datetime, lease: timedelta) -> None:
        """Renew the lease, now and then: it is enough well before it runs out."""
        if self.lease_until is not None and self.lease_until - now > lease * 0.75:
            return
        statement = self._statements["renew"]
        until = now + lease
        values = statement.values(
            batch=self._batch.id,
            fence=self._batch.fence,
            now=moment(now, self._dialect),
            until=moment(until, self._dialect),
        )
        if not driver.execute(statement.sql, values).rowcount and self._usual:
            self._usual.look_anew()  # it has run out, which nobody had to write
        self.lease_until = until

    def _intend(
        self,
        driver: Any,
        wanted: Sequence[int],
        now: datetime,
        taken: Mapping[int, str] = NOTHING_TAKEN,
    ) -> Chunk:
        """Write intents; with `taken` also those outcomes, which PostgreSQL does in one go."""
        batch = self._batch
        if self._usual and self._usual.claim(wanted, moment(now, self._dialect)):
            return Chunk(frozenset(wanted))
        given = {
            "ids": packed(wanted, self._dialect),
            "batch": batch.id,
            "fence": batch.fence,
            "channel": batch.channel,
            "audience": batch.audience,
            "now": moment(now, self._dialect),
        }
        statement = self._statements["both" if taken else "intend"]
        if taken:
            given |= self._packed(taken)
        rows = driver.execute(statement.sql, statement.values(**given)).fetchall()
        if len(rows) == len(wanted):
            return Chunk(frozenset(wanted))
        granted = frozenset(row[0] for row in rows)
        statement = self._statements["held"]
        values = statement.values(
            batch=batch.id, fence=batch.fence, channel=batch.channel, now=given["now"]
        )
        held = driver.execute(statement.sql, values).fetchone() is not None
        if not held:
            return Chunk(granted, held=False)
        missing = [one for one in wanted if one not in granted]
        statement = self._statements["suppress"]
        values = statement.values(
            ids=packed(missing, self._dialect), audience=batch.audience, now=given["now"]
        )
        left = driver.execute(statement.sql, values).rowcount
        return Chunk(granted, left)

    def _packed(self, taken: Mapping[int, str]) -> dict[str, Any]:
        return {
            "numbers": packed(list(taken), self._dialect),
            "texts": packed(list(taken.values()), self._dialect),
        }

    def _accept(self, driver: Any, taken: Mapping[int, str], now: datetime) -> None:
        if self._usual and self._usual.accept(taken, moment(now, self._dialect)):
            return
        statement = self._statements["accept"]
        values = statement.values(
            **self._packed(taken), fence=self._batch.fence, now=moment(now, self._dialect)
        )
        driver.execute(statement.sql, values)

    def _settle(self, driver: Any, settled: Sequence[Settlement], now: datetime) -> None:
        at = moment(now, self._dialect)
        statement = self._statements["settle"]
        failed: list[Settlement] = []
        if self._usual:
            self._usual.forget(one.delivery.id for one in settled)
        for one in settled:
            values = statement.values(
                key=one.delivery.id,
                fence=one.delivery.fence,
                to=one.state.value,
                why=one.reason,
                again=moment(one.due, self._dialect),
                uncounted=0 if one.counted else 1,
                repeats=moment(one.repeats_until, self._dialect),
                late=1 if one.answered else 0,
                now=at,
            )
            if driver.execute(statement.sql, values).rowcount and one.state in FAILED:
                failed.append(one)
        if failed:
            tell_failures(driver, failed, dialect=self._dialect, now=now)
