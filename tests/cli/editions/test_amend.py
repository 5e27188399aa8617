"""Correcting a page that stands on the web, as a command; and what `check` says of archives."""

from dataclasses import replace

import pytest

from app_stage import change, opened, place
from dispatch.cli.editions.amend import told
from dispatch.model.delivery.correction import Came, Corrected
from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.published import Published, PublishedRow, PublishedState
from dispatch.providers.outbox import Outbox
from dispatch.testing.clock import FakeClock


@pytest.fixture
def public(workspace):
    change(workspace, "    social: [{template: weekly, each: post}]", "    archive: public")
    return workspace


@pytest.fixture
def gone_out(dispatch, public):
    dispatch("run", "weekly")
    [row] = dispatch("editions", "list", "--json").json
    return row["id"]


def test_a_page_is_corrected_and_the_edition_says_so(dispatch, gone_out):
    made = gone_out[:8]
    before = dispatch("editions", "show", made, "--json").json
    post = before["content"][0]["post"]

    amended = dispatch(
        *("editions", "amend", made, "--title", f"{post}=Spring = here", "--note", "a typo"),
        *("--by", "marie", "--subject", "New"),
    )

    told = f"subject, title of post {post}"
    assert f"edition {made} is corrected on its page: {told}\n" in amended.out + amended.err
    assert "https://letter.atelier.example/archive/weekly/20" in amended.out + amended.err
    assert f"by marie: {told} (a typo)" in dispatch("editions", "show", made).out
    after = dispatch("editions", "show", made, "--json").json
    [row] = after.pop("amendments")
    assert before.pop("amendments") == []
    assert row["changes"] == {"subject": "New", "titles": {str(post): "Spring = here"}}
    assert (row["by"], row["note"], after) == ("marie", "a typo", before)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--title", "spring"), "--title: write POST=TEXT, such as 7='All about spring'"),
        (("--text", "1=a", "--text", "1=b"), "--text: names post 1 twice - say it once"),
        (("--title", "99=a"), "post 99: is not in edition"),
        ((), "this changes nothing on its page"),
    ],
)
def test_what_cannot_be_read_is_refused(dispatch, gone_out, options, said):
    refused = dispatch("editions", "amend", gone_out[:8], "--note", "a typo", *options)

    assert refused.code
    assert said in refused.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("archive: public", "archive: publik", "did you mean 'public'?"),
        ("archive: public", "archive: yes", "known are: off, public, unlisted"),
        (
            "    email: {audience: readers, template: weekly}\n    archive: public",
            "    social: [{template: weekly}]\n    archive: unlisted",
            "campaigns.weekly.archive: has an archive but no email - remove the line",
        ),
    ],
)
def test_an_archive_that_cannot_be_is_refused_with_advice(dispatch, public, old, new, said):
    change(public, old, new)

    checked = dispatch("check")

    assert checked.code == 2
    assert place(public, "archive: ") in checked.err
    assert said in checked.err.replace("\n", " ")


def test_check_tells_what_is_worth_a_look(dispatch, public):
    change(public, "https://letter.atelier.example", "http://localhost:8000")
    template = "templates/weekly/digest.mjml"
    change(public, "{{ words.hello_name.format(name=subscriber.name) if", "{{ 'Hi ' if", template)
    change(public, "links.browser", "links.archive", template)
    change(public, "links.browser", "links.archive", "templates/weekly/digest.txt")
    change(public, "</mj-body>", "{{ subscriber.topics[0] }}</mj-body>", template)

    checked = dispatch("check")
    said = checked.out + checked.err

    where = place(public, "archive: public")
    assert f"{where}: campaigns.weekly.archive: is public, and nobody finds it: public_url" in said
    assert (
        "templates/weekly: no link to the page in the archive - print {{ links.browser }}" in said
    )
    assert "cannot do without a reader, as pages of the archive have none" in said


def test_an_archive_in_order_is_silent(dispatch, public):
    checked = dispatch("check")

    assert checked.code == 0
    assert "archive" not in checked.out + checked.err


@pytest.fixture
def posted(dispatch, workspace, monkeypatch):
    """An edition without an archive of which the first snippet stands on a network.

    The outbox is one, as if others saw what is in it.
    """
    seen = replace(Outbox.capabilities, stays_here=False)
    monkeypatch.setattr(Outbox, "capabilities", seen)
    dispatch("run", "weekly")
    [row] = dispatch("editions", "list", "--json").json
    with opened(workspace, FakeClock()) as app, app.store.begin() as tx:
        edition = tx.editions.get(row["id"])
        first = next(one for one in tx.deliveries.latest(edition=edition) if one.part)
        state = PublishedState.RESERVED
        nowhere = Published((), "", "what the template said")
        tx.published.reserve(
            PublishedRow(
                first.id, edition.number, "outbox", "a", first.part, state, nowhere, first.changed
            )
        )
        accepted = Accepted("1", "https://social.example/1")
        tx.published.note_accepted(first.id, accepted, now=first.changed)
    return row["id"], first.part


def test_without_an_archive_networks_are_corrected_and_each_is_told_of(
    dispatch, posted, monkeypatch
):
    # As if it were a network: what stays on this machine is told nothing of.
    there = replace(Outbox.capabilities, stays_here=False)
    monkeypatch.setattr(Outbox, "capabilities", there)
    edition, post = posted

    amended = dispatch("editions", "amend", edition[:8], "--title", f"{post}=Spring")
    again = dispatch("editions", "amend", edition[:8], "--snippet", f"outbox:{post}=By hand")

    said = "outbox, Spring: cannot be edited there - delete it by hand: https://social.example/1"
    assert (amended.code, again.code) == (1, 1)
    assert said in amended.err.replace("\n", " ")
    assert said in again.err.replace("\n", " ")
    assert amended.out.count("so already") == 1  # of all others, in one line
    assert "corrected on networks, " in dispatch("editions", "show", edition).out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--snippet", "spring"), "write CHANNEL=TEXT, or CHANNEL:POST=TEXT"),
        (("--snippet", "bird=x"), "snippet bird: the edition has no snippets on 'bird'"),
        (("--not-there",), "says with --repost that it is to be posted again"),
    ],
)
def test_what_cannot_be_read_of_a_snippet_is_refused(dispatch, posted, options, said):
    refused = dispatch("editions", "amend", posted[0], *options)

    assert refused.code
    assert said in refused.err.replace("\n", " ")


@pytest.mark.parametrize(
    ("came", "sentence"),
    [
        (Came.SAME, "says so already"),
        (Came.EDITED, "edited: https://x.example/1"),
        (Came.REPOSTED, "deleted and posted again: https://x.example/1"),
        (
            Came.FIXED,
            (
                "cannot be edited there - delete it by hand: https://x.example/1, "
                "or amend with --repost"
            ),
        ),
        (Came.DELETED, "deleted, and not posted again: away - amend with --repost"),
        (Came.FAILED, "stays as it was: away"),
        (
            Came.UNKNOWN,
            (
                "nobody knows whether it is there: away - look there; where it is not, "
                "amend with --repost --not-there"
            ),
        ),
    ],
)
def test_each_outcome_is_a_sentence_with_advice(came, sentence):
    one = Corrected(1, "x", "7", "Spring", came, "https://x.example/1", "away", can_delete=True)

    assert told(one) == f"x, Spring: {sentence}"
