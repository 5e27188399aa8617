"""The audit log: lines are added in the transaction that they tell of, and never changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.team.act import Done
from dispatch.origin import origin
from dispatch.store.database.schema import audit


class Audit:
    """Who did what, when, to what, from where."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self, act: str, *, by: str, now: datetime, kind: str = "", subject: str = "", **detail: Any
    ) -> None:
        """Write a line, such as `add("edition.approve", by="ada", kind="edition", subject=id)`.

        `detail` is kept as JSON: nothing secret, and no reader's address.
        """
        values = {"at": now, "by": by, "act": act, "kind": kind, "subject": subject}
        self._connection.execute(audit.insert().values(**values, detail=detail, origin=origin()))

    def page(
        self, *, by: str = "", act: str = "", kind: str = "", before: int = 0, most: int = 50
    ) -> list[Done]:
        """The newest lines first; `before` is the id of a line, `act` the beginning of its name."""
        query = sa.select(audit).order_by(audit.c.id.desc()).limit(most)
        if by:
            query = query.where(audit.c.by == by)
        if act:
            query = query.where(audit.c.act.startswith(act, autoescape=True))
        if kind:
            query = query.where(audit.c.kind == kind)
        if before:
            query = query.where(audit.c.id < before)
        return list(map(_read, self._connection.execute(query)))

    def about(self, kind: str, subject: str, *, most: int = 50) -> list[Done]:
        """What was done to one thing, the newest first."""
        query = sa.select(audit).where(audit.c.kind == kind, audit.c.subject == subject)
        rows = self._connection.execute(query.order_by(audit.c.id.desc()).limit(most))
        return list(map(_read, rows))

    def all(self) -> Iterator[Done]:
        """Every line, the oldest first."""
        query = sa.select(audit).order_by(audit.c.id).execution_options(yield_per=1_000)
        yield from map(_read, self._connection.execute(query))


def _read(row: sa.Row[Any]) -> Done:
    return Done(
        id=row.id,
        at=row.at,
        by=row.by,
        act=row.act,
        kind=row.kind,
        subject=row.subject,
        detail=row.detail,
        origin=row.origin,
    )
