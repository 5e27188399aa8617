"""The migrations and the tables on one page must be the same thing."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from dispatch.errors import StoreUnavailable
from dispatch.store.database import open_engine
from dispatch.store.migrate import HEAD
from dispatch.store.schema import metadata
from dispatch.store.store import Store

PROCRASTINATE = "procrastinate_"
"""Its tables are made by its own SQL."""


def test_the_migrations_make_the_tables_that_the_code_knows(database_url):
    engine = open_engine(database_url)

    ours = {"include_name": lambda name, *_: not str(name).startswith(PROCRASTINATE)}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=ours)
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_the_newest_migration_is_the_one_the_code_expects():
    config = Config()
    config.set_main_option("script_location", "src/dispatch/store/migrations")

    head = ScriptDirectory.from_config(config).get_current_head()

    assert head == HEAD


def test_a_database_of_a_newer_dispatch_is_left_alone(database_url):
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(StoreUnavailable, match="newer dispatch - upgrade dispatch"):
        Store(database_url)


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "dispatch.db").write_text("these are not the bytes of a database " * 100)

    with pytest.raises(StoreUnavailable, match=r"dispatch\.db: file is not a database"):
        Store(f"sqlite:///{tmp_path}/dispatch.db")


def test_a_server_that_is_not_there_is_named_without_its_password():
    with pytest.raises(StoreUnavailable, match="database postgresql") as caught:
        Store("postgresql://ada:hunter22@127.0.0.1:1/letters")

    assert "hunter22" not in str(caught.value)
