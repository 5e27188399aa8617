"""Editions as commands: looked at, edited, sent back, approved."""

import pytest


def shown(dispatch, edition_id):
    return dispatch("editions", "show", edition_id, "--json").json


def test_an_edition_is_edited_approved_and_goes_out_as_edited(dispatch, waiting):
    posts = [post["post"] for post in shown(dispatch, waiting)["content"]]
    dispatch("editions", "approve", waiting, "--by", "marie")

    edited = dispatch(
        *("editions", "edit", waiting, "--by", "ada", "--pin", str(posts[-1])),
        *("--drop", str(posts[0]), "--subject", "Été & après", "--intro", "Chers <tous>,\nbonjour"),
    )

    made = waiting[:8]
    said = f"edition {made} is edited and in review; its approval no longer holds\n"
    assert (edited.out, edited.err) == (said, "")
    now = shown(dispatch, waiting)
    assert [post["post"] for post in now["content"]] == [posts[-1], *posts[1:-1]]
    assert (now["author"], now["texts"]["subject"]) == ("ada", "Été & après")
    fingerprint = now["fingerprint"][:12]
    approved = dispatch("editions", "approve", waiting, "--fingerprint", fingerprint)
    assert approved.code == 0
    dispatch("run", "bulletin")
    mails = dispatch.mails()
    assert {mail["Subject"] for mail in mails} == {"Été & après"}
    for mail in mails:
        assert "Chers &lt;tous&gt;," in mail.get_body(("html",)).get_content()
        assert "Chers <tous>,\r\nbonjour\r\n" in mail.get_body(("plain",)).get_content()


def test_requested_changes_are_shown_until_somebody_makes_them(dispatch, waiting):
    made = waiting[:8]

    asked = dispatch(
        "editions", "request-changes", made, "--note", "the lead is stale", "--by", "marie"
    )

    advice = f"make them with 'dispatch editions edit {made}'"
    assert asked.out == f"edition {made} waits for changes - {advice}\n"
    assert "changes requested by marie: the lead is stale" in dispatch("editions", "show", made).out
    [row] = dispatch("editions", "list", "--json").json
    assert (row["stage"], row["note"]) == ("changes requested", "marie: the lead is stale")
    refused = dispatch("editions", "approve", made)
    assert refused.code == 1
    assert f"edit it with 'dispatch editions edit {made}', then approve it" in refused.err
    told = dispatch("run", "bulletin").out
    assert f"edition {made} waits for changes, requested by marie: the lead is stale - " in told
    edited = dispatch("editions", "edit", made, "--subject", "Fresh")
    assert edited.out == f"edition {made} is edited and in review\n"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--order", "3;1"), "write ids of posts with commas, such as 3,1,2"),
        (("--snippet", "outbox"), "write CHANNEL=TEXT, or CHANNEL:POST=TEXT"),
    ],
)
def test_an_edit_that_cannot_be_read_is_refused(dispatch, waiting, option, said):
    refused = dispatch("editions", "edit", waiting, *option)

    assert refused.code == 2
    assert said in refused.err


def test_a_network_gets_its_own_text(dispatch):
    approval = "    approval: {needed: true}\n    social: [{template: weekly, each: post}]"
    dispatch.edit("    social: [{template: weekly, each: post}]", approval)
    [edition_id] = dispatch("run", "weekly", "--json").json["waiting_for_approval"]
    post = str(shown(dispatch, edition_id)["content"][0]["post"])

    edited = dispatch("editions", "edit", edition_id, "--snippet", f"outbox:{post}=Read = think")

    assert edited.code == 0
    assert shown(dispatch, edition_id)["texts"][f"snippet outbox:{post}"] == "Read = think"


def test_who_may_approve_is_what_the_campaign_says(dispatch):
    rule = "{needed: true, by: [marie, jean], other_than_author: true, deadline: 4h}"
    dispatch.edit("approval: {needed: true}", f"approval: {rule}")
    [edition_id] = dispatch("run", "bulletin", "--json").json["waiting_for_approval"]
    dispatch("editions", "edit", edition_id, "--subject", "Mine", "--by", "marie")

    stranger = dispatch("editions", "approve", edition_id, "--by", "ada")
    author = dispatch("editions", "approve", edition_id, "--by", "marie")
    other = dispatch("editions", "approve", edition_id, "--by", "jean")

    assert (
        "ada is not among those who may approve it - ask one of them: marie, jean" in stranger.err
    )
    assert "marie has edited it - somebody else has to approve it" in author.err
    assert (stranger.code, author.code, other.code) == (1, 1, 0)
