"""Who of the team signs in, from the command line."""

import json


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


def test_a_link_to_choose_a_password_is_for_one_use_and_ends_with_the_person(dispatch):
    dispatch("people", "add", "ada", "--email", "ada@atelier.example", "--role", "editor")

    first, second = (dispatch("people", "link", "ada").out.strip() for _ in range(2))
    dispatch("people", "end", "ada")

    assert first.startswith("ada: chooses a password at https://letter.atelier.example/team/reset/")
    assert first != second
    assert dispatch("people", "link", "ada").code == 1
    assert dispatch("people", "link", "nobody").code == 2


def test_who_has_lost_their_app_is_helped(dispatch):
    dispatch("people", "add", "jean", "--email", "jean@atelier.example", "--role", "owner")

    none, unknown = dispatch("people", "no-factor", "jean"), dispatch("people", "no-factor", "x")

    assert none.err == "jean: has no second factor - nothing is to be removed\n"
    assert (none.code, unknown.code) == (1, 2)
