"""A database, a variable or a disk that cannot be used: said plainly, nothing half done."""

import subprocess
import sys

import pytest

from cli.dispatch_command import in_process_of_its_own

# Root may write anywhere; without this capability it is bound by the modes of files.
BOUND_BY_MODES = "import ctypes; os.geteuid() or ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)"

NO_ROOM = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))"


def test_a_damaged_database_is_named_and_left_as_it_is(dispatch, workspace):
    damaged = b"not a database at all, but long enough to have a header" * 100
    (workspace / "dispatch.db").write_bytes(damaged)

    for words in (["run", "weekly"], ["feeds", "list"], ["subscribers", "import"], ["up"]):
        ended = dispatch(*words)

        assert ended.code == 1
        assert ended.err.startswith(f"database sqlite:///{workspace}/dispatch.db: file is not a ")
        assert " - " in ended.err
    assert (workspace / "dispatch.db").read_bytes() == damaged


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://marie:hunter22@db.example/x", "this kind of database is not known - write sqli"),
        ("dispatch.db", "this kind of database is not known - write sqlite:///dispatch.db or po"),
        ("sqlite://", "this kind of database is not known - write sqlite:///dispatch.db or post"),
        ("sqlite:///:memory:", "names no file, and a database in memory forgets who got what - "),
        ("postgresql://marie:hunter22@db.example:port/x", "cannot be read as an address - write"),
        ("postgresql://marie:hunter22@[::1/x", "cannot be read as an address - write postgresql"),
    ],
)
def test_a_database_address_that_is_none(dispatch, monkeypatch, url, problem):
    monkeypatch.setenv("DISPATCH_DATABASE_URL", url)

    ended = dispatch("check")

    assert ended.code == 2
    assert ended.err.startswith(f"environment: DISPATCH_DATABASE_URL: {problem}")
    assert "hunter22" not in ended.err


@pytest.mark.parametrize(
    "url", ["postgresql://marie:hunter22@127.0.0.1:1/x", "sqlite:////nowhere/at/all/dispatch.db"]
)
def test_a_database_that_is_not_there(dispatch, monkeypatch, url):
    monkeypatch.setenv("DISPATCH_DATABASE_URL", url)

    ended = dispatch("check")

    assert ended.code == 1
    assert ended.err.startswith(f"database {url.partition(':')[0]}")
    assert " - check that it" in ended.err
    assert "hunter22" not in ended.err


def test_an_unknown_setting_is_told_with_the_likely_one(dispatch, monkeypatch):
    monkeypatch.setenv("DISPATCH_DATABSE_URL", "sqlite:///other.db")

    ended = dispatch("run", "weekly")

    assert ended.code == 2
    assert ended.err == (
        "environment: DISPATCH_DATABSE_URL: unknown setting - did you mean "
        "'DISPATCH_DATABASE_URL'?\n"
    )


def test_a_workspace_that_may_only_be_read(workspace):
    (workspace / "dispatch.db").unlink()
    workspace.chmod(0o555)

    ended = in_process_of_its_own(workspace, "run", "weekly", before=BOUND_BY_MODES)

    workspace.chmod(0o755)
    assert ended.code == 2
    assert ended.err.startswith(".dispatch-secret: cannot be used (Permission denied) - make the")


@pytest.mark.parametrize("name", ["dispatch.db", ""])
def test_a_database_that_may_only_be_read(dispatch, workspace, name):
    dispatch("check")
    (workspace / name).chmod(0o444 if name else 0o555)

    ended = in_process_of_its_own(workspace, "subscribers", "import", before=BOUND_BY_MODES)

    (workspace / name).chmod(0o755)
    assert ended.code == 1
    assert ended.err == (
        f"database sqlite:///{workspace}/dispatch.db: permission denied: this user may not read "
        f"and write {workspace / name} - give the file and its folder to whoever runs dispatch\n"
    )


