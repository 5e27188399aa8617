"""What is told of deliveries that failed, past SQLAlchemy, as the ledger writes them.

Of what is accepted nothing comes here, so that no mail that arrives costs anything more.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.state import DeliveryState, Settlement
from dispatch.model.notify.receiver import ReceiverState
from dispatch.model.notify.types import ADDRESS, Type
from dispatch.store.database.prepared import Prepared, dialect_of, moment
from dispatch.store.database.rows import insert_by
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
    told = [_told(driver, one, statements["reader"]) for one in failed]
    statement = statements["insert"]
    for row in rows_of(wanting, Type.DELIVERY_FAILED, told, now=now):
        at = moment(now, dialect)
        driver.execute(statement.sql, statement.values(**{**row, "made_at": at, "due": at}))


def _told(driver: Any, settled: Settlement, reader: Prepared) -> Told:
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
    found = driver.execute(reader.sql, reader.values(id=one.subscriber_id)).fetchone()
    public_id, email = found or ("", "")
    return public_id, {**data, "subscriber": public_id, ADDRESS: email}


@lru_cache
def _statements(kind: str) -> dict[str, Prepared]:
    """Compiled when the first delivery fails, and not before."""
    dialect = dialect_of(kind)
    on: sa.ColumnElement[str] = sa.literal_column(f"'{ReceiverState.ON.value}'")
    one = sa.bindparam("id", type_=subscribers.c.id.type)
    values = {
        column: sa.bindparam(column, type_=notifications.c[column].type) for column in _COLUMNS
    }
    new = insert_by(dialect, notifications).values(values).on_conflict_do_nothing()
    return {
        "wanting": Prepared(
            sa.select(receivers.c.name, receivers.c.events).where(receivers.c.state == on), dialect
        ),
        "reader": Prepared(
            sa.select(subscribers.c.public_id, subscribers.c.email).where(subscribers.c.id == one),
            dialect,
        ),
        "insert": Prepared(new, dialect),
    }
