"""A database gets the tables that the code knows; one that is no such database is left alone."""

import hashlib
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from dispatch.errors import StoreUnavailable, UnfitDatabase
from dispatch.store.database.engine import open_engine
from dispatch.store.database.schema import metadata
from dispatch.store.transactions import Store
from dispatch.store.upgrades.inspect import inspect
from dispatch.store.upgrades.migrate import HEAD, REVISIONS, Age, look
from released_databases import FOLDER, HEADS, counts, load, run

PROCRASTINATE = "procrastinate_"
"""Its tables are made by its own SQL."""

FROZEN = {
    "0001": "407af26b76b6a9ffa0a6b89a0727a7d33875d71a8348461cc9afbf9d0fd0f8d0",
    "0002": "1fcbffeadb11c58a645f22531c4a325f5c03575c0e2118a96165766f5067afda",
    "0003": "9f4914fa77efaa77a8fef6d850b9e55acc3740918d55c2fb341ee3cddd20880a",
    "0004": "90f0a5d773de274df6064bb016780e30e0201b4e7e47d9a160546fc3c6190d6d",
    "0005": "bbbfd32159a9e33edec72214eebe05ef6e9cb3ded3160cf44e48630e69b14e09",
    "0006": "f570132d5647e1afea6625925b63787347157ac4ef750db687eb1b9cb68801c1",
    "0007": "36c888104bcc980cd5e3a178bb5d6c8bfebe7e99ec67a52e2b0c3bf9cbddd92e",
    "0008": "9c3936cc43f1087620b69f5dd148d4e5d0961158da99f9d3871e19fde81491f3",
    "0009": "9b50d69d8b786ca748e4cdac790059eff7de5a8a5424ef0c8e4c55d030ea5af9",
    "0010": "de968d5cfb25fbd109756ba609ce5d535126b5ec10628256dd2647723c94c15d",
}
"""Files of migrations that have landed, by their SHA-256: databases were made with them."""


def test_the_migrations_make_the_tables_that_the_code_knows(database_url):
    assert differences(database_url) == []


def test_the_migrations_are_those_that_the_code_knows_in_their_order():
    config = Config()
    config.set_main_option("script_location", "src/dispatch/store/migrations")

    scripts = ScriptDirectory.from_config(config).walk_revisions()

    assert tuple(script.revision for script in scripts)[::-1] == REVISIONS


def test_a_migration_that_has_landed_is_never_edited():
    files = sorted(Path("src/dispatch/store/migrations/versions").glob("0*.py"))

    hashes = {file.name[:4]: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    assert hashes == FROZEN


@pytest.mark.parametrize("head", HEADS)
def test_a_database_of_an_earlier_release_becomes_one_of_this_and_keeps_its_rows(head, empty_url):
    load(head, empty_url)
    before = counts(empty_url)

    Store(empty_url).close()

    assert differences(empty_url) == []
    assert all(counts(empty_url)[table] == number > 0 for table, number in before.items()
               if not table.startswith(PROCRASTINATE))  # fmt: skip


def test_what_the_team_wrote_of_a_person_stands_beside_their_words_from_then_on(empty_url):
    load("0003", empty_url)
    said = "asked by ada@example.org (noted by marie)", "ada@example.org", "a form"
    row = "SELECT subscriber_id, audience, state, '{}', recorded_at FROM consents LIMIT 1"
    into = "INSERT INTO consents (subscriber_id, audience, state, source, recorded_at) "
    run(empty_url, *(into + row.format(one) for one in said))

    store = Store(empty_url)

    with store.read() as tx:
        words = tx._connection.exec_driver_sql(
            "SELECT source, note FROM consents LEFT JOIN traces ON consent_id = consents.id"
            " ORDER BY consents.id DESC LIMIT 3"
        ).all()
    store.close()
    assert words[::-1] == [("the team", said[0]), ("", said[1]), (said[2], None)]


def test_every_release_has_left_a_database_with_something_in_every_table():
    assert FOLDER / "0002" / "sqlite.sql" in FOLDER.glob("*/sqlite.sql")
    assert HEADS[-1] in REVISIONS


def test_a_database_is_looked_at_without_changing_it(empty_url):
    load("0002", empty_url)
    before = counts(empty_url)
    engine = open_engine(empty_url)

    found = look(engine)
    engine.dispose()

    assert (found.age, found.revision) == (Age.CURRENT if HEAD == "0002" else Age.OLD, "0002")
    assert counts(empty_url) == before


def test_a_database_of_a_newer_dispatch_is_left_alone(database_url):
    run(database_url, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UnfitDatabase, match=r"newer dispatch \(.* 9999, .*\) - upgrade dispatch"):
        Store(database_url)


def test_a_database_from_before_the_first_release_is_left_alone(empty_url):
    load("0002", empty_url)
    run(
        empty_url,
        "DROP INDEX ix_posts_feed_title_key",
        "ALTER TABLE posts DROP COLUMN title_key",
        "DROP TABLE offers",
    )
    before = counts(empty_url)

    with pytest.raises(UnfitDatabase) as caught:
        Store(empty_url)

    assert "it is from before dispatch 0.1.0 (" in str(caught.value)
    assert "posts.title_key is missing" in str(caught.value)
    assert "table offers is missing" in str(caught.value)
    assert counts(empty_url) == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("ALTER TABLE runs DROP COLUMN skipped", r"\(runs\.skipped is missing\)"),
        ("DROP TABLE paces", r"\(table paces is missing\)"),
        ("ALTER TABLE feeds RENAME COLUMN url TO uri", r"\(feeds\.url is missing\)"),
        ("DELETE FROM alembic_version", "does not say of which version its tables are"),
        ("DROP TABLE alembic_version", "does not say of which version its tables are"),
        ("INSERT INTO alembic_version VALUES ('0001')", "does not say of which version"),
        ("ALTER TABLE alembic_version RENAME COLUMN version_num TO v", "does not say of which"),
    ],
)
def test_a_database_that_somebody_has_changed_is_left_alone(database_url, change, sentence):
    run(database_url, change)

    with pytest.raises(UnfitDatabase, match=sentence):
        Store(database_url)


