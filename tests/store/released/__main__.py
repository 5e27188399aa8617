"""Stores databases of this version's shape, with something in every table, for upgrade tests.

Run once for each release, from the top of the repository, and commit what it writes:

    .venv/bin/python tests/store/released

The files are plain SQL, which every later version of SQLite and PostgreSQL can read.
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

TESTS = Path(__file__).parents[2]
sys.path.insert(0, str(TESTS))

from dispatch.store.database.engine import open_engine  # noqa: E402
from dispatch.store.database.schema import Span, UtcDateTime, metadata  # noqa: E402
from dispatch.store.upgrades.migrate import HEAD  # noqa: E402
from journey_stage import Blog, Mailbox, Stage  # noqa: E402
from postgres_servers import postgres, programs_of  # noqa: E402

OLDEST = "16"
"""The PostgreSQL whose dump is stored: later ones read it."""

MOMENT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SAMPLES = (
    (UtcDateTime, MOMENT),
    (Span, timedelta(hours=1)),
    (sa.JSON, ["weekly"]),
    (sa.Date, MOMENT.date()),
    (sa.Boolean, True),
    (sa.Integer, 1),
)


def main() -> None:
    folder = Path(__file__).parent / HEAD
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as work, Blog() as blog, Mailbox() as mailbox:
        database = Path(work) / "dispatch.db"
        live(f"sqlite:///{database}", Path(work) / "one", blog, mailbox)
        with sqlite3.connect(database) as connection:
            text = "\n".join(connection.iterdump())
        (folder / "sqlite.sql").write_text(text + "\n")
        with postgres(OLDEST) as server:
            url = server.new_database()
            live(url, Path(work) / "two", blog, mailbox)
            (folder / "postgresql.sql").write_text(dump(url))


def live(url: str, folder: Path, blog: Blog, mailbox: Mailbox) -> None:
    """Do what people do, and then fill the tables that this has left empty."""
    blog.titles[:] = ["First light"]
    stage = Stage(folder, feed=blog.address, port=mailbox.port, database_url=url)
    stage.subscribe("ada@example.org", "grace@example.org", "left@example.org")
    for command in (
        ("run", "weekly"),
        ("subscribers", "end", "left@example.org"),
        ("subscribers", "suppress", "gone@example.org", "--reason", "asked by letter"),
    ):
        done = stage.run(*command)
        assert done.returncode == 0, done.stderr
    blog.publish("Second light")
    stage.move_to(mailbox.port, approval="true")
    done = stage.run("run", "weekly")
    assert done.returncode == 0, done.stderr
    fill(url)


def fill(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if connection.execute(sa.select(table).limit(1)).first() is None:
                row = {column.name: value(column, connection) for column in table.columns}
                connection.execute(table.insert().values(row))
    engine.dispose()


def value(column: sa.Column[Any], connection: sa.Connection) -> Any:
    """Something that may stand in a column."""
    for key in column.foreign_keys:
        return connection.scalar(sa.select(key.column).limit(1))
    for kind, sample in SAMPLES:
        if isinstance(column.type, kind):
            return sample
    return column.name


def dump(url: str) -> str:
    """The database as SQL that any client can run: no commands of psql, no names of ours."""
    program = programs_of(OLDEST) / "pg_dump"
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    # Only what is ours: Procrastinate's functions are code, and not ours to keep here.
    tables = [f"--table=public.{name}" for name in ("alembic_version", *metadata.tables)]
    command = [program, "--inserts", "--no-owner", "--no-privileges", *tables, address]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    kept = [
        line
        for line in done.stdout.splitlines()
        if line and not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.set_config"))
    ]
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    assert shutil.which("setpriv"), "this takes a server of our own"
    main()
