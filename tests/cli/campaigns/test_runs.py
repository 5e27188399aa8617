"""The run log as commands: listed, shown, exported."""

import json
from datetime import datetime

import pytest

from dispatch.cli.campaigns.run_rows import EDITION_FIELDS, POST_FIELDS, RUN_FIELDS


def three_runs(dispatch):
    dispatch("run", "weekly")
    dispatch("run", "weekly")
    [edition] = dispatch("run", "bulletin", "--json").json["waiting_for_approval"]
    content = dispatch("editions", "show", edition, "--json").json["content"]
    first = str(content[0]["post"])
    dispatch("editions", "edit", edition, "--drop", first, "--by", "marie")
    dispatch("editions", "reject", edition, "--reason", "wrong lead", "--by", "jean")


@pytest.fixture
def told(dispatch, begin_with):
    """A run that went out, one that found nothing, and one that was edited and rejected."""
    begin_with(three_runs)
    return dispatch


def test_the_list_says_what_happened_in_each_slot(told):
    rows = told("runs", "list", "--json").json

    made = rows[0]["edition"]["id"][:8], rows[2]["edition"]["id"][:8]
    assert [row["sentence"].partition(", done")[0] for row in rows] == [
        f"rejected by jean: wrong lead; edition {made[0]}, 3 posts; started by hand",
        "skipped: there is no new post; started by hand",
        f"finished; edition {made[1]}, 8 posts, 16 accepted; started by hand",
    ]
    assert [row["outcome"] for row in rows] == ["rejected", "skipped", "finished"]
    assert "jean: wrong lead" in told("runs", "list").out
    assert "posts" not in rows[0]


def test_a_run_is_shown_with_why_each_post_was_in_or_out(told):
    seen = told("runs", "show", "3").out
    shown = told("runs", "show", "3", "--json").json

    assert "dropped by marie" in seen
    assert "and 5 that it never uses: was in the feed before the first poll" in seen
    dropped = [post for post in shown["posts"] if post["edits"]]
    assert [(post["in"], post["chosen"], post["reason"]) for post in dropped] == [
        (False, True, "new")
    ]
    assert [(edit["what"], edit["by"]) for edit in dropped[0]["edits"]] == [("dropped", "marie")]


def test_the_fields_are_those_of_the_documentation(told, workspace):
    told("runs", "export", "--output", str(workspace / "runs.jsonl"))

    lines = (workspace / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    exported = [json.loads(line) for line in lines]
    assert [row["run"] for row in exported] == [1, 2, 3]
    assert {tuple(row) for row in exported} == {tuple(RUN_FIELDS)}
    made = [row["edition"] for row in exported if row["edition"]]
    assert {tuple(edition) for edition in made} == {tuple(EDITION_FIELDS)}
    posts = [post for row in exported for post in row["posts"]]
    assert {tuple(post) for post in posts} == {tuple(POST_FIELDS)}
    assert exported[2] == told("runs", "show", "3", "--json").json
    moment = datetime.fromisoformat(exported[0]["moment"])
    assert (moment.utcoffset().total_seconds(), exported[0]["timezone"]) == (0, "Europe/Paris")


def test_an_export_without_a_file_goes_to_standard_output(told):
    lines = told("runs", "export", "--campaign", "bulletin").out.splitlines()

    assert [json.loads(line)["campaign"] for line in lines] == ["bulletin"]


def test_a_campaign_that_is_gone_from_the_file_is_exported_all_the_same(told):
    told.edit("  bulletin:\n", "  other:\n")

    gone = told("runs", "export", "--campaign", "bulletin")
    never = told("runs", "export", "--campaign", "nobody")

    assert (gone.code, json.loads(gone.out)["campaign"]) == (0, "bulletin")
    assert never.code == 2
    assert never.err.startswith("campaign nobody: not in schedules.yaml - known are: other, weekly")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("--from 2026-12-02 --to 2026-12-01", 2, "--to: 2026-12-01 is before 2026-12-02 - give"),
        ("--from 2026-13-01", 2, "'2026-13-01' is not a day - write year, month"),
        ("--output none/runs.jsonl", 1, "none/runs.jsonl: No such file or directory - check"),
        ("--output /dev/full", 1, "/dev/full: No space left on device - check"),
    ],
)
def test_an_export_that_cannot_be_made_says_why(told, words, code, sentence):
    ended = told("runs", "export", *words.split())

    assert ended.code == code
    assert sentence in ended.err


def test_an_export_that_fails_leaves_the_file_of_before(told, workspace, monkeypatch):
    file = workspace / "runs.jsonl"
    file.write_text("of before", encoding="utf-8")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dispatch.cli.campaigns.runs.json_line", fail)
    ended = told("runs", "export", "--output", str(file))

    assert ended.code == 1
    assert f"{file}: No space left on device" in ended.err
    assert file.read_text(encoding="utf-8") == "of before"
    assert [path.name for path in workspace.glob(".runs*")] == []


def test_days_are_those_of_the_slots_by_their_own_clock(told):
    today = told("runs", "list", "--json").json[0]["local"][:10]

    assert len(told("runs", "export", "--from", today, "--to", today).out.splitlines()) == 3
    assert told("runs", "export", "--to", "2020-01-01").out == ""


def test_a_run_that_is_not_known_is_said_so(dispatch):
    ended = dispatch("runs", "show", "7")

    assert (ended.code, ended.err) == (2, "run 7: not known - see 'dispatch runs list'\n")
