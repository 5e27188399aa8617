"""Passes: each is known by a hash of its token, and used once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.team.passes import VALID_FOR, Pass, Purpose
from dispatch.store.database.schema import passes


class Passes:
    """Rows of them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        mark: str,
        purpose: Purpose,
        *,
        now: datetime,
        subject: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> Pass:
        """Make one, which holds as long as its purpose says."""
        values = {
            "mark": mark,
            "purpose": purpose.value,
            "subject": subject,
            "detail": dict(detail or {}),
            "made_at": now,
            "ends_at": now + VALID_FOR[purpose],
        }
        return _read(self._connection.execute(passes.insert().values(values).returning(passes)))

    def find(self, mark: str, purpose: Purpose, *, now: datetime) -> Pass | None:
        """One that can be used; None for any other, and for none."""
        query = sa.select(passes).where(*_usable(mark, purpose, now))
        return _read_or_none(self._connection.execute(query))

    def latest(self, purpose: Purpose, subject: str, *, now: datetime) -> Pass | None:
        """The newest that can be used of those for somebody."""
        query = (
            sa.select(passes)
            .where(*_of(purpose, subject), passes.c.used_at.is_(None), passes.c.ends_at > now)
            .order_by(passes.c.made_at.desc(), passes.c.mark)
            .limit(1)
        )
        return _read_or_none(self._connection.execute(query))

    def use(self, mark: str, purpose: Purpose, *, now: datetime) -> Pass | None:
        """The same as `find`, and it is used up by that: of two who do so one is given it."""
        statement = passes.update().where(*_usable(mark, purpose, now)).values(used_at=now)
        return _read_or_none(self._connection.execute(statement.returning(passes)))

    def end(self, purpose: Purpose, subject: str, *, now: datetime) -> None:
        """End all that are for somebody."""
        statement = passes.update().where(*_of(purpose, subject), passes.c.used_at.is_(None))
        self._connection.execute(statement.values(used_at=now))

    def forget(self, *, before: datetime) -> int:
        """Remove those that ended before then: how many."""
        return self._connection.execute(passes.delete().where(passes.c.ends_at < before)).rowcount


def _usable(mark: str, purpose: Purpose, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        passes.c.mark == mark,
        passes.c.purpose == purpose.value,
        passes.c.used_at.is_(None),
        passes.c.ends_at > now,
    )


def _of(purpose: Purpose, subject: str) -> tuple[sa.ColumnElement[bool], ...]:
    return passes.c.purpose == purpose.value, passes.c.subject == subject


def _read_or_none(result: sa.CursorResult[Any]) -> Pass | None:
    row = result.one_or_none()
    return None if row is None else _pass(row)


def _read(result: sa.CursorResult[Any]) -> Pass:
    return _pass(result.one())


def _pass(row: sa.Row[Any]) -> Pass:
    return Pass(
        mark=row.mark,
        purpose=Purpose(row.purpose),
        subject=row.subject,
        made=row.made_at,
        ends=row.ends_at,
        detail=row.detail,
    )
