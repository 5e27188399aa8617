"""`dispatch subscribers import` says who comes in and who does not, and rehearses it."""

import os
from pathlib import Path

import pytest

GIVEN = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "field"
LIST = (
    "email,name,Opt status\nada@x.example,Ada,Y\nbob@x.example,Bob,N\n"
)  # fmt: skip


def states(dispatch) -> dict[str, str]:
    listed = dispatch("subscribers", "list", "--audience", "friends", "--json").json
    return {row["email"]: row["state"] for row in listed}


def a_file(dispatch) -> str:
    return str(dispatch.folder / "subscribers" / "friends.csv")


def write(dispatch, text: str) -> None:
    Path(a_file(dispatch)).write_text(text, encoding="utf-8")


@pytest.mark.skipif(not GIVEN.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data")
def test_who_left_elsewhere_is_never_mailed_and_that_is_said(dispatch):
    write(dispatch, (GIVEN / "status-column-ignored.csv").read_text())

    ended = dispatch("subscribers", "import", a_file(dispatch))

    assert ended.code == 0
    assert "line 3 ('blocklisted'), line 4 ('unsubscribed'), line 5 ('bounced')" in ended.err
    assert states(dispatch) == {"a@mail.example": "active"}


def test_a_column_that_is_unclear_keeps_the_file_out_until_somebody_says_what_it_is(dispatch):
    write(dispatch, LIST)

    checked, ended = dispatch("check"), dispatch("subscribers", "import")
    before = states(dispatch)
    with (dispatch.folder / "schedules.yaml").open("a") as file:
        file.write("\nsubscribers: {friends: {columns: {Opt status: {Y: active, N: ended}}}}\n")
    mended, again = dispatch("check"), dispatch("subscribers", "import")

    advice = "say what it is in schedules.yaml: subscribers: {friends: {columns: {Opt status: "
    assert (checked.code, ended.code, before) == (2, 2, {})
    assert "subscribers/friends.csv:2: opt_status: may say who is not to be mailed" in checked.err
    assert advice in checked.err
    assert advice in ended.err
    assert (mended.code, again.code) == (0, 0)
    assert states(dispatch) == {"ada@x.example": "active"}


def test_a_rehearsal_says_what_would_come_and_changes_nothing(dispatch):
    write(dispatch, "email,name\nada@x.example,Ada\nbob@x.example,Bob\ncy@x.example,Cy\n")
    dispatch("subscribers", "import", a_file(dispatch))
    dispatch("subscribers", "end", "cy@x.example")
    write(
        dispatch,
        "email,name,status,city\nada@x.example,Ada L.,active,Lyon\nbob@x.example,Bob,,\n"
        "cy@x.example,Cy,,\ndi@x.example,Di,,\ned@x.example,Ed,bounced,\nnobody,,,\n",
    )
    before = dispatch("subscribers", "list", "--json").json

    told = dispatch("subscribers", "import", a_file(dispatch), "--dry-run")
    rows = dispatch("subscribers", "import", a_file(dispatch), "--dry-run", "--json").json

    assert told.code == 2
    assert "dry run: nothing was changed" in told.out
    assert "subscribers/friends.csv: columns of your own: city" in told.out
    assert dispatch("subscribers", "list", "--json").json == before
    [row] = rows
    assert {name: row[name] for name in ("rows", "new", "changed", "faulty", "kept_out")} == {
        "rows": 4,
        "new": 1,
        "changed": 1,
        "faulty": 1,
        "kept_out": 1,
    }
    assert "line 6 ('bounced')" in told.err
    assert "1 rows are of people who have left or are suppressed, and stay out: line 4" in told.err


def test_a_rehearsal_says_what_the_import_then_does(dispatch):
    write(dispatch, "email,status\nada@x.example,active\nbob@x.example,unsubscribed\n")

    rehearsed = dispatch("subscribers", "import", a_file(dispatch), "--dry-run", "--json")
    done = dispatch("subscribers", "import", a_file(dispatch), "--json")

    numbers = ("rows", "new", "faulty", "duplicates", "kept_out", "own_columns", "problems")
    assert [rehearsed.json[0][name] for name in numbers] == [done.json[0][name] for name in numbers]


def test_somebody_whom_a_file_says_to_have_left_and_who_is_active_here_is_told(dispatch):
    write(dispatch, "email\nada@x.example\n")
    dispatch("subscribers", "import", a_file(dispatch))
    write(dispatch, "email,status\nada@x.example,bounced\n")

    ended = dispatch("subscribers", "import", a_file(dispatch))

    assert "1 rows say that somebody is not to be mailed who is active here: line 2" in ended.err
    assert "dispatch subscribers end" in ended.err


def test_reading_the_same_file_again_changes_nobody(dispatch):
    write(
        dispatch,
        "email,name,topics,timezone,Langue,cadence\n"
        "ada@x.example,Ada,ia|Art,europe/paris,fr,weekly\n",
    )
    dispatch("subscribers", "import", a_file(dispatch))
    dispatch("subscribers", "cadence", "ada@x.example", "daily")

    [row] = dispatch("subscribers", "import", a_file(dispatch), "--dry-run", "--json").json

    assert (row["new"], row["changed"]) == (0, 0)


def test_a_look_shows_columns_and_reasons_and_writes_what_does_not_count(dispatch, tmp_path):
    write(dispatch, "E-Mail,Firma,status\nada@x.example,ACME,active\nbob,Foo,paused\n")
    wrong, options = tmp_path / "wrong.csv", ("--column", "Firma=name", "--wrong")

    looked = dispatch("subscribers", "import", a_file(dispatch), "--dry-run", *options, str(wrong))
    [row] = dispatch("subscribers", "import", a_file(dispatch), "--dry-run", "--json").json
    itself = dispatch("subscribers", "import", a_file(dispatch), *options, a_file(dispatch))
    several = dispatch("subscribers", "import", "--wrong", str(wrong))
    how = dispatch("subscribers", "import", a_file(dispatch), "--merge", "filll")

    assert "│ Firma  │ ACME          │ name" in looked.out
    assert "line 3 (email: 'bob' is not an e-mail address)" in looked.out
    assert wrong.read_text().splitlines()[1].startswith("3,wrong address: email: 'bob'")
    assert (row["new"], row["refused"], row["in_file"]) == (1, 1, 2)
    assert row["columns"][1]["taken_for"] == "your own: fields.firma"
    assert [one["why"] for one in row["reasons"]] == ["wrong address"]
    assert (itself.code, several.code, how.code) == (2, 2, 2)
    assert "did you mean 'fill'?" in how.err
    assert states(dispatch) == {}


def test_somebody_who_pauses_goes_out_by_a_file_and_is_left_out_when_it_comes_back(dispatch):
    write(dispatch, "email,state\nada@x.example,paused\n")

    read = dispatch("subscribers", "import", a_file(dispatch))
    with (dispatch.folder / "schedules.yaml").open("a") as file:
        file.write("\nsubscribers: {friends: {columns: {state: {Y: paused}}, merge: fil}}\n")
    refused = dispatch("check")

    assert read.code == 0
    assert "marked pending, paused, ended or suppressed and were left out: line 2" in read.err
    assert "'Y' cannot mean 'paused' - known are: active, ended, pending" in refused.err
    assert "subscribers.friends.merge" in refused.err
