"""Copies on the command line: what is no copy, no room for one, and a database behind a link."""

import errno
import os
import shutil
import sqlite3
import stat
from contextlib import closing

import pytest

from app_stage import workspace_in
from cli.dispatch_command import DispatchCommand, in_process_of_its_own

NO_ROOM = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
NO_LINKS = (
    "import errno, os\n"
    "def no(source, target, **_): raise OSError(errno.EPERM, 'not permitted', source)\n"
    "os.link = no"
)


@pytest.fixture
def database(workspace):
    return workspace / "dispatch.db"


@pytest.fixture
def copy(dispatch, workspace, weekly_is_out):
    dispatch("db", "backup", str(workspace / "copy.db"))
    return workspace / "copy.db"


def sql(file, *statements):
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def editions(file) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT count(*) FROM editions").fetchone()[0]


def test_the_database_of_another_program_is_nobodys_to_replace(dispatch, database, copy):
    for file in database.parent.glob("dispatch.db*"):
        file.unlink()
    sql(database, "CREATE TABLE bookmarks (title TEXT)", "INSERT INTO bookmarks VALUES ('one')")
    before = database.read_bytes()

    ended = dispatch("db", "restore", str(copy), "--replace")

    assert ended.code == 2
    assert "the tables of another program ('bookmarks') - give dispatch a database" in ended.err
    assert database.read_bytes() == before


def test_a_database_without_tables_is_no_copy(dispatch, database, copy):
    empty = copy.with_name("empty.db")
    sql(empty, "PRAGMA user_version = 7")

    ended = dispatch("db", "restore", str(empty), "--replace")

    assert ended.code == 2
    assert f"{empty}: is no copy of a database - name what" in ended.err
    assert editions(database) == 1


@pytest.mark.parametrize("link", [None, os.symlink, os.link])
def test_the_database_itself_is_no_copy_of_it(dispatch, database, copy, link):
    name = database
    if link is not None:
        name = database.with_name("another-name")
        link(database, name)

    ended = dispatch("db", "restore", str(name), "--replace")

    assert ended.code == 2
    assert f"{name}: is the database itself - name what 'dispatch db backup' has made" in ended.err
    assert editions(database) == 1


def test_a_file_that_lacks_what_is_beside_it_is_no_copy(dispatch, database, copy):
    with closing(sqlite3.connect(database)) as open_elsewhere:
        open_elsewhere.execute("UPDATE subscribers SET name = 'Newer'")
        open_elsewhere.commit()
        for end in ("", "-wal"):
            shutil.copy(f"{database}{end}", f"{copy.with_name('raw.db')}{end}")

    ended = dispatch("db", "restore", str(copy.with_name("raw.db")), "--replace")

    assert ended.code == 2
    assert "raw.db: lacks what is in raw.db-wal - name what 'dispatch db backup'" in ended.err


class TestDecisions:
    """What somebody decided after the copy was made, in a database that is gone."""

    @pytest.mark.parametrize(
        ("before", "since"), [("approve", "cancel"), (None, "reject"), (None, "approve")]
    )
    def test_what_was_decided_since_is_decided_again(
        self, dispatch, workspace, waiting, before, since
    ):
        if before:
            dispatch("editions", before, waiting)
        dispatch("db", "backup", str(workspace / "copy.db"))
        assert dispatch("editions", since, waiting).code == 0

        restored = dispatch("db", "restore", str(workspace / "copy.db"), "--replace")
        dispatch("run", "bulletin")

        assert dispatch.mails() == []
        assert "1 editions wait for approval (dispatch editions list)" in restored.out


class TestNoRoom:
    @pytest.fixture
    def large(self, database, copy):
        """A database that the limit has no room for, in both places."""
        for file in (database, copy):
            sql(file, "CREATE TABLE more (blob)", "INSERT INTO more VALUES (zeroblob(2000000))")
        return copy

    def test_a_copy_that_there_is_no_room_for_is_named(self, workspace, large):
        ended = in_process_of_its_own(
            workspace, "db", "backup", str(workspace / "new.db"), before=NO_ROOM
        )

        assert ended.code == 1
        assert ended.err.startswith(f"{workspace / 'new.db'}: ")
        assert "free space" in ended.err
        assert not [one for one in workspace.iterdir() if "new.db" in one.name]

    def test_where_a_copy_cannot_be_put_back_for_want_of_room_it_is_not_blamed(
        self, workspace, database, large
    ):
        ended = in_process_of_its_own(
            workspace, "db", "restore", str(large), "--replace", before=NO_ROOM
        )

        assert ended.code == 1
        assert ended.err.startswith(f"{database}: ")
        assert "damaged" not in ended.err
        assert editions(database) == 1


