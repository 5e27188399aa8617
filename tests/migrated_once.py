"""Migrations of an empty database that are worked out once: the next one is told the same.

Alembic takes a tenth of a second to say what the tables are, and a test may begin a workspace.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from dispatch.store.upgrades import migrate
from dispatch.store.upgrades.shape import read_shape

Said = list[tuple[Any, ...]]
"""Statements, with their parameters where there may be any."""

LOOKS = ("SELECT", "PRAGMA", "WITH")
"""What is only asked, and has the same answer in each empty database, begins so."""


@contextmanager
def migrated_once() -> Iterator[None]:
    """While it lasts; a database that has tables already is migrated as always."""
    as_it_is, said = migrate.upgrade, dict[tuple[str, str], Said]()

    def upgrade(connection: sa.Connection, to: str = "head") -> None:
        kind = connection.dialect.name, to
        if read_shape(connection):
            as_it_is(connection, to)
        elif kind in said:
            with closing(connection.connection.cursor()) as cursor:
                for call in said[kind]:
                    cursor.execute(*call)
        else:
            heard: Said = []
            with _listening(connection, heard):
                as_it_is(connection, to)
            said[kind] = heard

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "upgrade", upgrade)
        yield


@contextmanager
def _listening(connection: sa.Connection, heard: Said) -> Iterator[None]:
    def hear(_: Any, __: Any, statement: str, parameters: Any, context: Any, ___: bool) -> None:
        if not statement.lstrip().upper().startswith(LOOKS):
            is_plain = context and context.execution_options.get("no_parameters")
            heard.append((statement,) if is_plain else (statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", hear)
    try:
        yield
    finally:
        sa.event.remove(connection, "before_cursor_execute", hear)
