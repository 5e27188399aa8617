"""A copy of a database on PostgreSQL that is damaged is said to be, and changes nothing."""

import json
import zipfile
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from dispatch.errors import BadInput, UnfitDatabase
from dispatch.store.backups.copies import back_up, restoring
from dispatch.store.database.engine import open_engine
from dispatch.store.transactions import Store
from pipeline_samples import subscribe
from postgres_servers import database_on, new_name, run_on

NOW = datetime(2026, 11, 29, tzinfo=UTC)
MANIFEST = "manifest.json"


@pytest.fixture
def copy(postgres_url, clock, tmp_path):
    store = Store(postgres_url)
    subscribe(store, clock, "ada@example.org")
    store.close()
    back_up(postgres_url, tmp_path / "copy.zip", now=NOW)
    return tmp_path / "copy.zip"


def manifest(change):
    def spoil(name, data):
        return json.dumps(change(json.loads(data))).encode() if name == MANIFEST else data

    return spoil


def rows(table, change):
    return lambda name, data: change(data) if name == f"{table}.copy" else data


def without(said, table):
    return {**said, "tables": {k: v for k, v in said["tables"].items() if k != table}}


SPOILT = {
    "no tables": manifest(lambda said: {**said, "tables": {}}),
    "a table too many": manifest(
        lambda said: {**said, "tables": {**said["tables"], "pg_class": ["relname"]}}
    ),
    "a table too few": manifest(lambda said: without(said, "suppressions")),
    "another column": lambda name, data: data.replace(b'"email_key"', b'"email_kez"'),
    "no time zone": manifest(lambda said: {**said, "made": "2026-01-01T00:00:00"}),
    "a list": lambda name, data: b"[1, 2]" if name == MANIFEST else data,
    "rows twice": rows("subscribers", lambda data: data + data),
    "no identity": rows("identity", lambda _: b""),
    "half a row": rows("subscribers", lambda data: data[: len(data) // 2]),
    "no member": lambda name, data: None if name == "subscribers.copy" else data,
    "nobody's consent": rows("subscribers", lambda _: b""),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_copy_whose_parts_do_not_fit_is_refused_and_nothing_is_changed(
    postgres_url, copy, tmp_path, spoil
):
    spoilt = tmp_path / "spoilt.zip"
    with zipfile.ZipFile(copy) as source, zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            data = spoil(name, source.read(name))
            if data is not None:
                target.writestr(name, data)

    check_refused(postgres_url, spoilt)


def test_bytes_that_cannot_be_unpacked_are_refused(postgres_url, copy, tmp_path):
    data = bytearray(copy.read_bytes())
    with zipfile.ZipFile(copy) as archive:
        start = archive.getinfo("subscribers.copy").header_offset + 60
    data[start : start + 20] = b"\xff" * 20
    (tmp_path / "spoilt.zip").write_bytes(data)

    check_refused(postgres_url, tmp_path / "spoilt.zip")


def test_tables_of_another_program_are_nobodys_to_replace(postgres_server, copy):
    name = new_name()
    run_on(postgres_server, f"CREATE DATABASE {name}")
    url = database_on(postgres_server, name)
    run_on(url, "CREATE TABLE feeds (id INTEGER)")
    run_on(url, "INSERT INTO feeds VALUES (7)")

    refused = pytest.raises(UnfitDatabase, match=r"another program \('feeds'\)")
    with refused, restoring(url, copy, replace=True):
        pass

    engine = open_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT id FROM feeds")) == 7
    engine.dispose()
    run_on(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def check_refused(url, file) -> None:
    refused = pytest.raises(BadInput, match=r"spoilt\.zip: is (damaged|no copy)")
    with refused, restoring(url, file, replace=True):
        pass
    store = Store(url)
    with store.read() as tx:
        assert tx._connection.scalar(sa.text("SELECT count(*) FROM subscribers")) == 1
    store.close()
