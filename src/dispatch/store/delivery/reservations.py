"""What a batch says of hand-overs to come, and whether it still means something.

It is kept on the disk before the first of them. What is written of each outlives the process, and
the disk has it with the next reservation. So after another start of the machine the rows may say
less than was done. With PostgreSQL it is the server's start that counts: a crash empties the table
`boots`, as it is not logged.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.reservation import Stretches, keys_of, stretches_of
from dispatch.model.delivery.state import DeliveryState, On, move
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.schema import batches, boots, deliveries
from dispatch.store.delivery.row_keys import is_of_snippet

BOOT = "boot"
"""The option of an engine's connections that names the start of the machine."""


def boot_of(options: Mapping[str, Any]) -> str:
    """Which start of the machine it is; empty where that is not known, and nothing is reserved."""
    boot: str = options.get(BOOT, "")
    return boot


_FIRST_DUE = (
    sa.select(deliveries.c.id)
    .where(
        deliveries.c.id.between(sa.bindparam("first"), sa.bindparam("last")),
        deliveries.c.state == DeliveryState.PENDING.value,
        sa.or_(
            deliveries.c.due.is_(None),
            deliveries.c.due <= sa.bindparam("now", type_=deliveries.c.due.type),
        ),
    )
    .order_by(deliveries.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_counted = _FIRST_DUE.subquery()
_HOW_MANY = sa.select(sa.func.count(), sa.func.min(_counted.c.id), sa.func.max(_counted.c.id))


def reserve_first(connection: sa.Connection, batch: Batch, most: int, *, now: datetime) -> Batch:
    """The batch with its first `most` deliveries reserved, in the transaction that takes it.

    So that its first chunk need not wait for the disk once more. Not on a server, whose operator
    may have transactions that do not wait; nor for posts, each of which waits.
    """
    boot = boot_of(connection.get_execution_options())
    if not (most and boot) or connection.dialect.name != "sqlite" or is_of_snippet(batch.first):
        return batch
    given = {"first": batch.first, "last": batch.last, "now": now, "most": most}
    number, first, last = connection.execute(_HOW_MANY, given).one()
    if not number:
        return batch
    if last - first + 1 == number:  # as is usual, and none of them need be read
        stretches: Stretches = ((first, last),)
    else:
        stretches = stretches_of(connection.scalars(_FIRST_DUE, given).all())
    connection.execute(_RESERVE, {"batch": batch.id, "kept": _kept(boot, stretches)})
    return replace(batch, reserved=stretches, boot=boot)


_RESERVE = (
    batches.update()
    .where(batches.c.id == sa.bindparam("batch"))
    .values(reserved=sa.bindparam("kept", type_=batches.c.reserved.type))
)


def boot_now(connection: sa.Connection) -> str:
    """Under which start this transaction runs; empty where nobody has named it yet."""
    if connection.dialect.name == "sqlite":
        return boot_of(connection.get_execution_options())
    return connection.scalar(sa.select(boots.c.name)) or ""


def packed_reservation(boot: str, stretches: Stretches) -> str:
    """What is written into the row of a batch, past SQLAlchemy."""
    return json.dumps(_kept(boot, stretches))


def _kept(boot: str, stretches: Stretches) -> dict[str, Any]:
    return {"boot": boot, "keys": stretches}


def left_in_doubt(connection: sa.Connection, reserved: Mapping[str, Any] | None) -> Stretches:
    """What was reserved under another start; nothing, where it was under this one.

    Then whoever reserved it was ended at most, and all that they have written is there.
    """
    if not reserved or reserved["boot"] == boot_now(connection):
        return ()
    return tuple((first, last) for first, last in reserved["keys"])


def park_what_is_left(connection: sa.Connection, edition_id: str, *, now: datetime) -> None:
    """Make unknown what waits in an edition and may have gone out before the machine stopped."""
    query = sa.select(batches.c.reserved).where(
        batches.c.edition_id == edition_id, batches.c.reserved.is_not(sa.null())
    )
    kept = connection.scalars(query).all()
    left = tuple(stretch for one in kept for stretch in left_in_doubt(connection, one))
    if left:
        condition, values = wait_in(connection, left)
        to = {"state": move(DeliveryState.PENDING, On.CUT_OFF).value, "reason": On.CUT_OFF.value}
        statement = deliveries.update().where(condition).values(**to, changed_at=now)
        connection.execute(statement, values)


def wait_in(connection: sa.Connection, stretches: Stretches) -> tuple[Any, Mapping[str, Any]]:
    """The condition that a delivery waits and is in one of them, and the value that it needs."""
    keys = keys_of(stretches)
    condition = sa.and_(
        one_of(deliveries.c.id, "in_doubt", connection.dialect),
        deliveries.c.state == DeliveryState.PENDING.value,
    )
    return condition, {"in_doubt": packed(keys, connection.dialect)}
