"""What is said of a database that refuses: what is the case, what helps, and no password."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from dispatch.errors import StoreContended, StoreUnavailable
from dispatch.store.database.engine import open_engine, sentences, unavailable
from dispatch.store.transactions import Store

FULL_OR_LOCKED = ("full", "locked")


def said(action, engine) -> str:
    with pytest.raises(StoreUnavailable) as caught, sentences(engine):
        action()
    return str(caught.value)


def said_at_opening(url: str) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        Store(url)
    return str(caught.value)


class TestSqlite:
    @pytest.fixture
    def path(self, sqlite_url) -> Path:
        return Path(sqlite_url.removeprefix("sqlite:///"))

    @pytest.fixture
    def engine(self, sqlite_url, monkeypatch):
        monkeypatch.setattr("dispatch.store.database.engine.BUSY_SECONDS", 0.05)
        engine = open_engine(sqlite_url)
        yield engine
        engine.dispose()

    def write(self, engine) -> None:
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = version_num"))

    def test_a_lock_that_another_program_holds(self, engine, path):
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        sentence = said(lambda: self.write(engine), engine)

        other.close()
        assert sentence == (
            f"database sqlite:///{path}: is locked by another program for more than 0.05 s"
            " - wait for the other program, such as a backup, or end it"
        )

    def test_a_full_disk(self, engine, path):
        def fill() -> None:
            with engine.begin() as connection:
                connection.exec_driver_sql("PRAGMA max_page_count = 1")
                connection.exec_driver_sql("CREATE TABLE more AS SELECT randomblob(9999)")

        sentence = said(fill, engine)

        assert sentence == (
            f"database sqlite:///{path}: database or disk is full - make room on its disk"
        )

    def test_a_folder_that_is_not_there(self, tmp_path):
        sentence = said_at_opening(f"sqlite:///{tmp_path}/nowhere/dispatch.db")

        assert sentence == (
            f"database sqlite:///{tmp_path}/nowhere/dispatch.db: there is no folder "
            f"{tmp_path}/nowhere - check that it is there, or correct DISPATCH_DATABASE_URL"
        )

    def test_a_folder_in_the_place_of_the_file(self, tmp_path):
        sentence = said_at_opening(f"sqlite:///{tmp_path}")

        assert sentence.endswith(": is a folder - name a file in DISPATCH_DATABASE_URL")

    def test_a_file_that_is_something_else(self, tmp_path):
        (tmp_path / "dispatch.db").write_text("Dear diary, " * 1000)

        sentence = said_at_opening(f"sqlite:///{tmp_path}/dispatch.db")

        assert ": file is not a database - restore it from a backup, or correct " in sentence

    def test_a_damaged_file(self, path, sqlite_url):
        body = bytearray(path.read_bytes())
        body[100:] = b"\xff" * (len(body) - 100)
        path.write_bytes(body)

        sentence = said_at_opening(sqlite_url)

        assert sentence.endswith(": is damaged (malformed) - restore it from a backup")

    @pytest.mark.parametrize(
        "query",
        ["SELECT * FROM nowhere", "SELECT nobody FROM feeds", "INSERT INTO feeds (x) VALUES (1)"],
    )
    def test_tables_of_another_shape_are_neither_full_nor_locked(self, engine, query):
        def ask() -> None:
            with engine.connect() as connection:
                connection.execute(sa.text(query))

        sentence = said(ask, engine)

        assert ": its tables are not as dispatch makes them (" in sentence
        assert any(word in sentence for word in ("nowhere", "nobody", "named x"))
        assert not any(word in sentence for word in FULL_OR_LOCKED)

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            (sqlite3.SQLITE_IOERR_WRITE, "cannot be read or written (disk I/O error) - check that"),
            (sqlite3.SQLITE_BUSY_RECOVERY, "is locked by another program for more than 30 s - "),
            (sqlite3.SQLITE_LOCKED_SHAREDCACHE, "is locked by another program"),
            (sqlite3.SQLITE_CORRUPT_VTAB, "is damaged (malformed) - restore it from a backup"),
            (sqlite3.SQLITE_PROTOCOL, "cannot be locked - keep it on a disk of this machine"),
            (sqlite3.SQLITE_NOMEM, "there is no memory left - "),
            (sqlite3.SQLITE_CANTOPEN_FULLPATH, "cannot be used (words) - check who may open it"),
            (
                sqlite3.SQLITE_READONLY_DBMOVED,
                "was moved or deleted while it was in use - put it back, and ",
            ),
            (sqlite3.SQLITE_SCHEMA, "words - try again; if it stays so, it is a fault of dispatch"),
        ],
    )
    def test_what_a_code_says(self, sqlite_url, code, words):
        error = sqlite3.OperationalError("words")
        error.sqlite_errorcode = code

        sentence = str(unavailable(open_engine(sqlite_url), error))

        assert f": {words}" in sentence

    def test_a_mistake_of_ours_stays_one(self, engine):
        mistake = sqlite3.ProgrammingError("Incorrect number of bindings supplied")

        with pytest.raises(sqlite3.ProgrammingError):
            unavailable(engine, mistake)


class TestPostgres:
    @pytest.fixture
    def engine(self, postgres_url):
        engine = open_engine(postgres_url)
        yield engine
        engine.dispose()

    def changed(self, url: str, **parts) -> str:
        return sa.make_url(url).set(**parts).render_as_string(hide_password=False)

    def execute(self, engine, *statements: str) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    @pytest.mark.parametrize(
        ("parts", "words"),
        [
            ({"database": "nowhere"}, "there is no database nowhere - make it on the server, or "),
            ({"username": "nobody"}, "there is no user nobody - correct DISPATCH_DATABASE_URL"),
        ],
    )
    def test_a_server_without_that_database_or_user(self, postgres_url, parts, words):
        url = self.changed(postgres_url, password="hunter22", **parts)

        sentence = said_at_opening(url)

        assert f": {words}" in sentence
        assert not any(secret in sentence for secret in ("hunter22", "aGE6aHVudGVyMjI="))

    @pytest.mark.parametrize(
        ("place", "words"),
        [
            ("127.0.0.1:1", "no server answers at 127.0.0.1 - check that it is there, or correct"),
            ("nowhere.invalid", "there is no host nowhere.invalid - correct DISPATCH_DATABASE_URL"),
            ("", "no server answers at this machine - check that it is there, or correct DISPA"),
        ],
    )
    def test_a_server_that_is_not_there(self, place, words):
        socket = "" if place else "?host=/nowhere"

        sentence = said_at_opening(f"postgresql://ada:hunter22@{place}/letters{socket}")

        assert f"/letters: {words}" in sentence
        assert not any(secret in sentence for secret in ("hunter22", "aGE6aHVudGVyMjI="))

    def test_an_option_that_does_not_exist(self):
        sentence = said_at_opening("postgresql://ada@127.0.0.1/letters?passwrd=hunter22")

        assert ": its address has something that is not understood - correct " in sentence
        assert not any(secret in sentence for secret in ("hunter22", "aGE6aHVudGVyMjI="))

    @pytest.mark.parametrize(
        ("statements", "words"),
        [
            (["SELECT * FROM nothing"], "its tables are not as dispatch makes them (relation"),
            (["SELECT nothing FROM feeds"], "its tables are not as dispatch makes them (column"),
            (
                ["SET LOCAL statement_timeout = 20", "SELECT pg_sleep(20)"],
                "it took longer than the server allows - look what else it is doing",
            ),
            (
                ["SET TRANSACTION READ ONLY", "DELETE FROM feeds"],
                "the server may only be read - name the one that is written in DISPATCH_DATABASE_",
            ),
            (
                ["SET LOCAL ROLE pg_monitor", "SELECT * FROM feeds"],
                "this user may not do that (perm",
            ),
            (
                ["SELECT pg_terminate_backend(pg_backend_pid())"],
                "the connection was lost - try again",
            ),
            (
                ["SELECT 1/0"],
                "does not take a value (division by zero) - try again; if it stays so",
            ),
        ],
    )
    def test_what_a_server_refuses(self, engine, statements, words):
        sentence = said(lambda: self.execute(engine, *statements), engine)

        assert f": {words}" in sentence
        assert not any(word in sentence for word in FULL_OR_LOCKED)

    def test_a_lock_that_somebody_else_holds(self, engine):
        def wait_in_vain() -> None:
            with engine.begin() as holder:
                holder.execute(sa.text("LOCK TABLE feeds"))
                self.execute(engine, "SET LOCAL lock_timeout = 20", "SELECT * FROM feeds")

        sentence = said(wait_in_vain, engine)

        assert sentence.endswith(
            ": is locked by somebody else for too long - wait for them, or end them"
        )

    def test_a_nul(self, engine):
        def store_it() -> None:
            with engine.connect() as connection:
                connection.execute(sa.text("SELECT :text"), {"text": "a\0b"})

        assert ": does not take a text with a NUL in it - remove the " in said(store_it, engine)

    def test_a_mistake_of_ours_stays_one(self, engine):
        with pytest.raises(psycopg.ProgrammingError), sentences(engine):
            self.execute(engine, "SELEC")

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            ("53100", "the server's disk is full - make room on it"),
            ("53200", "the server has no memory left - "),
            ("53300", "the server has no connection left - run fewer workers, or let it have more"),
            ("53400", "the server has not enough of something (words hunt) - ask who runs it"),
            ("57P02", "the connection was lost - "),
            ("57P03", "the server is starting or stopping - try again in a moment"),
            ("57P04", "the database was deleted - restore it from a backup"),
            ("58030", "the server cannot read or write its files (words hunt) - check its disk"),
            ("40P01", "others wanted the same at once, and what was done is taken back - "),
            ("40001", "others wanted the same at once, and what was done is taken back - "),
            ("25P03", "has let go of us, who stood still for too long - "),
            ("08006", "the connection was lost - "),
            ("28P01", "does not let the user in - correct DISPATCH_DATABASE_URL"),
            ("3D000", "there is no such database - "),
            ("XX001", "is damaged (words hunt) - restore it from a backup"),
            ("XX000", "words hunt - try again; if it stays so, it is a fault of dispatch"),
        ],
    )
    def test_what_a_code_says(self, state, words):
        engine = open_engine("postgresql://ada:hunter22@db.example/letters")

        sentence = str(unavailable(engine, psycopg.errors.lookup(state)("words hunt\nDETAIL: x")))

        assert sentence.startswith(f"database postgresql://db.example/letters: {words}")

    @pytest.mark.parametrize(
        ("state", "kind"), [("40P01", StoreContended), ("08006", StoreUnavailable)]
    )
    def test_who_lost_to_others_can_try_again_at_once(self, state, kind):
        engine = open_engine("postgresql://ada@db.example/letters")

        assert type(unavailable(engine, psycopg.errors.lookup(state)("x"))) is kind

    @pytest.mark.parametrize(
        ("message", "words"),
        [
            ('FATAL:  password authentication failed for user "ada"', "does not accept the passw"),
            ("fe_sendauth: no password supplied", "does not accept the password of user ada - "),
            ('FATAL:  no pg_hba.conf entry for host "10.0.0.7"', "does not let user ada in from "),
            ("FATAL:  sorry, too many clients already", "the server has no connection left - "),
            (
                "FATAL:  remaining connection slots are reserved for",
                "the server has no connection ",
            ),
            ('FATAL:  too many connections for role "ada"', "the server has no connection left - "),
            ("FATAL:  the database system is starting up", "the server is starting or stopping - "),
            (
                "FATAL:  the database system is shutting down",
                "the server is starting or stopping - ",
            ),
            ("connection timeout expired", "db.example does not answer - check that it is there"),
            ("server closed the connection unexpectedly", "the connection was lost - "),
            ("the connection is closed", "the connection was lost - "),
            ("could not receive data from server: Connection reset", "the connection was lost - "),
            ("SSL error: certificate verify failed", "no encrypted connection is made - "),
            (
                "FATAL: Passwort hunter22 für »ada« ist aGE6aHVudGVyMjI=",
                "cannot be reached (connection to server failed: FATAL: Passwort *** für »ada« ",
            ),
        ],
    )
    def test_what_is_said_while_connecting(self, message, words):
        engine = open_engine("postgresql://ada:hunter22@db.example/letters")
        error = psycopg.OperationalError(f"connection to server failed: {message}")

        sentence = str(unavailable(engine, error))

        assert sentence.startswith(f"database postgresql://db.example/letters: {words}")
        assert not any(secret in sentence for secret in ("hunter22", "aGE6aHVudGVyMjI="))
