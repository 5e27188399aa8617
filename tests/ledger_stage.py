"""A batch in a worker's hands, row by row, among others that differ in one thing each.

What surrounds it is there so that no condition of a statement can be left out unnoticed: editions
that go out, batches with the same fence, people and deliveries just beside ours.
"""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import psycopg
import sqlalchemy as sa

from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.state import Delivery, DeliveryState, Settlement
from dispatch.model.editions.edition import EditionState
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.store.database.schema import (
    batches,
    deliveries,
    editions,
    stops,
    subscribers,
    subscriptions,
    suppressions,
)
from dispatch.store.delivery.ledger import Chunk, Ledger
from dispatch.store.delivery.row_keys import key
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock

LEASE = timedelta(minutes=2)
NUMBER, FENCE = 4, 3
FIRST = key(NUMBER, 1)
OURS = Batch(
    id=5,
    edition_id="e4",
    audience="readers",
    channel="mail",
    planned="mail",
    first=FIRST,
    last=FIRST + 99,
    fence=FENCE,
    connections=1,
)


@dataclass(slots=True)
class LedgerStage:
    """Batch `OURS` of edition e4, with neighbours e3 and e5 that go out, too."""

    store: Store
    clock: FakeClock
    _people: int = 0
    _deliveries: int = 0
    _open: list[Ledger] = field(default_factory=list)

    def set_up(self) -> None:
        """Put editions and batches in."""
        for number in (3, 4, 5):
            self.edition(number)
        for batch, edition in ((4, "e3"), (5, "e4"), (6, "e4"), (7, "e5")):
            first = FIRST + (batch - OURS.id) * 1000
            held = self.clock() + LEASE
            self.batch(batch, edition, first, first + 99, fence=FENCE, lease_until=held)

    def edition(
        self, number: int, state: EditionState = EditionState.SENDING, **values: object
    ) -> str:
        """The id of a new edition."""
        made = {"id": f"e{number}", "state": state.value, "created_at": self.clock()}
        self._insert(editions, number=number, **{**made, **values})
        return f"e{number}"

    def batch(
        self, number: int, edition: str = "e4", first: int = 0, last: int = 0, **values: object
    ) -> int:
        """A stretch of an edition, due now; whoever has it has one connection."""
        given = {"channel": "mail", "via": "mail", "due": self.clock(), "connections": 1}
        stretch = {"first": first, "last": last}
        self._insert(batches, id=number, edition_id=edition, **{**given, **stretch, **values})
        return number

    def ledger(self, **changes: object) -> Ledger:
        """Our batch's rows, or those of one that differs."""
        ledger = self.store.ledger(replace(OURS, **changes))
        self._open.append(ledger)
        return ledger

    def commit(
        self,
        *wanted: int,
        ledger: Ledger | None = None,
        taken: dict[int, str] | None = None,
        settled: tuple[Settlement, ...] = (),
    ) -> Chunk:
        """One transaction of our worker."""
        ledger = ledger or self.ledger()
        return ledger.commit(wanted, taken or {}, settled, now=self.clock(), lease=LEASE)

    def reader(self, audience: str = "readers", *, active: bool = True, **values: object) -> int:
        """Somebody, with a subscription that is active or has ended."""
        self._people += 1
        person = self._people
        email = f"reader{person}@example.org"
        given = {"email": email, "email_key": email, "topics": [], "fields": {}}
        self._insert(subscribers, id=person, public_id=f"public{person}", **{**given, **values})
        state = SubscriptionState.ACTIVE if active else SubscriptionState.ENDED
        self.subscribe(person, audience, state)
        return person

    def subscribe(self, person: int, audience: str, state: SubscriptionState) -> None:
        """A subscription of somebody."""
        self._insert(
            subscriptions,
            subscriber_id=person,
            audience=audience,
            state=state.value,
            since=self.clock(),
        )

    def suppress(self, email_key: str) -> None:
        """An address that nobody may write to."""
        self._insert(suppressions, email_key=email_key, email=email_key, since=self.clock())

    def stop(self, until: datetime | None, channel: str = "mail") -> None:
        """A channel that is left alone."""
        self._insert(stops, channel=channel, until=until)

    def delivery(
        self,
        state: DeliveryState = DeliveryState.PENDING,
        *,
        to: int | None = None,
        fence: int = 0,
        **values: object,
    ) -> int:
        """The key of a new delivery in our batch: a snippet, or to somebody."""
        row_key = cast("int", values.setdefault("id", FIRST + self._deliveries))
        self._deliveries += 1
        given = {"channel": "planned", "recipient": f"r{row_key - FIRST}", "part": "p"}
        self._insert(
            deliveries,
            **{
                "subscriber_id": to,
                "state": state.value,
                "fence": fence,
                "changed_at": self.clock() - timedelta(hours=1),
                **given,
                **values,
            },
        )
        return row_key

    def deliveries(self, number: int) -> None:
        """So many, from the first key of our edition on."""
        rows = [
            {
                "id": FIRST + place,
                "recipient": "r",
                "state": "pending",
                "changed_at": self.clock(),
            }
            for place in range(number)
        ]
        with self.store._engine.begin() as connection:
            connection.execute(deliveries.insert(), rows)

    def settlement(self, row_key: int, state: DeliveryState, **values: Any) -> Settlement:
        """How a delivery came out, as the worker knows it that holds our batch."""
        row = self.row(row_key)
        delivery = Delivery(
            id=row_key,
            edition_id="e4",
            channel="mail",
            recipient=row.recipient,
            part=row.part,
            subscriber_id=None,
            state=DeliveryState.SENDING,
            attempt=row.attempt,
            fence=values.pop("fence", FENCE),
            changed=row.changed_at,
        )
        return Settlement(delivery, state, **values)

    def lose(self, ledger: Ledger) -> None:
        """The database goes away under a ledger's connection, for a moment."""
        driver = ledger._take_connection().driver
        if self.store._engine.dialect.name == "sqlite":
            driver.execute("PRAGMA query_only = ON")
            driver.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
            return
        with suppress(psycopg.OperationalError):
            driver.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def change(self, table: sa.Table, row_id: object, **values: object) -> None:
        """Have something happen to an edition or a batch."""
        with self.store._engine.begin() as connection:
            connection.execute(table.update().where(table.c.id == row_id).values(values))

    @property
    def keys(self) -> list[int]:
        """The keys of all deliveries, in their order."""
        with self.store._engine.connect() as connection:
            return list(connection.scalars(sa.select(deliveries.c.id).order_by(deliveries.c.id)))

    def row(self, row_key: int) -> Any:
        """A delivery as it stands."""
        return self._one(deliveries, row_key)

    def state(self, row_key: int) -> DeliveryState:
        """Where a delivery stands."""
        return DeliveryState(self.row(row_key).state)

    def row_of_edition(self, number: int) -> Any:
        """An edition as it stands."""
        return self._one(editions, f"e{number}")

    def row_of_batch(self, number: int = OURS.id) -> Any:
        """A batch as it stands."""
        return self._one(batches, number)

    def lease(self, batch: int = OURS.id) -> datetime:
        """How long a batch is held."""
        until: datetime = self._one(batches, batch).lease_until
        return until

    def close(self) -> None:
        """Give the connections back."""
        for ledger in self._open:
            ledger.close()

    def _insert(self, table: sa.Table, **values: object) -> None:
        with self.store._engine.begin() as connection:
            connection.execute(table.insert().values(values))

    def _one(self, table: sa.Table, row_id: object) -> Any:
        with self.store._engine.connect() as connection:
            return connection.execute(sa.select(table).where(table.c.id == row_id)).one()
