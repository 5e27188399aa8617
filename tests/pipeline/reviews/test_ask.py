"""Who works on an edition tells those who approve it when it is ready, and not at each save."""

import pytest

from dispatch.errors import BadInput, ChangedMeanwhile, Conflict, NothingChanges
from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.reviews.ask import MOST_NOTE, ask_for_approval, take_back_approval
from dispatch.pipeline.reviews.decide import reject_edition
from review_stage import JEAN, MARIE

IN_REVIEW, REQUESTED = EditionState.IN_REVIEW, EditionState.CHANGES_REQUESTED


def save(desk, edition, subject, **options):
    changes = Changes(subject=subject)
    tools = {"store": desk.store, "clock": desk.clock}
    return edit_edition(edition.id, changes, by="ada", ready=False, **tools, **options)


def ask(desk, edition, **options):
    return ask_for_approval(edition.id, by="ada", store=desk.store, clock=desk.clock, **options)


def acts(desk, edition):
    with desk.store.read() as tx:
        return [one.act for one in reversed(tx.audit.about("edition", edition.id))]


def test_where_changes_were_requested_a_save_tells_nobody_before_somebody_asks(desk):
    edition = desk.made()
    desk.tell()
    desk.ask(edition, "two essays, not three")
    desk.tell()
    told = len(desk.provider.taken)

    for subject in ("One", "Two"):
        save(desk, edition, subject)
    between, quiet = desk.edition(edition), desk.tell()
    asked = ask(desk, edition, note="The subject is new.")
    desk.tell()

    assert (between.state, between.content.subject, between.author) == (REQUESTED, "Two", "ada")
    assert quiet == []
    assert asked.state is IN_REVIEW
    mails = desk.provider.taken[told:]
    assert {mail.to.email for mail in mails} == {MARIE, JEAN}
    assert all("Note from ada: The subject is new." in mail.text for mail in mails)
    assert acts(desk, edition) == [
        "edition.request_changes", "edition.edit", "edition.edit", "edition.ask",
    ]  # fmt: skip


def test_who_was_told_already_is_told_again_when_somebody_asks(desk):
    edition = desk.made()
    desk.tell()
    save(desk, edition, "Another")
    desk.tell()
    told = len(desk.provider.taken)

    ask(desk, edition, seen=desk.edition(edition).fingerprint)
    desk.tell()

    assert len(desk.provider.taken) == told + 2


def test_an_approval_is_taken_back_and_what_it_says_stays(desk):
    edition = desk.made()
    desk.approve(edition)

    back = take_back_approval(edition.id, by="ada", store=desk.store, clock=desk.clock)

    assert (back.state, back.approved_by, back.approved_fingerprint) == (IN_REVIEW, "", "")
    assert back.fingerprint == edition.fingerprint
    assert back.author == edition.author
    assert acts(desk, edition)[-1] == "edition.take_back"
    with pytest.raises(Conflict, match="nothing is approved"):
        take_back_approval(edition.id, by="ada", store=desk.store, clock=desk.clock)


def test_what_is_not_as_it_was_looked_at_is_neither_saved_nor_asked_for(desk):
    edition = desk.made()
    save(desk, edition, "Another")

    with pytest.raises(ChangedMeanwhile):
        save(desk, edition, "A third", seen=edition.fingerprint)
    with pytest.raises(ChangedMeanwhile):
        ask(desk, edition, seen=edition.fingerprint)
    with pytest.raises(NothingChanges):
        save(desk, edition, "Another")
    with pytest.raises(BadInput, match=f"write {MOST_NOTE} at most"):
        ask(desk, edition, note="x" * (MOST_NOTE + 1))
    assert desk.edition(edition).content.subject == "Another"


def test_nobody_asks_for_what_is_over(desk):
    edition = desk.made()
    reject_edition(edition.id, reason="", store=desk.store, clock=desk.clock)

    with pytest.raises(Conflict, match="rejected - there is no need to ask"):
        ask(desk, edition)


def test_the_mail_leads_to_the_page_once_somebody_can_sign_in(desk):
    edition = desk.made(MARIE)
    desk.tell()
    with desk.store.begin() as tx:
        tx.persons.add(
            handle="marie", name="", email=MARIE, roles=[Role.APPROVER], now=desk.clock()
        )
    ask(desk, edition)
    desk.tell()

    before, after = desk.provider.taken
    assert "/team/" not in before.text + before.html
    assert f"/team/editions/{edition.id}" in after.text
    assert f"/team/editions/{edition.id}" in after.html