def test_an_outbox_that_may_only_be_read_keeps_everybody_waiting(dispatch, workspace):
    (workspace / "outbox").mkdir(mode=0o555)

    ended = in_process_of_its_own(workspace, "run", "weekly", "--json", before=BOUND_BY_MODES)
    (workspace / "outbox").chmod(0o755)
    again = dispatch("run", "weekly")

    [report] = ended.json["deliveries"]
    assert (ended.code, report["counts"]) == (1, {"pending": 16})
    assert f"cannot write to {workspace}/outbox (Permission denied) - check" in report["stops"][0]
    assert (again.code, sum(dispatch.copies().values())) == (0, 8)


def test_a_disk_without_room(dispatch, workspace):
    full = in_process_of_its_own(workspace, "run", "weekly", before=NO_ROOM)
    again = dispatch("run", "weekly")

    assert full.code == 1
    assert full.err.startswith(f"database sqlite:///{workspace}/dispatch.db: ")
    assert "not full" in full.err
    assert (again.code, sum(dispatch.copies().values())) == (0, 8)


@pytest.mark.parametrize(
    "words",
    [
        ["init", "/proc/letters"],
        ["preview", "weekly", "--to", "/proc/letters"],
        ["subscribers", "export", "readers", "--to", "/proc/letters/readers.csv"],
    ],
)
def test_a_place_where_nothing_can_be_written(dispatch, words):
    dispatch("subscribers", "import")
    dispatch("feeds", "poll")

    ended = dispatch(*words)

    assert ended.code == (2 if words[0] == "init" else 1)
    assert ended.err.startswith("/proc/letters")
    assert " - ch" in ended.err
    assert ended.err.count("\n") == 1


def test_the_secret_key_is_never_shown(dispatch, workspace, monkeypatch):
    monkeypatch.setenv("DISPATCH_SECRET_KEY", "hunter22-hunter22")
    commands = ["run weekly --json", "check --json", "channels list --json", "feeds list --json"]

    said = [dispatch(*command.split()) for command in commands]
    monkeypatch.setenv("DISPATCH_SECRET_KEY", "hunter22")
    short = dispatch("check")

    assert not any("hunter22" in ended.out + ended.err for ended in said)
    assert short.code == 2
    assert short.err.startswith("environment: DISPATCH_SECRET_KEY: is too short to be safe - ")
    assert "hunter22" not in short.err
    assert b"hunter22" not in (workspace / "dispatch.db").read_bytes()


def test_a_new_workspace_that_finds_no_room_leaves_nothing(tmp_path):
    ended = in_process_of_its_own(tmp_path, "init", str(tmp_path / "new"), before=NO_ROOM)

    assert ended.code == 1
    assert ended.err.startswith(f"{tmp_path}/new: ")
    assert " - " in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_nobody_who_reads(workspace, closed):
    words = [sys.executable, "-m", "dispatch", "--workspace", str(workspace), "channels", "list"]

    ended = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *words],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ("outbox" in ended.stdout) == (">&-" not in closed or closed == "2>&-")


def test_output_that_finds_no_room_is_told_in_one_sentence(workspace):
    full = "os.dup2(os.open('/dev/full', os.O_WRONLY), 1)"

    ended = in_process_of_its_own(workspace, "schema", before=full)

    assert ended.code == 1
    assert ended.err.startswith("standard output: No space left on device - check the free space")
    assert ended.err.count("\n") == 1


def test_a_folder_of_people_that_may_not_be_read_is_not_an_empty_one(workspace):
    (workspace / "subscribers").chmod(0)
    bound = f"{BOUND_BY_MODES}; os.geteuid() or ctypes.CDLL(None).prctl(24, 2, 0, 0, 0)"

    ended = in_process_of_its_own(workspace, "subscribers", "import", before=bound)

    (workspace / "subscribers").chmod(0o700)
    assert ended.code == 2
    assert ended.err == "subscribers: cannot be read (permission denied) - check its permissions\n"
