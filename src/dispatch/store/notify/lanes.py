"""What waits for one receiver: claimed, sent by whoever claimed it, and what came of it noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.model.notify.notification import Notification, NotificationState
from dispatch.store.database.schema import notifications
from dispatch.store.notify.outbox import is_about
from dispatch.store.notify.receivers import WAITING, free

FORGOTTEN_AT_ONCE = 1000
"""Rows that one transaction removes, so that others can write in between."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one: `due` is when it is tried again, None where it is over.

    `counted` is false where it was not tried after all. `lease` is that of whoever tried it.
    """

    id: int
    state: NotificationState
    due: datetime | None = None
    status: int = 0
    reason: str = ""
    counted: bool = True
    lease: datetime | None = None


class NotificationLanes:
    """The rows of receivers, as those who send see them. A claim is a lease."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def claim(
        self,
        receiver: str,
        *,
        limit: int,
        now: datetime,
        lease: timedelta,
        subject: str | None = None,
    ) -> list[Notification]:
        """Take what is due, oldest first: until the lease ends nobody else takes it.

        With a `subject`, only what is about that.
        """
        mine = (
            sa.select(notifications.c.id)
            .where(
                notifications.c.receiver == receiver, WAITING, notifications.c.due <= now, free(now)
            )
            .order_by(notifications.c.due, notifications.c.id)
            .limit(limit)
        )
        if subject is not None:
            mine = mine.where(is_about(subject))
        ids = self._connection.scalars(mine.with_for_update(skip_locked=True)).all()
        if not ids:
            return []
        rows = self._connection.execute(
            notifications.update()
            .where(notifications.c.id.in_(ids))
            .values(lease_until=now + lease)
            .returning(*notifications.c)
        ).all()
        return sorted(map(to_notification, rows), key=lambda one: (one.due, one.id))

    def note(self, attempts: Sequence[Attempt], *, now: datetime) -> None:
        """Keep what came of some. What somebody else has ended meanwhile stays ended.

        That one was taken counts always; that it was not only by its lease: who was too slow must
        not give others what is in new hands.
        """
        if not attempts:
            return
        given = notifications.c
        took = sa.bindparam("to", type_=sa.Text) == NotificationState.DELIVERED.value
        held = sa.bindparam("held", type_=given.lease_until.type)
        still_held = sa.or_(held.is_(None), given.lease_until == held)
        self._connection.execute(
            notifications.update()
            .where(given.id == sa.bindparam("of"), WAITING, sa.or_(took, still_held))
            .values(
                state=sa.bindparam("to"),
                due=sa.func.coalesce(sa.bindparam("again", type_=given.due.type), given.due),
                attempt=given.attempt + sa.bindparam("more"),
                status=sa.case(
                    (sa.bindparam("more") == 0, given.status), else_=sa.bindparam("answer")
                ),
                reason=sa.case(
                    (sa.bindparam("more") == 0, given.reason), else_=sa.bindparam("why")
                ),
                delivered_at=sa.bindparam("done", type_=given.delivered_at.type),
                lease_until=None,
            ),
            [
                {
                    "of": one.id,
                    "to": one.state.value,
                    "again": one.due,
                    "more": int(one.counted),
                    "answer": one.status,
                    "why": one.reason,
                    "held": one.lease,
                    "done": now if one.state is NotificationState.DELIVERED else None,
                }
                for one in attempts
            ],
        )

    def forget(self, state: NotificationState, *, before: datetime) -> int:
        """Remove some of the oldest in a state, made before then; how many."""
        old = (
            sa.select(notifications.c.id)
            .where(notifications.c.state == state.value, notifications.c.made_at < before)
            .order_by(notifications.c.made_at)
            .limit(FORGOTTEN_AT_ONCE)
        )
        ids = self._connection.scalars(old).all()
        if ids:
            self._connection.execute(notifications.delete().where(notifications.c.id.in_(ids)))
        return len(ids)


def to_notification(row: sa.Row[Any]) -> Notification:
    """One row as a value."""
    return Notification(
        id=row.id,
        event=row.event,
        receiver=row.receiver,
        type=row.type,
        body=row.body,
        state=NotificationState(row.state),
        made_at=row.made_at,
        due=row.due,
        attempt=row.attempt,
        delivered_at=row.delivered_at,
        status=row.status,
        reason=row.reason,
        lease_until=row.lease_until,
    )
