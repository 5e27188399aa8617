"""Reviewers are told at a run by hand, and the commands in their mail do what they say."""

import re
import shlex

import pytest

TELL = "{needed: true, deadline: 4h, tell: [marie@example.org, jean@example.org]}"
DOWN = (
    "\nchannels:\n  mail: {provider: smtp, options: {host: 127.0.0.1, port: 1, security: none}}\n"
)


@pytest.fixture
def told(dispatch):
    """Runs a campaign whose reviewers are told; their mails, by address."""
    dispatch.edit("approval: {needed: true}", f"approval: {TELL}")

    def told():
        ended = dispatch("run", "bulletin")
        assert (ended.code, ended.err) == (0, "")
        return {str(mail["To"]): mail for mail in dispatch.mails()}

    return told


def commands(mail) -> list[list[str]]:
    text = mail.get_body(("plain",)).get_content()
    return [shlex.split(one) for one in re.findall(r"(?m)^  dispatch (.*?)\r?$", text)]


def test_a_run_tells_each_reviewer_and_says_so(dispatch, told):
    mails = told()

    assert mails.keys() == {"marie@example.org", "jean@example.org"}
    again = dispatch("run", "bulletin")
    assert "told " not in again.out
    assert len(dispatch.mails()) == 2


def test_what_was_told_stands_where_the_edition_is_shown(dispatch, told):
    told()
    [edition] = dispatch("editions", "list", "--json").json

    text = dispatch("editions", "show", edition["id"]).out
    rows = dispatch("editions", "show", edition["id"], "--json").json["notices"]

    assert re.search(
        r"marie@example.org │ waits for approval │ \d{4}-\d\d-\d\d \d\d:\d\d UTC", text
    )
    assert re.search(r"marie@example.org │ deadline is near   │ due \d{4}-", text)
    assert [(row["address"], row["state"]) for row in rows] == [
        ("marie@example.org", "accepted"),
        ("jean@example.org", "accepted"),
        ("marie@example.org", "waiting"),
        ("jean@example.org", "waiting"),
    ]


def test_the_commands_in_the_mail_do_what_they_say(dispatch, told):
    first = told()["marie@example.org"]
    look, approve, ask, edit, _ = commands(first)

    codes = [dispatch(*command).code for command in (look, ask, edit)]
    outdated = dispatch(*approve)
    dispatch("run", "bulletin")
    to_marie = [mail for mail in dispatch.mails() if mail["To"] == "marie@example.org"]
    [second] = [mail for mail in to_marie if mail["Message-ID"] != first["Message-ID"]]
    approved = dispatch(*commands(second)[1])

    assert codes == [0, 0, 0]
    assert "was edited meanwhile - look at it again" in outdated.err
    assert "Subject: ANOTHER SUBJECT" in second.get_body(("plain",)).get_content()
    assert (approved.code, approved.err) == (0, "")


def test_a_reviewer_who_cannot_be_told_fails_the_run_and_is_told_by_the_next(dispatch):
    dispatch.edit(
        "approval: {needed: true}",
        "approval: {needed: true, tell: marie@example.org, tell_via: mail}",
    )
    with (dispatch.folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        file.write(DOWN)

    failed = dispatch("run", "bulletin", "--json")
    said = dispatch("run", "bulletin")
    dispatch.edit(DOWN, "\nchannels:\n  mail: {provider: outbox}\n")
    told = dispatch("run", "bulletin")

    assert failed.code == said.code == 1
    [problem] = failed.json["told"]
    assert problem["problem"].startswith("smtp: 127.0.0.1:1: no connection")
    assert "marie@example.org: not told: smtp: 127.0.0.1:1: " in said.err
    assert "waits for approval" in said.out
    assert (told.code, told.err) == (0, "")
    assert "Le Bulletin: told marie@example.org" in told.out


def test_a_rehearsal_tells_nobody(dispatch, told):
    dispatch("run", "bulletin", "--dry-run")

    assert dispatch.mails() == []
    assert dispatch("editions", "list", "--json").json == []
