"""The database's life on the command line: looked at, upgraded, copied, put back, taken over."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from cli.dispatch_command import in_process_of_its_own
from released_databases import load

COMMANDS = (
    ("check",),
    ("run", "weekly"),
    ("run", "weekly", "--dry-run"),
    ("up",),
    ("worker",),
    ("campaigns", "list"),
    ("channels", "check"),
    ("db", "check"),
    ("db", "upgrade"),
    ("db", "backup", "copy.db"),
    ("db", "adopt"),
    ("deliveries", "list"),
    ("editions", "list"),
    ("feeds", "poll"),
    ("feeds", "list"),
    ("posts", "list"),
    ("preview", "weekly"),
    ("runs", "list"),
    ("simulate", "weekly"),
    ("subscribers", "list"),
    ("subscribers", "import"),
)


@pytest.fixture
def database(workspace):
    return workspace / "dispatch.db"


def change(database, statement):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(statement)
        connection.commit()


def older(database):
    database.unlink()
    database.touch()
    load("0002", f"sqlite:///{database}")
    change(database, "DROP TABLE offers")


def newer(database):
    change(database, "UPDATE alembic_version SET version_num = '9999'")


def strange(database):
    database.unlink()
    change(database, "CREATE TABLE bookmarks (title TEXT)")


KINDS = {older: "from before dispatch 0.1.0", newer: "a newer dispatch", strange: "another program"}


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_that_is_not_ours_to_use_is_said_by_every_command(
    dispatch, database, command, make
):
    make(database)
    before = database.read_bytes()

    ended = dispatch(*command)

    assert ended.code == 2
    assert KINDS[make] in ended.err
    assert ended.err.startswith("database sqlite:///")
    assert ended.out == ""
    assert database.read_bytes() == before


def test_check_says_that_all_is_well(dispatch):
    ended = dispatch("db", "check")

    assert ended.code == 0
    assert "is up to date (version " in ended.out


def test_check_makes_no_database_and_no_key(dispatch, workspace, database):
    database.unlink()

    ended = dispatch("db", "check")

    assert ended.code == 0
    assert "is not there yet - the first command that needs it makes it" in ended.out
    assert sorted(path.name for path in workspace.iterdir()) == [
        ".gitignore", "samples", "schedules.schema.json", "schedules.yaml", "subscribers",
        "templates",
    ]  # fmt: skip


def test_check_leaves_an_older_database_and_upgrade_brings_it_up_to_date(dispatch, database):
    database.unlink()
    database.touch()
    load("0002", f"sqlite:///{database}")

    looked = dispatch("db", "check")
    upgraded = dispatch("db", "upgrade")
    again = dispatch("db", "upgrade")

    assert "its tables are of version 0002" in looked.out
    assert "'dispatch db upgrade' brings it up to date" in looked.out
    assert "is up to date now (version " in upgraded.out
    assert "it was version 0002" in upgraded.out
    assert "was up to date" in again.out
    assert (looked.code, upgraded.code, again.code) == (0, 0, 0)


def test_check_finds_what_does_not_keep_us_from_working_and_should_not_be(dispatch, database):
    change(database, "DROP INDEX ix_deliveries_reader")

    ended = dispatch("db", "check")

    assert ended.code == 2
    assert "ix_deliveries_reader is missing" in ended.out


def test_check_can_be_read_by_programs(dispatch):
    found = dispatch("db", "check", "--json").json

    assert found["is_there"]
    assert found["revision"] == found["newest"]
    assert found["flaws"] == []


class TestLost:
    """A database that was sent from, and is gone."""

    @pytest.fixture
    def copy(self, dispatch, workspace, weekly_is_out):
        dispatch("db", "backup", str(workspace / "copy.db"))
        for file in workspace.glob("dispatch.db*"):
            file.unlink()
        return workspace / "copy.db"

    @pytest.mark.parametrize(
        "command", [("check",), ("run", "weekly"), ("run", "weekly", "--dry-run"), ("db", "check")]
    )
    def test_nothing_is_sent_and_it_is_said_what_to_do(self, dispatch, workspace, copy, command):
        mails = list(workspace.glob("outbox/mail/new/*"))

        ended = dispatch(*command)

        assert ended.code == 2
        assert "is a new one, and this workspace has sent from another - nothing is s" in ended.err
        assert "'dispatch db adopt'" in ended.err
        assert list(workspace.glob("outbox/mail/new/*")) == mails

    def test_the_copy_puts_it_back(self, dispatch, workspace, copy):
        mails = list(workspace.glob("outbox/mail/new/*"))

        restored = dispatch("db", "restore", str(copy))
        run = dispatch("run", "weekly")

        assert restored.code == 0
        assert restored.out.splitlines()[-1] == "nothing waits for a decision"
        assert run.code == 0
        assert list(workspace.glob("outbox/mail/new/*")) == mails

    def test_adopting_goes_on_and_asks_about_what_may_have_been_told(
        self, dispatch, workspace, copy
    ):
        mails = list(workspace.glob("outbox/mail/new/*"))

        adopted = dispatch("db", "adopt")
        run = dispatch("run", "weekly")

        assert adopted.code == 0
        assert "this workspace sends from database sqlite:///" in adopted.out
        assert "held - see 'dispatch posts held'" in run.out
        assert list(workspace.glob("outbox/mail/new/*")) == mails

    def test_who_has_left_is_not_brought_back_by_the_files(self, dispatch, workspace, copy):
        dispatch("db", "restore", str(copy))
        dispatch("subscribers", "end", "camille.moreau@readers.example")
        for file in workspace.glob("dispatch.db*"):
            file.unlink()

        dispatch("db", "adopt")
        dispatch("subscribers", "import")

        people = dispatch("subscribers", "list", "--json").json
        [camille] = [one for one in people if one["email"] == "camille.moreau@readers.example"]
        assert camille["state"] == "ended"

    def test_moved_back_it_is_known_again(self, dispatch, workspace, database, copy):
        shutil.copy(copy, database)

        ended = dispatch("run", "weekly")

        assert ended.code == 0


def test_a_workspace_that_only_looked_may_change_its_database(dispatch, workspace, database):
    dispatch("check")
    database.unlink()

    ended = dispatch("run", "weekly")

    assert ended.code == 0


def test_a_copy_that_is_not_there_is_said(dispatch, workspace):
    ended = dispatch("db", "restore", "nowhere.db")

    assert ended.code == 1
    assert "nowhere.db: No such file or directory" in ended.err


def test_a_copy_into_a_folder_that_is_not_there_is_said(dispatch, workspace):
    ended = dispatch("db", "backup", str(workspace / "nowhere" / "copy.db"))

    assert ended.code == 1
    assert "No such file or directory" in ended.err


def test_a_read_only_workspace_keeps_its_memory_elsewhere(
    dispatch, workspace, tmp_path, monkeypatch
):
    elsewhere = tmp_path / "state"
    elsewhere.mkdir()
    monkeypatch.setenv("DISPATCH_STATE_FOLDER", str(elsewhere))

    dispatch("run", "weekly")
    dispatch("subscribers", "end", "camille.moreau@readers.example")

    assert {path.name for path in elsewhere.iterdir()} == {
        ".dispatch-database", ".dispatch-endings",
    }  # fmt: skip
    assert not (workspace / ".dispatch-database").exists()


def test_where_nothing_can_be_remembered_nothing_is_sent(dispatch, workspace, monkeypatch):
    monkeypatch.setenv("DISPATCH_STATE_FOLDER", str(workspace / "nowhere"))

    run, check = dispatch("run", "weekly"), dispatch("check")

    assert (run.code, check.code) == (2, 2)
    for ended in (run, check):
        assert ".dispatch-database: cannot be written" in ended.err
        assert "DISPATCH_STATE_FOLDER" in ended.err
    assert not (workspace / "outbox").exists()


def test_check_names_what_others_may_read(dispatch, workspace, weekly_is_out, database):
    private = dispatch("check")
    database.chmod(0o644)
    (workspace / ".dispatch-secret").chmod(0o640)
    (workspace / "outbox").chmod(0o755)

    ended = dispatch("check")

    assert "other users" not in private.err
    assert ended.code == 0
    told = [line for line in ended.err.splitlines() if "other users" in line]
    assert [line.partition(":")[0] for line in told] == [
        ".dispatch-secret",
        "dispatch.db",
        "outbox",
    ]
    assert told[1] == (
        "dispatch.db: other users of this machine may use it (mode 644) - "
        "chmod 600 dispatch.db, unless that is on purpose"
    )


def test_the_database_is_made_private_whatever_the_umask(workspace, database):
    database.unlink()

    in_process_of_its_own(workspace, "check", before="os.umask(0)")

    assert database.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "command", [("check",), ("run", "weekly"), ("up",), ("db", "check"), ("db", "adopt")]
)
def test_a_key_that_is_lost_is_said_and_none_is_made(dispatch, workspace, weekly_is_out, command):
    (workspace / ".dispatch-secret").unlink()

    ended = dispatch(*command)

    assert ended.code == 2
    assert ".dispatch-secret: is gone, and this workspace has signed links with it" in ended.err
    assert not (workspace / ".dispatch-secret").exists()


class TestEndings:
    """What the file of endings brings, and what is wrong with it."""

    @pytest.fixture
    def file(self, dispatch, workspace, weekly_is_out):
        dispatch("subscribers", "end", "camille.moreau@readers.example")
        return workspace / ".dispatch-endings"

    @pytest.mark.parametrize("content", [None, b"", b"email,name\n"])
    @pytest.mark.parametrize("command", [("adopt",), ("restore", "copy.db", "--replace")])
    def test_a_file_of_another_machine_that_is_none_is_said_before_anything_is_done(
        self, dispatch, file, command, content
    ):
        other = file.with_name("other")
        database = file.with_name("dispatch.db")
        if content is not None:
            other.write_bytes(content)
        before = database.read_bytes()

        ended = dispatch("db", *command, "--endings", str(other))

        assert ended.code == 2
        assert ended.err.startswith("other: ")
        assert "name the file that dispatch has written" in ended.err
        assert database.read_bytes() == before

    def test_those_who_were_brought_in_before_the_file_is_given_are_ended(
        self, dispatch, workspace, file, database
    ):
        elsewhere = file.rename(workspace / "other")
        for one in workspace.glob("dispatch.db*"):
            one.unlink()
        dispatch("db", "adopt")
        dispatch("subscribers", "import")

        adopted = dispatch("db", "adopt", "--endings", str(elsewhere))

        people = dispatch("subscribers", "list", "--json").json
        [camille] = [one for one in people if one["email"] == "camille.moreau@readers.example"]
        assert camille["state"] == "ended"
        assert "1 subscriptions ended, 0 addresses suppressed; 0 are of people" in adopted.out

    @pytest.mark.parametrize("line", [b"junk", b"2026-11-29T08:00:00 left k x", b"\0\0\0"])
    def test_lines_that_cannot_be_read_are_told(self, dispatch, workspace, file, line):
        with file.open("ab") as broken:
            broken.write(line + b"\n")
        dispatch("db", "backup", str(workspace / "copy.db"))

        told = [
            dispatch("check"),
            dispatch("db", "check"),
            dispatch("db", "adopt"),
            dispatch("db", "restore", str(workspace / "copy.db"), "--replace"),
        ]

        assert [ended.code for ended in told] == [0, 0, 0, 0]
        for ended in told:
            assert "1 lines" in ended.err
            assert "cannot be read" in ended.err

    def test_another_kind_of_file_is_said_by_check_and_the_service(self, dispatch, workspace, file):
        file.write_bytes(b"junk\n" + file.read_bytes())

        ended = dispatch("db", "check")

        assert ended.code == 2
        assert ".dispatch-endings: is no file of endings" in ended.err
