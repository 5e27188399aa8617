"""What every test may use: an empty store on each database, and a clock that stands still."""

import gc
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from structlog.dev import ConsoleRenderer, plain_traceback

from compiled_once import compiled_once
from dispatch.feeds.pictures.reader import CHILD, FOR_PIECES, PictureReader, needs_extra
from dispatch.feeds.subprocesses.parser import PAGE_READER, READER, SubprocessParser
from dispatch.render.subprocesses.renderer import SubprocessRenderer
from dispatch.store.database import engine
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from emptied_database import EmptiedDatabase
from just_copied import just_copied
from kept_open import AskedOnce, KeptOpen
from little_overhead import LittleOverhead
from migrated_once import migrated_once
from postgres_servers import database_on, new_name, postgres, run_on

# How long an example takes says more about the machine than about us, and so does finding it.
settings.register_profile("dispatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dispatch")


# The default prints the locals of each frame in colour: a second for each bug that a test makes up.
ConsoleRenderer.get_active().exception_formatter = plain_traceback

# Twenty thousand tests are collected and stay: to look for garbage among them takes its time.
gc.disable()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LittleOverhead(config))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    with compiled_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _migrations_are_worked_out_once() -> Iterator[None]:
    with migrated_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_waits_for_the_disk() -> Iterator[None]:
    """In this process: no database of a test outlives a loss of power."""

    def prepare(connection: Any, entry: Any) -> None:
        as_it_is(connection, entry)
        connection.execute("PRAGMA synchronous = OFF")

    as_it_is = engine._prepare_sqlite
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_prepare_sqlite", prepare)
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server: the one that is offered, else one of our own."""
    offered = os.environ.get("DISPATCH_TEST_POSTGRES")
    if offered:
        yield offered
        return
    with postgres() as server:
        yield server.address


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server) -> str:
    """The name of a database with all tables, to be copied."""
    name = new_name()
    run_on(postgres_server, f"CREATE DATABASE {name}")
    Store(database_on(postgres_server, name)).close()
    return name


@pytest.fixture(scope="session")
def emptied_postgres(postgres_server, migrated_postgres) -> Iterator[EmptiedDatabase]:
    database = EmptiedDatabase(postgres_server, migrated_postgres)
    yield database
    database.drop()


@pytest.fixture
def postgres_url(emptied_postgres) -> str:
    """A PostgreSQL database with all tables and nothing in them, which no other test uses now."""
    return emptied_postgres.fresh()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    Store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite, tmp_path) -> str:
    path = tmp_path / "dispatch.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        (tmp_path / "empty.db").touch()
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server, name = request.getfixturevalue("postgres_server"), new_name()
    run_on(server, f"CREATE DATABASE {name}")
    yield database_on(server, name)
    run_on(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request) -> str:
    """An empty database; a test that uses it runs on both kinds."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return request.getfixturevalue(name)


@pytest.fixture
def store(database_url) -> Iterator[Store]:
    with just_copied():
        store = Store(database_url)
    yield store
    store.close()


@pytest.fixture(scope="session")
def rendering() -> Iterator[SubprocessRenderer]:
    with SubprocessRenderer() as renderer:
        yield renderer


@pytest.fixture(scope="session")
def reading() -> Iterator[dict[str, Any]]:
    """What reads feeds, pages and pictures, by the programs that do."""
    with (
        SubprocessParser() as feeds,
        SubprocessParser(program=PAGE_READER) as pages,
        closing(PictureReader()) as pictures,
        closing(PictureReader(program=FOR_PIECES, without=needs_extra)) as uploads,
    ):
        yield {READER: feeds, PAGE_READER: pages, CHILD: pictures, FOR_PIECES: uploads}


@pytest.fixture(scope="session", autouse=True)
def _one_process_of_each_kind_serves_all_tests(rendering, reading) -> Iterator[None]:
    """From the first on: an app that the tests of a file share is open before any of them."""
    rendered, read = dict[bytes, bytes](), {READER: dict[bytes, bytes](), PAGE_READER: {}}
    made = {
        "SubprocessRenderer": lambda: AskedOnce(rendering, rendered),
        "SubprocessParser": lambda *, program=READER: AskedOnce(reading[program], read[program]),
        "PictureReader": lambda *, program=CHILD, **_: KeptOpen(reading[program]),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, make in made.items():
            patch.setattr(f"dispatch.app.open.{name}", make)
        yield


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate that nobody has signed but itself, for the address 127.0.0.1."""
    if not shutil.which("openssl"):
        pytest.skip("the openssl command is missing: no certificate to test TLS with")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder
