"""Correcting what the page of an edition says: what is refused, and what is kept."""

import pytest

from archive_stage import archive_in
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.editions.amendment import Amendment, amended
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.archive.amend import Corrections, amend_edition


@pytest.fixture(scope="module")
def archive(tmp_path_factory, migrated_sqlite):
    folder = tmp_path_factory.mktemp("amend") / "letters"
    with archive_in(folder, migrated_sqlite) as archive:
        yield archive


@pytest.fixture
def amend(archive):
    """Corrects the first edition."""

    def amend(*args, note="a typo", edition="", campaigns=None, **corrections):
        return amend_edition(
            edition or archive.ids()[0],
            Corrections(**corrections),
            note=note,
            by="marie",
            campaigns=archive.app.workspace.campaigns if campaigns is None else campaigns,
            store=archive.app.store,
            clock=archive.clock,
        )

    return amend


@pytest.mark.parametrize(
    ("corrections", "said"),
    [
        ({}, "changes nothing on its page"),
        ({"subject": " "}, "subject: is empty"),
        ({"subject": "x" * 500}, "subject: has 500 characters"),
        ({"titles": {0: "x"}}, "post 0: is not in edition"),
        ({"texts": {1: ""}}, "text of post 1: is empty"),
        ({"texts": {1: "x" * 10_001}}, "text of post 1: has 10001 characters"),
        ({"subject": "x", "note": " \n"}, "note: is empty"),
        ({"subject": "x", "note": "\u200b"}, "note: is empty"),
        ({"subject": "x", "note": "x" * 301}, "note: has 301 characters"),
        ({"subject": "x", "campaigns": {}}, "campaign weekly has no archive"),
        ({"subject": "x", "edition": "zz"}, "edition zz: not known"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_with_a_reason(amend, archive, corrections, said):
    with archive.app.store.read() as tx:
        [post, *_] = tx.editions.get(archive.ids()[0]).content.posts
    if "texts" in corrections:
        corrections = {**corrections, "texts": {post.id: corrections["texts"][1]}}
        said = said.replace("post 1", f"post {post.id}")

    with pytest.raises((BadInput, Conflict, NotFound), match=said):
        amend(**corrections)

    with archive.app.store.read() as tx:
        assert tx.archive.amendments(archive.ids()[0]) == []


def test_what_has_not_gone_out_is_edited_instead(amend, archive):
    first = archive.ids()[0]
    with archive.app.store.read() as tx:
        edition = tx.editions.get(first)
    for state, said in (
        (EditionState.APPROVED, "editions edit"),
        (EditionState.REJECTED, "has no page"),
    ):
        archive.set_state(first, state)
        with pytest.raises(Conflict, match=said):
            amend(edition=first, subject="x")
    archive.set_state(first, edition.state)


def test_a_later_correction_counts_and_both_are_on_record(amend, archive):
    second = archive.ids()[1]
    with archive.app.store.read() as tx:
        [post, *_] = tx.editions.get(second).content.posts

    amend(edition=second, subject="Once", texts={post.id: "One & <two>.\n\nThree."}, intro="Hi")
    amended_now = amend(edition=second, subject="Twice", note="again")

    with archive.app.store.read() as tx:
        found = tx.archive.of("weekly")[1]
        content, amendments = tx.archive.content(found)
    assert [one.note for one in amendments] == ["a typo", "again"]
    assert (found.amendments, found.corrected) == (2, archive.clock())
    assert amended_now.amendment.told == "subject"
    said = amended(content, amendments)
    assert (content.subject, said.subject, said.intro) == ("", "Twice", "Hi")
    assert said.posts[0].content == "<p>One &amp; &lt;two&gt;.</p><p>Three.</p>"
    assert said.posts[0].summary == "One & <two>. Three."
    assert said.posts[1:] == content.posts[1:]


def test_an_amendment_is_kept_as_it_is(clock):
    one = Amendment("note", "marie", clock(), "Subject", None, {3: "Title"}, {4: "Text"})

    assert Amendment.of(one.changes, note="note", by="marie", at=clock()) == one
    assert one.told == "subject, title of post 3, text of post 4"
