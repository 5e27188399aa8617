"""Notifications as people look at them, and have them told once more."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.clock import Timer, system_timer
from dispatch.errors import NotFound
from dispatch.model.notify.notification import Notification, NotificationState
from dispatch.store.database.look_through import Sought, look_through
from dispatch.store.database.schema import notifications
from dispatch.store.notify.lanes import to_notification


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
    ) -> list[Notification]:
        """Those of one receiver, with smaller numbers than `before`."""
        query = sa.select(notifications).where(notifications.c.receiver == receiver)
        if before is not None:
            query = query.where(notifications.c.id < before)
        query = query.order_by(notifications.c.id.desc())
        return [to_notification(row) for row in self._connection.execute(query.limit(limit))]

    def failed(
        self, receiver: str, *, before: int = 0, most: int, timer: Timer = system_timer
    ) -> Sought[Notification]:
        """Those that one receiver has not taken, and from where on nobody has looked for more."""
        mine = notifications.c.receiver == receiver
        last = sa.select(sa.func.max(notifications.c.id)).where(mine)
        newest = self._connection.scalar(last) or 0

        def find(top: int, bottom: int, number: int) -> list[Notification]:
            query = sa.select(notifications).where(
                mine,
                notifications.c.id <= top,
                notifications.c.id > bottom,
                notifications.c.state == NotificationState.FAILED.value,
            )
            rows = self._connection.execute(query.order_by(notifications.c.id.desc()).limit(number))
            return list(map(to_notification, rows))

        below = min(before, newest + 1)
        return look_through(find, newest, before=below, most=most, timer=timer)

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
        failed = notifications.c.state == NotificationState.FAILED.value
        return self._again(sa.and_(notifications.c.receiver == receiver, failed), now)

    def _again(self, which: sa.ColumnElement[bool], now: datetime) -> int:
        return self._connection.execute(
            notifications.update()
            .where(which)
            .values(
                state=NotificationState.WAITING.value,
                due=now,
                attempt=0,
                lease_until=None,
                delivered_at=None,
            )
        ).rowcount
