"""Who may let an edition go out, what changes are asked for, and what the deadline does."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from dispatch.errors import BadInput, Conflict
from dispatch.model.campaigns.approval import BY_DEADLINE, ApprovalRule, Otherwise
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState, stage
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.reviews.decide import approve_edition, decide_overdue, request_changes
from pipeline_samples import (
    CAMPAIGN,
    FEEDS,
    PUBLISHER,
    REVIEWED,
    TEMPLATE,
    compose,
    entry,
    keep,
    why_nothing,
)

HOUR = timedelta(hours=1)
IN_REVIEW, APPROVED = EditionState.IN_REVIEW, EditionState.APPROVED
REQUESTED, REJECTED = EditionState.CHANGES_REQUESTED, EditionState.REJECTED
SEND, SKIP = Otherwise.SEND, Otherwise.SKIP


def made(store, clock, campaign=REVIEWED, **rule):
    """An edition in review."""
    keep(store, entry("one"), now=clock())
    return compose(store, clock, replace(campaign, approval=ApprovalRule(**rule))).edition


def now_is(store, edition):
    with store.read() as tx:
        return tx.editions.get(edition.id)


def edit(store, clock, edition, subject="Another subject", by="ada"):
    changes = Changes(subject=subject)
    return edit_edition(edition.id, changes, by=by, store=store, clock=clock).edition


def approve(store, clock, edition, by="bob", **options):
    return approve_edition(edition.id, by=by, store=store, clock=clock, **options)


def ask(store, clock, edition, note="the lead is stale", by="bob"):
    return request_changes(edition.id, note=note, by=by, store=store, clock=clock)


def decisions(store, clock):
    return [(one.edition.state, one.decision) for one in decide_overdue(store=store, clock=clock)]


@pytest.mark.parametrize("first", [IN_REVIEW, APPROVED])
def test_requested_changes_keep_an_edition_back_until_it_is_edited(store, clock, first):
    edition = made(store, clock)
    if first is APPROVED:
        approve(store, clock, edition)

    asked = ask(store, clock, edition)

    assert (asked.state, asked.note) == (REQUESTED, "bob: the lead is stale")
    assert (asked.approved_fingerprint, asked.approved_by) == ("", "")
    with pytest.raises(Conflict, match="requested by bob: the lead is stale - edit it with"):
        approve(store, clock, edition)
    with pytest.raises(Conflict, match="is changes requested"):
        address_edition(edition.id, store=store, clock=clock)
    assert edit(store, clock, edition).state is IN_REVIEW
    approved = approve(store, clock, edition)
    assert (approved.state, approved.note) == (APPROVED, "")


def test_a_request_without_words_is_refused(store, clock):
    edition = made(store, clock)

    with pytest.raises(BadInput, match="note: is empty - say what is to be changed"):
        ask(store, clock, edition, note=" ")


def test_changes_that_turn_out_not_to_be_needed_are_answered_with_an_empty_edit(store, clock):
    edition = made(store, clock)
    ask(store, clock, edition)

    edited = edit_edition(edition.id, Changes(), by="ada", store=store, clock=clock)

    assert (edited.edition.state, edited.edition.author) == (IN_REVIEW, "")
    assert edited.edition.fingerprint == edition.fingerprint


def test_only_those_who_are_named_may_approve(store, clock):
    edition = made(store, clock, by=("Marie", "Jean"))

    with pytest.raises(Conflict, match=r"bob is not among those .* - ask one of them: Marie, Jean"):
        approve(store, clock, edition, by="bob")

    assert approve(store, clock, edition, by=" marie").state is APPROVED


def test_who_edited_it_last_may_be_barred_from_approving_it(store, clock):
    edition = made(store, clock, other_than_author=True)
    edit(store, clock, edition, by="ada")

    with pytest.raises(Conflict, match="Ada has edited it - somebody else has to approve it"):
        approve(store, clock, edition, by="Ada")

    assert approve(store, clock, edition, by="bob").state is APPROVED


def test_an_edition_that_nobody_has_edited_has_no_author(store, clock):
    edition = made(store, clock, other_than_author=True)

    assert approve(store, clock, edition, by="ada").state is APPROVED


def test_an_approval_can_name_what_was_looked_at(store, clock):
    seen = made(store, clock)
    edited = edit(store, clock, seen)

    with pytest.raises(Conflict, match="was edited meanwhile - look at it again"):
        approve(store, clock, seen, seen=seen.fingerprint[:8])

    assert approve(store, clock, seen, seen=edited.fingerprint[:8]).state is APPROVED


def test_the_deadline_skips_what_nobody_has_approved_and_frees_its_posts(store, clock):
    edition = made(store, clock, deadline=4 * HOUR)
    clock.advance(4 * HOUR - timedelta(seconds=1))
    before = decisions(store, clock)
    clock.advance(timedelta(seconds=1))

    [(state, decision)] = decisions(store, clock)

    assert before == []
    until = f"{edition.review.deadline:%Y-%m-%d %H:%M} (UTC)"
    assert (state, decision) == (REJECTED, f"was not approved by {until}")
    assert now_is(store, edition).reason == decision
    with store.read() as tx:
        assert list(map(why_nothing, tx.runs.latest())) == [decision]
        assert [post.title for post in tx.posts.unused("weekly", ["blog"])] == ["Title one"]
    with pytest.raises(Conflict, match="is rejected"):
        approve(store, clock, edition)


def test_the_deadline_lets_it_go_out_where_the_campaign_says_so(store, clock):
    edition = made(store, clock, deadline=HOUR, otherwise=SEND)
    clock.advance(HOUR)

    [(state, decision)] = decisions(store, clock)

    assert (state, decision[:18]) == (APPROVED, "nobody decided by ")
    found = now_is(store, edition)
    assert (found.approved_by, found.approved_fingerprint) == ("the deadline", edition.fingerprint)


@pytest.mark.parametrize("edited", [False, True])
def test_the_deadline_sends_nothing_to_which_somebody_objected(store, clock, edited):
    edition = made(store, clock, deadline=HOUR, otherwise=SEND)
    ask(store, clock, edition)
    if edited:
        edit(store, clock, edition)
    clock.advance(HOUR)

    [(state, decision)] = decisions(store, clock)

    assert state is REJECTED
    assert decision.endswith("; changes were requested by bob: the lead is stale")


def test_waiting_for_the_deadline_is_no_way_to_approve_ones_own_edit(store, clock):
    edition = made(store, clock, other_than_author=True, deadline=HOUR, otherwise=SEND)
    edit(store, clock, edition, by="ada")
    clock.advance(HOUR)

    [(state, decision)] = decisions(store, clock)

    assert state is REJECTED
    assert decision.endswith("; ada had edited it, so that somebody else had to")


def test_an_approved_edition_has_no_deadline_any_more(store, clock):
    edition = made(store, clock, deadline=HOUR)
    approve(store, clock, edition)
    clock.advance(HOUR)

    assert decisions(store, clock) == []
    assert now_is(store, edition).state is APPROVED


def test_an_edit_after_the_deadline_leaves_it_to_a_person(store, clock):
    edition = made(store, clock, deadline=HOUR, otherwise=SEND)
    approve(store, clock, edition)
    clock.advance(HOUR)

    edited = edit_edition(edition.id, Changes(subject="Late"), by="ada", store=store, clock=clock)

    assert (edited.voided, edited.open_ended) == (True, True)
    assert decisions(store, clock) == []


def test_a_late_run_leaves_those_who_look_their_whole_time(store, clock):
    keep(store, entry("one"), now=clock())
    slot = slot_at(clock() - 3 * HOUR, "UTC")
    campaign = replace(REVIEWED, approval=ApprovalRule(deadline=2 * HOUR))
    compose(store, clock, CAMPAIGN)  # brings somebody to write to
    keep(store, entry("two"), now=clock())

    composed = compose_edition(
        campaign,
        slot,
        store=store,
        materials=Materials(PUBLISHER, FEEDS, lambda _: TEMPLATE),
        clock=clock,
        ids=lambda: "e2",
    )

    assert composed.edition.review.deadline == clock() + 2 * HOUR


def test_without_approval_there_is_no_deadline(store, clock):
    edition = made(store, clock, CAMPAIGN, deadline=HOUR)

    assert (edition.state, edition.review.deadline) == (APPROVED, None)


def test_two_machines_decide_about_a_deadline_once(store, clock):
    made(store, clock, deadline=HOUR)
    clock.advance(HOUR)
    start, decided = Barrier(2), []

    def machine():
        start.wait()
        decided.extend(decide_overdue(store=store, clock=clock))

    threads = [Thread(target=machine) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(decided) == 1


def test_people_read_more_words_than_states_are_stored(store, clock):
    edition = made(store, clock)
    finished = replace(edition, state=EditionState.FINISHED)
    sending = replace(edition, state=EditionState.SENDING)
    accepted, pending = {DeliveryState.ACCEPTED: 3}, {DeliveryState.PENDING: 3}
    now = clock()

    assert stage(edition, {}, now=now) == "in review"
    too_late = replace(edition, state=REJECTED, ended_by=BY_DEADLINE)
    assert stage(too_late, {}, now=now) == "skipped"
    assert stage(replace(edition, state=REJECTED), {}, now=now) == "rejected"
    assert stage(finished, accepted, now=now) == "finished"
    assert stage(finished, {**accepted, DeliveryState.UNKNOWN: 1}, now=now) == "partly failed"
    assert stage(sending, pending, due=now + HOUR, now=now) == "scheduled"
    assert stage(sending, pending, due=now, now=now) == "sending"
    assert stage(sending, {**pending, **accepted}, due=now + HOUR, now=now) == "sending"
