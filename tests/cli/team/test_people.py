"""Who of the team signs in, from the command line."""

import json

from app_stage import change


def test_a_life_in_the_team(dispatch):
    told = [
        dispatch("people", *words.split())
        for words in (
            "add Jean --email jean@atelier.example --role owner --by root",
            "add marie --email marie@atelier.example --role author,approver",
            "add jean --email other@atelier.example --role viewer",
            "add paul --email JEAN@atelier.example --role viewer",
            "add Paul?! --email paul@atelier.example --role viewer",
            "add paul --email paul --role viewer",
            "add paul --email paul@atelier.example --role king",
            "roles marie editor",
            "roles marie editor",
            "roles jean admin",
            "end jean",
            "end marie",
            "end marie",
            "roles marie viewer",
            "roles nobody viewer",
            "add marie --email other@atelier.example --role viewer",
            "add marie --email marie@atelier.example --role viewer",
        )
    ]

    assert [one.code for one in told] == [0, 0, 1, 1, 2, 2, 2, 0, 0, 1, 1, 0, 1, 1, 2, 1, 0]
    lines = [(one.out + one.err).splitlines()[0] for one in told]
    assert lines[0] == "jean: is in the team now, as owner"
    assert lines[1] == "marie: is in the team now, as author and approver"
    assert lines[2].startswith("jean: jean has this handle - ")
    assert lines[3].startswith("paul: jean has this address - ")
    assert lines[6] == (
        "role king: there is none - known are: admin, approver, author, editor, owner, viewer"
    )
    assert lines[9:11] == ["jean: is the last owner - make somebody else an owner first"] * 2
    assert lines[15].startswith("marie: marie had this handle, with another address - ")
    shown = json.loads(dispatch("people", "list", "--json").out)
    assert [(one["handle"], one["roles"], one["ended"]) for one in shown] == [
        ("jean", ["owner"], None),
        ("marie", ["viewer"], None),
    ]


def test_check_tells_of_approvers_who_are_none(dispatch, workspace):
    by = "approval: {needed: true, by: [Marie, jean, paul, ada]}"
    change(workspace, "approval: {needed: true}", by)
    before = dispatch("check")
    dispatch("people", "add", "marie", "--email", "m@atelier.example", "--role", "approver")
    dispatch("people", "add", "jean", "--email", "j@atelier.example", "--role", "author")
    dispatch("people", "add", "ada", "--email", "a@atelier.example", "--role", "approver")
    dispatch("people", "end", "ada")

    after = dispatch("check")

    assert "approval.by" not in before.out + before.err
    assert after.code == 0
    told = [line.partition("approval.by: ")[2] for line in (after.out + after.err).splitlines()]
    assert list(filter(None, told)) == [
        "'jean' has no role that approves - 'dispatch people roles jean author approver' gives it",
        "nobody of the team has the handle 'paul' - known are: jean, marie",
        "'ada' has left the team - name somebody else",
    ]


def test_who_has_lost_their_app_is_helped(dispatch):
    dispatch("people", "add", "jean", "--email", "jean@atelier.example", "--role", "owner")

    none, unknown = dispatch("people", "no-factor", "jean"), dispatch("people", "no-factor", "x")

    assert none.err == "jean: has no second factor - nothing is to be removed\n"
    assert (none.code, unknown.code) == (1, 2)