def test_a_column_that_would_have_to_be_filled_in_is_named(database_url):
    run(
        database_url,
        "DROP TABLE schedules",
        "CREATE TABLE schedules (campaign TEXT, words TEXT, since TIMESTAMP, who TEXT NOT NULL)",
    )

    with pytest.raises(UnfitDatabase, match=r"schedules\.who is not ours and wants a value"):
        Store(database_url)


def test_what_somebody_has_added_is_in_nobodys_way(database_url):
    run(
        database_url,
        "ALTER TABLE runs ADD COLUMN remark TEXT",
        "CREATE TABLE notes_of_ours (id INTEGER)",
    )

    Store(database_url).close()


def test_what_somebody_has_added_or_taken_away_is_told_to_who_looks_closely(database_url):
    fine = inspect(database_url)
    run(
        database_url,
        "ALTER TABLE runs ADD COLUMN remark TEXT",
        "CREATE INDEX ix_of_ours ON feeds (url)",
        "DROP INDEX ix_posts_feed_title_key",
        "CREATE TABLE notes_of_ours (id INTEGER)",
    )

    found = inspect(database_url)

    assert (fine.is_current, fine.flaws) == (True, ())
    assert found.is_current
    assert sorted(found.flaws) == [
        "ix_of_ours is not ours",
        "ix_posts_feed_title_key is missing",
        "runs.remark is not ours",
    ]


def test_a_column_or_a_key_that_was_changed_is_told_to_who_looks_closely(postgres_url):
    run(postgres_url, "ALTER TABLE runs ALTER COLUMN skipped TYPE VARCHAR(9)")
    [changed] = inspect(postgres_url).flaws
    run(postgres_url, "ALTER TABLE runs ALTER COLUMN skipped TYPE TEXT")
    name = (
        "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)"
        " FROM pg_constraint WHERE contype = 'f' AND conrelid = 'subscriptions'::regclass LIMIT 1"
    )
    run(postgres_url, f"DO $$ DECLARE s text; BEGIN {name} INTO s; EXECUTE s; END $$")

    assert changed == "runs.skipped is another kind of column (modify_type)"
    assert inspect(postgres_url).flaws == ("a table is not as it was made",)


def test_a_database_without_tables_is_not_there_yet(empty_url):
    found = inspect(empty_url)

    assert (found.is_there, found.is_current) == (False, False)


def test_the_database_of_another_program_is_left_alone(empty_url):
    run(empty_url, "CREATE TABLE bookmarks (id INTEGER, title TEXT)")

    with pytest.raises(UnfitDatabase, match=r"another program \('bookmarks'\) - give dispatch a d"):
        Store(empty_url)

    assert counts(empty_url) == {"bookmarks": 0}


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "dispatch.db").write_text("these are not the bytes of a database " * 100)

    with pytest.raises(StoreUnavailable, match=r"dispatch\.db: file is not a database"):
        Store(f"sqlite:///{tmp_path}/dispatch.db")


def test_a_database_whose_tables_are_broken_is_named(tmp_path):
    with sqlite3.connect(tmp_path / "dispatch.db") as connection:
        connection.execute("CREATE TABLE feeds (name TEXT)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE feeds (' ")

    with pytest.raises(StoreUnavailable, match="malformed"):
        Store(f"sqlite:///{tmp_path}/dispatch.db")


def test_a_server_that_is_not_there_is_named_without_its_password():
    with pytest.raises(StoreUnavailable, match="database postgresql") as caught:
        Store("postgresql://ada:hunter22@127.0.0.1:1/letters")

    assert "hunter22" not in str(caught.value)


def differences(url: str) -> list[object]:
    """What the tables of a database lack, or have besides, as Alembic sees it."""
    engine = open_engine(url)
    ours = {"include_name": lambda name, *_: not str(name).startswith(PROCRASTINATE)}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=ours)
        found = compare_metadata(context, metadata)
    engine.dispose()
    return found
