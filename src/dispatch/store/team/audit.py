"""The audit log: lines are added in the transaction that they tell of, and never changed."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.clock import Timer, system_timer
from dispatch.model.team.act import Done
from dispatch.origin import origin
from dispatch.store.database.look_through import Sought, look_through
from dispatch.store.database.schema import audit, editions, subscribers

SEARCHED = 60_000
"""Lines that are searched for a text, the newest: a year of a team that does 160 things a day."""

TEXTS_AT_A_TIME = 4_000
"""Lines of which all that is told is read in one question."""


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
        self._connection.execute(_ADD, {**values, "detail": detail, "origin": origin()})

    def page(
        self,
        *,
        by: str = "",
        act: str = "",
        kind: str = "",
        kinds: Collection[str] = (),
        since: datetime | None = None,
        text: str = "",
        before: int = 0,
        most: int = 50,
    ) -> list[Done]:
        """The newest lines first; `before` is the id of a line, `act` the beginning of its name.

        `text` is looked for in what it was done to, and in what else is told of it; among the
        newest `SEARCHED` lines, as it has no index.
        """
        query = sa.select(audit).order_by(audit.c.id.desc()).limit(most)
        if by:
            query = query.where(audit.c.by == by)
        if act:
            query = query.where(audit.c.act.startswith(act, autoescape=True))
        if kind:
            query = query.where(audit.c.kind == kind)
        if kinds:
            query = query.where(audit.c.kind.in_(kinds))
        if since is not None:
            query = query.where(audit.c.at >= since)
        if text:
            newest = sa.select(sa.func.max(audit.c.id)).scalar_subquery()
            query = query.where(_says(text), audit.c.id > newest - SEARCHED)
        if before:
            query = query.where(audit.c.id < before)
        return list(map(_read, self._connection.execute(query)))

    def sought(
        self,
        *,
        by: str = "",
        act: str = "",
        kind: str = "",
        since: datetime | None = None,
        text: str = "",
        before: int = 0,
        most: int = 50,
        timer: Timer = system_timer,
    ) -> Sought[Done]:
        """What `page` gives by what no index helps with, as far as there is time to look."""
        newest = self._connection.scalar(sa.select(sa.func.max(audit.c.id))) or 0
        wanted = [audit.c[name] == said for name, said in (("by", by), ("kind", kind)) if said]
        if act:
            wanted.append(audit.c.act.startswith(act, autoescape=True))
        if since is not None:
            wanted.append(audit.c.at >= since)
        if text:
            wanted.append(_says(text))

        def find(top: int, bottom: int, number: int) -> list[Done]:
            query = sa.select(audit).where(audit.c.id <= top, audit.c.id > bottom, *wanted)
            rows = self._connection.execute(query.order_by(audit.c.id.desc()).limit(number))
            return list(map(_read, rows))

        rows = TEXTS_AT_A_TIME if text else None
        return look_through(find, newest, before=before, most=most, at_a_time=rows, timer=timer)

    def editions(self, ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """Campaign and slot of the editions that lines are about, by id."""
        columns = (editions.c.id, editions.c.campaign, editions.c.slot)
        rows = self._connection.execute(sa.select(*columns).where(editions.c.id.in_(ids)))
        return {row.id: (row.campaign, row.slot) for row in rows}

    def readers(self, public_ids: Collection[str]) -> dict[str, str]:
        """The addresses of the readers that lines are about, by public id, if they are there."""
        columns = (subscribers.c.public_id, subscribers.c.email)
        query = sa.select(*columns).where(subscribers.c.public_id.in_(public_ids))
        return {row.public_id: row.email for row in self._connection.execute(query) if row.email}

    def about(self, kind: str, subject: str, *, most: int = 50) -> list[Done]:
        """What was done to one thing, the newest first."""
        query = sa.select(audit).where(audit.c.kind == kind, audit.c.subject == subject)
        rows = self._connection.execute(query.order_by(audit.c.id.desc()).limit(most))
        return list(map(_read, rows))

    def all(self) -> Iterator[Done]:
        """Every line, the oldest first."""
        query = sa.select(audit).order_by(audit.c.id).execution_options(yield_per=1_000)
        yield from map(_read, self._connection.execute(query))


_ADD = audit.insert()
"""Made once, as nearly each change writes a line."""


def _says(text: str) -> sa.ColumnElement[bool]:
    told = sa.cast(audit.c.detail, sa.Text)
    return sa.or_(*(part.icontains(text, autoescape=True) for part in (audit.c.subject, told)))


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
