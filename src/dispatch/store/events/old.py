"""Events that are no longer needed: because they are old, or somebody is erased."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.delivery.event import EventKind, Later
from dispatch.store.database.schema import came_later, events

PASSING = (
    EventKind.DELIVERED,
    EventKind.DEFERRED,
    EventKind.OPENED,
    EventKind.CLICKED,
    EventKind.OTHER,
)
"""Kinds of which each mail has some, and that say no more than what came later of it."""


class OldEvents:
    """Event rows by their numbers, which grow with time."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def last_before(self, moment: datetime) -> int:
        """The number of the last event that was received before then; 0 where there is none.

        Found by halving, as there is no index for it: the table may hold many millions.
        """
        bounds = sa.select(sa.func.min(events.c.id), sa.func.max(events.c.id))
        low, high = self._connection.execute(bounds).one()
        if low is None:
            return 0
        low -= 1
        while low < high:
            middle = (low + high + 1) // 2
            query = sa.select(events.c.received_at).where(events.c.id >= middle)
            received = self._connection.scalar(query.order_by(events.c.id).limit(1))
            if received is not None and received < moment:
                low = middle
            else:
                high = middle - 1
        return int(low)

    def some(self, *, after: int, upto: int, most: int) -> tuple[int, list[int]]:
        """The last of the next events after a number, and those of them that may be forgotten.

        The last is `upto` where there are no more. What is told of a mail that bounced softly
        stays: whether it arrived in the end counts.
        """
        softly = sa.exists().where(
            came_later.c.delivery_id == events.c.delivery_id,
            came_later.c.state == Later.SOFT_BOUNCED.value,
        )
        passing = sa.and_(events.c.kind.in_([one.value for one in PASSING]), ~softly)
        may_go = sa.or_(events.c.delivery_id.is_(None), passing)
        query = (
            sa.select(events.c.id, may_go.label("may_go"))
            .where(events.c.id > after, events.c.id <= upto)
            .order_by(events.c.id)
            .limit(most)
        )
        rows = self._connection.execute(query).all()
        last = rows[-1].id if len(rows) == most else upto
        return last, [row.id for row in rows if row.may_go]

    def delete(self, numbers: Sequence[int]) -> int:
        """Delete these events; how many were there."""
        return self._connection.execute(events.delete().where(events.c.id.in_(numbers))).rowcount


def strip_events(
    connection: sa.Connection, keys: Collection[int], names_them: Callable[[str], bool]
) -> None:
    """Take out of what is told of deliveries all that may say whose they were."""
    for table in (events, came_later):
        theirs = table.c.delivery_id.in_(keys)
        named = sa.select(table.c.reason).distinct().where(theirs, table.c.reason != "")
        some = [one for one in connection.scalars(named) if names_them(one)]
        if some:
            emptied = table.update().where(theirs, table.c.reason.in_(some)).values(reason="")
            connection.execute(emptied)
    nothing = {"recipient": "", "email_key": "", "provider_id": "", "url": ""}
    connection.execute(events.update().where(events.c.delivery_id.in_(keys)).values(nothing))


def of_address(email_keys: Collection[str]) -> sa.ColumnElement[bool]:
    """The condition that an event is of an address, and of no delivery of ours."""
    return sa.and_(events.c.email_key.in_(email_keys), events.c.email_key != "")
