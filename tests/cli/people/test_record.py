"""One person's record by commands: proved, exported, erased; and to whom nothing goes."""

import json

import pytest

CAMILLE = "camille.moreau@readers.example"


def test_proved_exported_and_erased(dispatch, weekly_is_out, tmp_path):
    proof = dispatch("subscribers", "proof", CAMILLE, "--language", "fr").out
    exported = dispatch("subscribers", "export", "Camille.Moreau@readers.example")
    asked = dispatch("subscribers", "erase", CAMILLE)
    named = dispatch("subscribers", "erase", CAMILLE, "--yes", "--source", f"{CAMILLE} wrote")
    erased = dispatch("subscribers", "erase", CAMILLE, "--yes", "--source", "by mail", "--by", "jo")

    assert proof.startswith(f"# Preuve de consentement\u202f: {CAMILLE}\n")
    assert "readers.csv line" in proof
    found = json.loads(exported.out)
    assert (found["profile"]["name"], len(found["deliveries"])) == ("Camille Moreau", 1)
    assert (asked.code, named.code, erased.code) == (2, 2, 0)
    assert "nothing brings back what is erased" in asked.err
    assert "-0001; subscriptions that ended: 1, deliveries that name nobody any more: 1" in (
        erased.out
    )
    for words in (("show",), ("proof",), ("export",), ("erase", "--yes")):
        command, *options = words
        gone = dispatch("subscribers", command, CAMILLE, *options)
        assert (gone.code, gone.err) == (
            2,
            f"{CAMILLE}: was erased, and nothing is left of them here\n",
        )
    assert CAMILLE not in dispatch("subscribers", "list").out
    deliveries = dispatch("deliveries", "list", "--json").json
    assert [one["state"] for one in deliveries if one["recipient"] == "erased"] == ["accepted"]
    again = dispatch("subscribers", "import")
    assert "1 rows are of people who were erased, and stay out: line" in again.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("add nobody --reason x", "'nobody' is neither an address nor a domain"),
        ("add a@b.example --reason", "--reason"),
        ("lift a@b.example --note x", "a@b.example: is not suppressed - nothing was changed"),
        ("lift a@b.example", "--note"),
        ("import none.csv", "there is no such file"),
    ],
)
def test_what_is_wrong_is_said(dispatch, workspace, words, said):
    asked = dispatch("suppressions", *words.split())

    assert asked.code != 0
    assert said in asked.err


def test_suppressions_come_and_go(dispatch, workspace):
    (workspace / "out.csv").write_text("email,reason\nbob@example.org,bounced\ngmail.com,slip\n")
    dispatch("suppressions", "add", "@spam.example", "*.gov.example", "--reason", "asked")
    imported = dispatch("suppressions", "import", str(workspace / "out.csv"))
    again = dispatch("suppressions", "add", "BOB@example.org", "--reason", "twice")
    lifted = dispatch("suppressions", "lift", "spam.example", "--note", "ours", "--by", "jo")
    of_domain = dispatch("suppressions", "lift", "x@y.gov.example", "--note", "ours")

    assert imported.code == 2
    assert imported.out == "out.csv: 1 rows; 1 are new, 1 faulty\n"
    assert "out.csv:3: 'gmail.com' is a domain and no address" in imported.err
    assert again.out == "bob@example.org: was suppressed already\n"
    assert lifted.out == "@spam.example: may be mailed again\n"
    assert "its domain is: lift *.gov.example, or leave it" in of_domain.err
    listed = dispatch("suppressions", "list", "--json").json
    assert [one["address"] for one in listed] == ["*.gov.example", "bob@example.org"]
    assert dispatch("suppressions", "export").out.splitlines()[0] == "address,reason,source,since"
    assert "nobody asks" in dispatch("suppressions", "list", "--asked").out


def test_a_time_to_keep_people_that_is_too_short_is_told(dispatch, workspace):
    file = workspace / "schedules.yaml"
    file.write_text(f"{file.read_text()}\npeople: {{erase_after: 2 days, keep_networks: yes}}\n")

    checked = dispatch("check")

    assert "people.erase_after: is too soon: who left by mistake would be gone" in (
        checked.out + checked.err
    )
