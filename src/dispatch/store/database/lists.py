"""Whole lists as one parameter, so that a statement stays the same however many rows it is for.

SQLite unpacks JSON, PostgreSQL arrays; `packed` makes the value that a statement of either wants.
"""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def one_of(column: sa.ColumnElement[int], parameter: str, dialect: sa.Dialect) -> Any:
    """The condition that a number is in the list given as `parameter`."""
    if dialect.name == "postgresql":
        return column == sa.any_(sa.bindparam(parameter, type_=sa.ARRAY(sa.BigInteger)))
    values = sa.func.json_each(sa.bindparam(parameter, type_=sa.Text)).table_valued("value")
    return column.in_(sa.select(values.c.value))


def pairs(numbers: str, texts: str, dialect: sa.Dialect) -> sa.FromClause:
    """A table with the columns `number` and `text` from two lists of the same length."""
    if dialect.name == "postgresql":
        return (
            sa.func.unnest(
                sa.bindparam(numbers, type_=sa.ARRAY(sa.BigInteger)),
                sa.bindparam(texts, type_=sa.ARRAY(sa.Text)),
            )
            .table_valued("number", "text")
            .render_derived(name="pairs")
        )
    rows = sa.func.json_each(sa.bindparam(numbers, type_=sa.Text)).table_valued("key", "value")
    words = sa.func.json_each(sa.bindparam(texts, type_=sa.Text)).table_valued("key", "value")
    return (
        sa.select(rows.c.value.label("number"), words.c.value.label("text"))
        .where(rows.c.key == words.c.key)
        .subquery("pairs")
    )


def packed(values: Sequence[Any], dialect: sa.Dialect) -> Any:
    """A list as the value of such a parameter."""
    return list(values) if dialect.name == "postgresql" else json.dumps(values)
