"""Which tables and columns a database has, and what of that is not as this version has it."""

from collections.abc import Mapping
from functools import cache

import sqlalchemy as sa

Shape = Mapping[str, Mapping[str, bool]]
"""Table to its columns; true for one that every new row has to give a value for."""

NAMED = 3
"""Differences that a sentence names; of the others it has the number."""

_SQLITE = """
SELECT t.name, c.name, c."notnull" AND c.dflt_value IS NULL AND NOT c.pk
FROM sqlite_master t JOIN pragma_table_info(t.name) c
WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
"""

# Of the schema that our statements find their tables in; what an extension brought is nobody's.
_POSTGRESQL = """
SELECT t.relname, c.attname, c.attnotnull AND NOT c.atthasdef AND c.attidentity = ''
FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
  AND c.attnum > 0 AND NOT c.attisdropped
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                  AND d.objid = t.oid AND d.deptype = 'e')
"""


def read_shape(connection: sa.Connection) -> Shape:
    """The tables that are there, whoever made them."""
    query = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    shape: dict[str, dict[str, bool]] = {}
    for table, column, needed in connection.exec_driver_sql(query):
        shape.setdefault(table, {})[column] = bool(needed)
    return shape


@cache
def shape_of(metadata: sa.MetaData) -> Shape:
    """The tables as the code knows them, which stay as they are."""
    return {
        table.name: {
            column.name: not (column.nullable or column.server_default or column.primary_key)
            for column in table.columns
        }
        for table in metadata.tables.values()
    }


def differences(found: Shape, wanted: Shape) -> list[str]:
    """What keeps us from working with what was found, such as 'posts.title is missing'.

    What somebody has added is in nobody's way, unless we would have to fill it in.
    """
    told = []
    for table, columns in wanted.items():
        there = found.get(table)
        if there is None:
            told.append(f"table {table} is missing")
            continue
        told += [f"{table}.{name} is missing" for name in columns if name not in there]
        told += [
            f"{table}.{name} is not ours and wants a value"
            for name, needed in there.items()
            if needed and name not in columns
        ]
    return told


def in_short(told: list[str]) -> str:
    """The first differences, and how many more there are.

    >>> in_short(["a is missing", "b is missing", "c is missing", "d is missing"])
    'a is missing, b is missing, c is missing and 1 more'
    """
    more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
    return ", ".join(told[:NAMED]) + more
