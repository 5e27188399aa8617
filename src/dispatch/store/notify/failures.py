"""What is told of deliveries that failed, past SQLAlchemy, as the ledger writes them.

Of what is accepted nothing comes here, so that no mail that arrives costs anything more.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.state import DeliveryState, Settlement
from dispatch.model.notify.receiver import ReceiverState
from dispatch.model.notify.types import ADDRESS, Type
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.prepared import Prepared, dialect_of, moment
from dispatch.store.database.rows import insert_for
from dispatch.store.database.schema import notifications, receivers, subscribers
from dispatch.store.notify.outbox import Told, rows_of, to_wanting

FAILED = frozenset({DeliveryState.REFUSED, DeliveryState.FAILED})

_COLUMNS = (
    "event",
    "receiver",
    "type",
    "body",
    "state",
    "made_at",
    "due",
    "attempt",
    "status",
    "reason",
)


def tell_failures(
    driver: Any, failed: Sequence[Settlement], *, dialect: sa.Dialect, now: datetime
) -> None:
    """Tell of deliveries that were refused or given up, by a connection of the driver itself."""
    statements = _statements(dialect.name)
    asked = statements["wanting"]
    said = [
        to_wanting(name, json.loads(events) if isinstance(events, str) else events)
        for name, events in driver.execute(asked.sql, asked.values()).fetchall()
    ]
    wanting = [one for one in said if one.wants(Type.DELIVERY_FAILED)]
    if not wanting:
        return
    readers = _readers(driver, failed, statements["readers"], dialect)
    told = [_told(one, readers) for one in failed]
    statement, at = statements["insert"], moment(now, dialect)
    rows = rows_of(wanting, Type.DELIVERY_FAILED, told, now=now)
    values = [statement.values(**{**row, "made_at": at, "due": at}) for row in rows]
    driver.cursor().executemany(statement.sql, values)


def _readers(
    driver: Any, failed: Sequence[Settlement], asked: Prepared, dialect: sa.Dialect
) -> dict[int, tuple[str, str]]:
    """Public id and address of those whom they were for, by number."""
    people = (one.delivery.subscriber_id for one in failed)
    ids = sorted({number for number in people if number is not None})
    rows = driver.execute(asked.sql, asked.values(ids=packed(ids, dialect))).fetchall()
    return {number: (public_id, email) for number, public_id, email in rows}


def _told(settled: Settlement, readers: Mapping[int, tuple[str, str]]) -> Told:
    one = settled.delivery
    data: dict[str, Any] = {
        "id": str(one.id),
        "edition": one.edition_id,
        "channel": one.channel,
        "state": settled.state.value,
        "subscriber": None,
    }
    if one.subscriber_id is None:
        return str(one.id), {**data, ADDRESS: None}
    public_id, email = readers.get(one.subscriber_id, ("", ""))
    return public_id, {**data, "subscriber": public_id, ADDRESS: email}


@lru_cache
def _statements(kind: str) -> dict[str, Prepared]:
    """Compiled when the first delivery fails, and not before."""
    dialect = dialect_of(kind)
    on: sa.ColumnElement[str] = sa.literal_column(f"'{ReceiverState.ON.value}'")
    values = {
        column: sa.bindparam(column, type_=notifications.c[column].type) for column in _COLUMNS
    }
    new = insert_for(kind, notifications).values(values).on_conflict_do_nothing()
    return {
        "wanting": Prepared(
            sa.select(receivers.c.name, receivers.c.events).where(receivers.c.state == on), dialect
        ),
        "readers": Prepared(
            sa.select(subscribers.c.id, subscribers.c.public_id, subscribers.c.email).where(
                one_of(subscribers.c.id, "ids", dialect)
            ),
            dialect,
        ),
        "insert": Prepared(new, dialect),
    }
