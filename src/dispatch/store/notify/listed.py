"""Notifications as people look at them, and have them told once more."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.errors import NotFound
from dispatch.model.notify.notification import Notification, NotificationState
from dispatch.store.database.schema import notifications
from dispatch.store.notify.lanes import to_notification
from dispatch.store.notify.receivers import FAILED


class ListedNotifications:
    """Notifications, newest first."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(
        self,
        receiver: str,
        *,
        before: int | None = None,
        limit: int,
        only_failed: bool = False,
    ) -> list[Notification]:
        """Those of one receiver, with smaller numbers than `before`; or what it has not taken."""
        query = sa.select(notifications).where(notifications.c.receiver == receiver)
        if only_failed:
            query = query.where(FAILED)
        if before is not None:
            query = query.where(notifications.c.id < before)
        query = query.order_by(notifications.c.id.desc())
        return [to_notification(row) for row in self._connection.execute(query.limit(limit))]

    def get(self, number: int) -> Notification:
        """One by its number; raises NotFound."""
        query = sa.select(notifications).where(notifications.c.id == number)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"notification {number}: not known - see 'dispatch notify list'")
        return to_notification(row)

    def replay(self, numbers: Sequence[int], *, now: datetime) -> int:
        """Have some told once more, by the names that they had; how many."""
        return self._again(notifications.c.id.in_(list(numbers)), now)

    def replay_failed(self, receiver: str, *, now: datetime) -> int:
        """Have all told once more that have failed with a receiver; how many."""
        return self._again(sa.and_(notifications.c.receiver == receiver, FAILED), now)

    def _again(self, which: sa.ColumnElement[bool], now: datetime) -> int:
        # A lease stays: who is about to tell it would else not be the only one.
        return self._connection.execute(
            notifications.update()
            .where(which)
            .values(
                state=NotificationState.WAITING.value,
                due=now,
                attempt=0,
                delivered_at=None,
            )
        ).rowcount
