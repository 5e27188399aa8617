"""Rows of mails that are no deliveries: they end when they were handed over.

Each change names what it rests on, so that of two nodes one makes it.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypedDict, TypeVar

import sqlalchemy as sa

from dispatch.model.delivery.single_mail import MailState, SingleMail

M = TypeVar("M", bound=SingleMail)


class Attempts(TypedDict):
    """The values of a `SingleMail`."""

    id: int
    address: str
    state: MailState
    made: datetime
    due: datetime
    attempt: int
    lease_until: datetime | None
    accepted: datetime | None
    reason: str


def attempts(row: sa.Row[Any]) -> Attempts:
    """The same from a row of any of their tables."""
    return {
        "id": row.id,
        "address": row.address,
        "state": MailState(row.state),
        "made": row.made_at,
        "due": row.due,
        "attempt": row.attempt,
        "lease_until": row.lease_until,
        "accepted": row.accepted_at,
        "reason": row.reason,
    }


class SingleMails(Generic[M]):
    """The mails of one `table`, which has their state, attempts and lease."""

    table: ClassVar[sa.Table]

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    @abstractmethod
    def read(self, row: sa.Row[Any]) -> M:
        """A mail from its row."""

    @property
    def waiting(self) -> sa.TextClause:
        """The condition as the partial index has it, so that the index is used."""
        return sa.text(f"{self.table.name}.state = 'waiting'")

    def claim(self, mail: M, *, until: datetime) -> M | None:
        """Take it for one attempt, which ends by then; None if another node was quicker."""
        row = self._connection.execute(
            self.table.update()
            .where(*self._unchanged(mail))
            .values(attempt=mail.attempt + 1, lease_until=until)
            .returning(self.table)
        ).one_or_none()
        return self.read(row) if row else None

    def accept(self, mail: M, *, now: datetime) -> None:
        """It was handed over: that counts, whatever has become of the row meanwhile."""
        self._connection.execute(
            self.table.update()
            .where(self.table.c.id == mail.id, self.table.c.accepted_at.is_(None))
            .values(state=MailState.ACCEPTED.value, accepted_at=now, lease_until=None, reason="")
        )

    def put_off(self, mail: M, *, due: datetime, reason: str) -> bool:
        """Try it later; False if it is somebody else's by now."""
        return self._change(mail, due=due, lease_until=None, reason=reason)

    def end(self, mail: M, state: MailState, *, reason: str) -> bool:
        """It will not be handed over, and why; False if it is somebody else's by now."""
        return self._change(mail, state=state.value, lease_until=None, reason=reason)

    def due(self, *, now: datetime, limit: int) -> Sequence[M]:
        """What may be tried, that which was tried least first."""
        return self._tried_least(self.table.c.due <= now, now=now, limit=limit)

    def are_due(self, *, now: datetime) -> bool:
        """Whether `due` would give any: asked every other second, and answered by an index."""
        return bool(self.due(now=now, limit=1))

    def forget(self, *, before: datetime) -> int:
        """Remove what was written before then and has ended: how many. They hold addresses."""
        gone = self.table.delete().where(
            self.table.c.made_at < before, self.table.c.state != MailState.WAITING.value
        )
        return self._connection.execute(gone).rowcount

    def _tried_least(
        self, *which: sa.ColumnElement[bool], now: datetime, limit: int
    ) -> Sequence[M]:
        """Those that wait and nobody has in hand, the one that was tried least first.

        So one that always fails and stops its round is behind the others in the next.
        """
        column = self.table.c
        free = column.lease_until.is_(None) | (column.lease_until <= now)
        query = sa.select(self.table).where(self.waiting, free, *which)
        in_turn = query.order_by(column.attempt, column.due, column.id).limit(limit)
        return [self.read(row) for row in self._connection.execute(in_turn)]

    def _change(self, mail: M, **values: Any) -> bool:
        changed = self._connection.execute(
            self.table.update().where(*self._unchanged(mail)).values(**values)
        )
        return changed.rowcount == 1

    def _unchanged(self, mail: M) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
        column = self.table.c
        return (column.id == mail.id, column.attempt == mail.attempt, self.waiting)
