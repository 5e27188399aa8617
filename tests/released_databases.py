"""Databases as earlier releases left them (tests/store/released), loaded into new ones."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from dispatch.store.database.engine import open_engine

FOLDER = Path(__file__).parent / "store" / "released"
HEADS = sorted(folder.name for folder in FOLDER.iterdir() if folder.name.isdigit())


def load(head: str, url: str) -> None:
    """Make an empty database what a release left, with something in every table."""
    if url.startswith("sqlite"):
        text = (FOLDER / head / "sqlite.sql").read_text("utf-8")
        with sqlite3.connect(sa.make_url(url).database) as connection:
            connection.executescript(text)
        return
    from procrastinate.schema import SchemaManager

    text = (FOLDER / head / "postgresql.sql").read_text("utf-8")
    run(url, SchemaManager.get_schema(), text)


def run(url: str, *statements: str) -> None:
    """Run statements as they are, whatever the database's shape."""
    engine = open_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    engine.dispose()


def counts(url: str) -> dict[str, int]:
    """Table to the number of its rows."""
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {
            name: connection.scalar(sa.text(f'SELECT count(*) FROM "{name}"'))
            for name in sa.inspect(connection).get_table_names()
        }
    engine.dispose()
    return found
