"""How it goes with those who are told: in step with `notify:`, and what came of the last calls."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.errors import NotFound
from dispatch.model.notify.notification import NotificationState
from dispatch.model.notify.receiver import Receiver, ReceiverPlan, ReceiverState
from dispatch.store.database.schema import notifications, receivers

TAKEN_OUT = "its receiver was taken out of schedules.yaml"

COUNTED_UP_TO = 10_000
"""More than that is as much to whoever looks, and would take long to count."""

_ON, _OFF, _REMOVED = (one.value for one in ReceiverState)


def _is(state: NotificationState) -> sa.ColumnElement[bool]:
    # Written out, as the indexes of what waits and of what has failed are for these texts.
    return notifications.c.state == sa.literal_column(f"'{state.value}'")


WAITING = _is(NotificationState.WAITING)
"""The condition that a notification is still to be told."""

FAILED = _is(NotificationState.FAILED)
"""The condition that a receiver has not taken it, and that it is told no more by itself."""

LONGEST_LEASE = timedelta(hours=1)
"""One that ends later was given by a clock that went ahead, and has been put back since."""


def free(now: datetime) -> sa.ColumnElement[bool]:
    """The condition that nobody is about to tell a notification."""
    lease = notifications.c.lease_until
    return sa.or_(lease.is_(None), lease <= now, lease > now + LONGEST_LEASE)


class Receivers:
    """The receivers."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def are_as(self, plans: Mapping[str, ReceiverPlan]) -> bool:
        """Whether the file says nothing new."""
        query = sa.select(receivers).where(receivers.c.state != _REMOVED)
        known = {row.name: (row.address, row.events) for row in self._connection.execute(query)}
        return known == {name: (plan.mark, _said(plan)) for name, plan in plans.items()}

    def follow(self, plans: Mapping[str, ReceiverPlan], *, now: datetime) -> None:
        """Bring the rows in step with the file.

        One at another address is told things again, however it went with the old one. What waits
        for one that is in the file no more has failed.
        """
        known = {row.name: row for row in self._connection.execute(sa.select(receivers))}
        for name, plan in plans.items():
            row = known.get(name)
            said = _said(plan)
            begun = {
                "events": said,
                "address": plan.mark,
                "state": _ON,
                "reason": "",
                "changed_at": now,
                "failing_since": None,
            }
            if row is None:
                self._connection.execute(receivers.insert().values(name=name, **begun))
            elif row.state == _REMOVED or row.address != plan.mark:
                self._change(name, **begun)
            elif row.events != said:
                self._change(name, events=said)
        for name in known.keys() - plans.keys():
            if known[name].state != _REMOVED:
                self._change(name, state=_REMOVED, reason="", changed_at=now, failing_since=None)
                self._connection.execute(
                    notifications.update()
                    .where(notifications.c.receiver == name, WAITING)
                    .values(state=NotificationState.FAILED.value, reason=TAKEN_OUT)
                )

    def all(self) -> list[Receiver]:
        """Those that are in the file, by name, with how much waits and has failed."""
        rows = self._connection.execute(_COUNTED.order_by(receivers.c.name))
        return [_receiver(row, row.waiting, row.failed) for row in rows]

    def get(self, name: str) -> Receiver:
        """One of those in the file; raises NotFound."""
        self.check(name)
        row = self._connection.execute(_COUNTED.where(receivers.c.name == name)).one()
        return _receiver(row, row.waiting, row.failed)

    def check(self, name: str) -> Receiver:
        """One of those in the file, with nothing counted; raises NotFound."""
        found = self.find(name)
        if found is None:
            raise NotFound(f"receiver {name}: not in schedules.yaml - see 'dispatch notify list'")
        return found

    def find(self, name: str) -> Receiver | None:
        """One of those in the file, with nothing counted."""
        query = sa.select(receivers).where(receivers.c.name == name, receivers.c.state != _REMOVED)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _receiver(row)

    def due(self, *, now: datetime) -> list[tuple[str, datetime]]:
        """Those that may be told something now, each with when it was turned on."""
        waits = sa.exists().where(
            notifications.c.receiver == receivers.c.name,
            WAITING,
            notifications.c.due <= now,
            free(now),
        )
        query = sa.select(receivers.c.name, receivers.c.changed_at)
        rows = self._connection.execute(query.where(receivers.c.state == _ON, waits))
        return sorted((row.name, row.changed_at) for row in rows)

    def off(self) -> Sequence[tuple[str, str]]:
        """Those that are told nothing more, each with why."""
        query = sa.select(receivers.c.name, receivers.c.reason).where(receivers.c.state == _OFF)
        return [(row.name, row.reason) for row in self._connection.execute(query)]

    def took(self, name: str, *, now: datetime) -> None:
        """It has taken something."""
        self._change(name, answered_at=now, failing_since=None)

    def failed(self, name: str, *, now: datetime) -> datetime:
        """It has taken nothing; since when that is so."""
        given = receivers.c.failing_since
        # A moment that is yet to come is that of a clock that has been put back since.
        since = sa.case((given <= now, given), else_=sa.literal(now, given.type))
        statement = receivers.update().where(receivers.c.name == name).values(failing_since=since)
        found: datetime = self._connection.scalars(
            statement.returning(receivers.c.failing_since)
        ).one()
        return found

    def turn_off(self, name: str, *, reason: str, now: datetime) -> bool:
        """Tell it nothing more; whether it was told something until now."""
        return bool(
            self._connection.execute(
                receivers.update()
                .where(receivers.c.name == name, receivers.c.state == _ON)
                .values(state=_OFF, reason=reason, changed_at=now)
            ).rowcount
        )

    def hurry(self, *, now: datetime, longest: timedelta) -> int:
        """Have due now what waits for longer than anything may: a clock was put back; how many."""
        # Each is of one of these: named, so that an index finds those of each.
        named = notifications.c.receiver.in_(sa.select(receivers.c.name))
        return self._connection.execute(
            notifications.update()
            .where(named, WAITING, notifications.c.due > now + longest)
            .values(due=now)
        ).rowcount

    def turn_on(self, name: str, *, now: datetime) -> None:
        """Tell it things again, what waits among them, and at once."""
        self._change(name, state=_ON, reason="", changed_at=now, failing_since=None)
        self._connection.execute(
            notifications.update()
            .where(notifications.c.receiver == name, WAITING, notifications.c.due > now)
            .values(due=now)
        )

    def _change(self, name: str, **values: Any) -> None:
        self._connection.execute(receivers.update().where(receivers.c.name == name).values(values))


def _count(of: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    mine = sa.select(notifications.c.id).where(notifications.c.receiver == receivers.c.name, of)
    some = mine.correlate(receivers).limit(COUNTED_UP_TO).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


_COUNTED = sa.select(
    receivers, _count(WAITING).label("waiting"), _count(FAILED).label("failed")
).where(receivers.c.state != _REMOVED)


def _said(plan: ReceiverPlan) -> dict[str, Any]:
    return {"types": sorted(plan.types), "addresses": plan.addresses}


def _receiver(row: sa.Row[Any], waiting: int = 0, failed: int = 0) -> Receiver:
    return Receiver(
        row.name,
        row.address,
        ReceiverState(row.state),
        row.reason,
        row.changed_at,
        row.failing_since,
        row.answered_at,
        waiting,
        failed,
    )
