"""What a shell offers at Tab: the names of the workspace, and nothing where it has none."""

import sqlite3

import pytest


@pytest.fixture
def offered(dispatch, monkeypatch):
    """The words that a shell offers after these ones."""

    def offered(words: str) -> list[str]:
        monkeypatch.setenv("_DISPATCH_COMPLETE", "complete_bash")
        line = f"dispatch -w {dispatch.folder} {words}"
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - (not words.endswith(" "))))
        ended = dispatch()
        assert ended.err == ""
        return ended.out.split()

    return offered


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("run ", ["weekly", "bulletin"]),
        ("run we", ["weekly"]),
        ("editions list --campaign ", ["weekly", "bulletin"]),
        ("feeds poll ", ["atelier", "notebook"]),
        ("posts list --feed n", ["notebook"]),
        ("channels check ", ["outbox"]),
        ("subscribers export ", ["readers"]),
    ],
)
def test_names_of_the_workspace_are_offered(offered, words, names):
    assert offered(words) == names


def test_editions_are_offered_by_their_ids(dispatch, offered, waiting):
    assert offered("editions approve ") == [waiting[:8]]


def test_a_campaign_with_cadences_is_offered_as_those_that_can_be_run(dispatch, offered):
    dispatch.edit('    schedule: {every: tuesday, at: "09:00"}\n', "")
    dispatch.edit("    social: [{template: weekly, each: post}]\n", "    cadences: {daily: {}}\n")

    assert offered("run ") == ["weekly-daily", "bulletin"]


def no_file(folder):
    (folder / "schedules.yaml").unlink()
    (folder / "dispatch.db").unlink()


def no_yaml(folder):
    (folder / "schedules.yaml").write_text("campaigns: [\n")
    (folder / "dispatch.db").write_text("no database at all")


def other_shape(folder):
    (folder / "schedules.yaml").write_text("campaigns: 3\n")
    (folder / "dispatch.db").write_bytes(b"")


@pytest.mark.parametrize("spoil", [no_file, no_yaml, other_shape])
def test_nothing_is_offered_said_or_made_where_the_workspace_is_broken(offered, workspace, spoil):
    spoil(workspace)
    before = sorted(workspace.iterdir())

    for words in ("run ", "feeds poll ", "editions approve "):
        assert offered(words) == []

    assert sorted(workspace.iterdir()) == before


def test_a_locked_database_offers_nothing_soon(offered, workspace):
    locking = sqlite3.connect(workspace / "dispatch.db", isolation_level=None)
    locking.execute("PRAGMA journal_mode = DELETE")
    locking.execute("BEGIN EXCLUSIVE")

    assert offered("editions show ") == []

    locking.close()
