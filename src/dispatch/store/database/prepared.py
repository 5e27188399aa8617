"""Statements of the hot path: written with SQLAlchemy, compiled once, run by the driver itself.

SQLAlchemy takes some 50 µs for each execution, which is more than a mail may cost in all.
"""

import re
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite


class Prepared:
    """One statement for one kind of database, compiled when it is first used."""

    def __init__(self, statement: sa.ClauseElement, dialect: sa.Dialect) -> None:
        self._statement = statement
        self._dialect = dialect

    @cached_property
    def _compiled(self) -> sa.Compiled:
        dialect = self._dialect
        if dialect.name == "sqlite":
            dialect = sqlite.dialect(paramstyle="named")
        return self._statement.compile(dialect=dialect)

    @cached_property
    def sql(self) -> str:
        """What the driver is given."""
        return str(self._compiled)

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        return {name: value for name, value in self._compiled.params.items() if value is not None}

    def values(self, **given: Any) -> dict[str, Any]:
        """The parameters: those written into the statement, and those that change."""
        return {**self._defaults, **given}


class PreparedInOrder:
    """One statement for SQLite, whose values are given in the order of some names: that is quicker.

    No other parameter may be without a value. It is compiled when it is first used.
    """

    def __init__(self, statement: sa.ClauseElement, *names: str) -> None:
        self._statement = statement
        self._names = names

    @cached_property
    def _compiled(self) -> tuple[str, tuple[Any, ...]]:
        names = self._names
        compiled = self._statement.compile(dialect=sqlite.dialect(paramstyle="named"))
        written = {name: value for name, value in compiled.params.items() if name not in names}
        order = [*names, *written]
        sql = re.sub(r":(\w+)", lambda one: f"?{order.index(one[1]) + 1}", str(compiled))
        return sql, tuple(written.values())

    @cached_property
    def sql(self) -> str:
        """What the driver is given."""
        return self._compiled[0]

    @cached_property
    def _written(self) -> tuple[Any, ...]:
        return self._compiled[1]

    def values(self, *given: Any) -> tuple[Any, ...]:
        """The parameters: those that change, and those written into the statement."""
        return given + self._written


def dialect_of(kind: str) -> sa.Dialect:
    """How statements are written for one kind of database."""
    address = sa.make_url(f"{kind}+psycopg://" if kind == "postgresql" else f"{kind}://")
    return address.get_dialect()()


def moment(value: datetime | None, dialect: sa.Dialect) -> Any:
    """A moment as the driver wants it: SQLite keeps text, in UTC."""
    if value is None or dialect.name == "postgresql":
        return value
    return value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")