class TestLinks:
    """`dispatch.db` is a link to where the database is."""

    @pytest.fixture
    def real(self, workspace, database, copy):
        (workspace / "disk").mkdir()
        real = database.rename(workspace / "disk" / "real.db")
        database.symlink_to(real)
        return real

    def test_a_link_that_leads_nowhere_yet_is_followed(self, dispatch, database, real, copy):
        real.unlink()

        ended = dispatch("db", "restore", str(copy))

        assert ended.code == 0
        assert database.is_symlink()
        assert stat.S_IMODE(real.stat().st_mode) == 0o600
        assert editions(real) == 1

    def test_a_damaged_one_behind_a_link_stays_beside_where_it_is(
        self, dispatch, database, real, copy
    ):
        real.write_bytes(b"nonsense " * 1000)

        ended = dispatch("db", "restore", str(copy), "--replace")

        assert ended.code == 0
        assert database.is_symlink()
        assert editions(real) == 1
        assert real.with_name("real.db.damaged").exists()

    def test_where_the_folder_is_missing_that_is_said(self, dispatch, real):
        shutil.rmtree(real.parent)

        ended = dispatch("run", "weekly")

        assert ended.code == 1
        assert f"there is no folder {real.parent}" in ended.err


@pytest.mark.parametrize("name", ["a?b", "a%20b", "a#b", "a b", "é", "100%"])
def test_any_name_will_do_for_a_workspace_and_a_copy(
    tmp_path, migrated_sqlite, capsys, monkeypatch, name
):
    folder = workspace_in(tmp_path / name, migrated_sqlite)
    dispatch = DispatchCommand(folder, capsys, monkeypatch)
    dispatch("run", "weekly")
    copy = folder / f"{name}.db"

    made = dispatch("db", "backup", str(copy))
    back = dispatch("db", "restore", str(copy), "--replace")

    assert (made.code, back.code, made.err, back.err) == (0, 0, "", "")
    assert editions(folder / "dispatch.db") == editions(copy) == 1
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_name_as_long_as_names_may_be_will_do(dispatch, workspace):
    dispatch("run", "weekly")
    name = workspace / ("x" * 252 + ".db")

    ended = dispatch("db", "backup", str(name))

    assert ended.code == 0
    assert editions(name) == 1


def test_a_disk_without_hard_links_will_do(workspace):
    (workspace / ".dispatch-secret").unlink(missing_ok=True)
    run = in_process_of_its_own(workspace, "run", "weekly", before=NO_LINKS)
    copy = str(workspace / "copy.db")

    made = in_process_of_its_own(workspace, "db", "backup", copy, before=NO_LINKS)
    again = in_process_of_its_own(workspace, "db", "backup", copy, before=NO_LINKS)

    assert (run.code, made.code, again.code) == (0, 0, 2)
    assert "is there already" in again.err
    assert not [one for one in workspace.iterdir() if one.name.startswith(".copy.db")]


UNFIT = {
    "DELETE FROM identity": "it does not say which database it is - restore a backup",
    "UPDATE identity SET age = 'x'": "which database it is makes no sense - restore a backup",
    "UPDATE alembic_version SET version_num = '0002'": "newer than version 0002, which it says",
}


@pytest.mark.parametrize("change", UNFIT)
@pytest.mark.parametrize("command", [("run", "weekly"), ("check",), ("db", "check")])
def test_a_database_that_contradicts_itself_is_said(dispatch, database, copy, command, change):
    sql(database, change)

    ended = dispatch(*command)

    assert ended.code == 2
    assert UNFIT[change] in ended.err


def test_check_finds_what_somebody_has_others_do_with_our_tables(dispatch, database, copy):
    sql(
        database,
        "CREATE TRIGGER quiet AFTER INSERT ON suppressions BEGIN "
        "DELETE FROM suppressions; END",
    )  # fmt: skip
    sql(database, "DROP TRIGGER consents_keep_DELETE")

    ended = dispatch("db", "check")

    assert ended.code == 2
    assert "trigger quiet on suppressions is not ours" in ended.out
    assert "trigger consents_keep_DELETE on consents is missing" in ended.out


def text(database):
    database.write_text("these are not the bytes of a database " * 100)


def folder(database):
    database.unlink()
    database.mkdir()


@pytest.mark.parametrize("make", [text, folder])
def test_check_exits_with_2_where_nothing_can_be_sent(dispatch, database, make):
    make(database)

    ended = dispatch("db", "check")

    assert ended.code == 2
    assert ended.err.startswith("database sqlite:///")


def test_the_limit_on_names_is_that_of_the_disk(dispatch, workspace):
    ended = dispatch("db", "backup", str(workspace / ("x" * 300)))

    assert ended.code == 1
    assert os.strerror(errno.ENAMETOOLONG) in ended.err
