"""Kinds of columns, the same on SQLite and PostgreSQL, and what all tables belong to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment. SQLite keeps no zone, so it is written there as UTC without one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002 - the base class says so
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Span(sa.types.TypeDecorator[timedelta]):
    """A time span, in whole seconds."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(
        self,
        value: timedelta | None,
        dialect: sa.Dialect,  # noqa: ARG002 - the base class says so
    ) -> int | None:
        return None if value is None else round(value.total_seconds())

    def process_result_value(
        self,
        value: int | None,
        dialect: sa.Dialect,  # noqa: ARG002 - the base class says so
    ) -> timedelta | None:
        return None if value is None else timedelta(seconds=value)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=NAMES)

# SQLite numbers rows by itself only where the key is called INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def text(name: str, **options: Any) -> sa.Column[str]:
    """Words; empty where there are none."""
    return sa.Column(name, sa.Text, nullable=False, server_default="", **options)


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """When something was, or is due."""
    return sa.Column(name, UtcDateTime, nullable=nullable)


def span(name: str) -> sa.Column[timedelta]:
    """How long something takes; null where that is not known."""
    return sa.Column(name, Span, nullable=True)


def count(name: str) -> sa.Column[int]:
    """How many; from 0."""
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def flag(name: str) -> sa.Column[bool]:
    """Whether; at first it is not so."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def only_where(condition: str) -> dict[str, str]:
    """Of which rows alone an index is.

    The migration that makes it says so to the database, as it does what PostgreSQL alone is told of
    a table: said here, each command would load what SQLAlchemy knows of PostgreSQL.
    """
    return {"where": condition}


def ref(name: str, target: str, **options: Any) -> sa.Column[Any]:
    """The key of a row of another table."""
    return sa.Column(name, sa.ForeignKey(target), **options)
