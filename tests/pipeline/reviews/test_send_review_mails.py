"""Reviewers are told what waits for them: at least once, and nothing that is no longer so."""

from dataclasses import replace

import pytest

from dispatch.errors import TryLater
from dispatch.model.campaigns.approval import ApprovalRule, Otherwise
from dispatch.model.delivery.single_mail import MailState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.reviews.decide import decide_overdue, reject_edition, request_changes
from pipeline_samples import REVIEWED, compose, entry, keep
from review_stage import HOUR, JEAN, MARIE, MINUTE


class TestWhatIsTold:
    def test_each_reviewer_is_told_once_that_an_edition_waits(self, desk):
        desk.made()

        first, second = desk.tell(), desk.tell()

        assert (first, second) == ([f"told {MARIE}", f"told {JEAN}"], [])
        subject = "To approve: The Letter, 24 November"
        assert desk.subjects == [(MARIE, subject), (JEAN, subject)]

    def test_nobody_is_told_where_no_approval_is_needed(self, desk):
        rule = ApprovalRule(tell=(MARIE,), tell_via="mail")
        keep(desk.store, entry("one"), now=desk.clock())
        campaign = replace(REVIEWED, approval_needed=False, approval=rule)
        compose(desk.store, desk.clock, campaign)

        assert desk.tell() == []

    def test_an_edit_of_what_was_approved_is_told_again(self, desk):
        edition = desk.made(MARIE)
        desk.tell()
        desk.approve(edition)
        desk.edit(edition, "Another")

        desk.tell()

        first, second = desk.provider.taken
        assert "Subject: Another" in second.text
        assert first.message_id != second.message_id

    def test_not_each_edit_is_told(self, desk):
        edition = desk.made(MARIE)
        desk.tell()
        desk.edit(edition, "Another")

        assert desk.tell() == []

    def test_who_was_not_told_before_an_edit_is_told_what_it_is_now(self, desk):
        edition = desk.made()
        desk.provider.on(JEAN, TryLater("mailbox full"))
        desk.tell()
        desk.edit(edition, "Another")

        again = desk.tell()

        assert again == [f"told {JEAN}"]
        assert "Subject: Another" in desk.provider.taken[-1].text

    def test_requested_changes_are_told_with_who_and_what(self, desk):
        edition = desk.made(MARIE)
        desk.tell()
        desk.ask(edition, "two, not three")
        desk.tell()
        desk.edit(edition, None)
        desk.tell()

        assert [subject for _, subject in desk.subjects] == [
            "To approve: The Letter, 24 November",
            "Changes requested: The Letter, 24 November",
            "To approve: The Letter, 24 November",
        ]
        assert "Requested by jean: two, not three." in desk.provider.taken[1].text

    @pytest.mark.parametrize(
        ("otherwise", "subject", "said"),
        [
            (
                Otherwise.SKIP,
                "Skipped at its deadline",
                "It was not approved by Tuesday, 24 November 2026, 12:00",
            ),
            (
                Otherwise.SEND,
                "Goes out, as nobody decided",
                "Nobody decided by Tuesday, 24 November 2026, 12:00",
            ),
        ],
    )
    def test_what_the_deadline_decided_is_told(self, desk, otherwise, subject, said):
        desk.made(MARIE, deadline=4 * HOUR, otherwise=otherwise)
        desk.clock.advance(4 * HOUR)
        decide_overdue(store=desk.store, clock=desk.clock)

        desk.tell()

        [mail] = desk.provider.taken
        assert mail.subject == f"{subject}: The Letter, 24 November"
        assert said in mail.text

    @pytest.mark.parametrize(("deadline", "before"), [(8 * HOUR, HOUR), (2 * HOUR, HOUR / 2)])
    def test_reviewers_are_reminded_an_hour_or_a_quarter_before_the_deadline(
        self, desk, deadline, before
    ):
        desk.made(MARIE, deadline=deadline)
        desk.tell()
        desk.clock.advance(deadline - before - MINUTE)
        early = desk.tell()
        desk.clock.advance(MINUTE)

        assert (early, desk.tell(), desk.tell()) == ([], [f"told {MARIE}"], [])
        assert desk.provider.taken[-1].subject.startswith("Still to approve by Tue")

    def test_a_reminder_says_what_it_waits_for(self, desk):
        edition = desk.made(MARIE, deadline=8 * HOUR)
        desk.ask(edition, "too long")
        desk.clock.advance(7 * HOUR)

        desk.tell()

        subject = "Still to edit by Tue 16:00: The Letter, 24 November"
        assert desk.provider.taken[-1].subject == subject

    def test_what_cannot_be_told_has_not_happened(self, desk):
        edition = desk.made(MARIE)

        with pytest.raises(ZeroDivisionError):  # after the edition's own row was written
            request_changes(edition.id, note="no", by="jean", store=desk.store, clock=lambda: 1 / 0)

        assert desk.edition(edition).state is EditionState.IN_REVIEW
        assert len(desk.review_mails(edition)) == 1


class TestWhatIsNoLongerSo:
    @pytest.mark.parametrize("what", ["approved", "rejected", "requested"])
    def test_it_is_dropped(self, desk, what):
        edition = desk.made(MARIE, deadline=8 * HOUR)
        if what == "approved":
            desk.approve(edition)
        elif what == "rejected":
            reject_edition(edition.id, reason="", store=desk.store)
        else:
            desk.ask(edition, "no")
            desk.edit(edition, "Another")
            desk.approve(edition)
        desk.clock.advance(7 * HOUR)

        assert desk.tell() == []
        assert desk.provider.attempts == []
        assert {one.state for one in desk.review_mails(edition)} == {MailState.DROPPED}

    def test_nobody_is_reminded_of_a_deadline_that_is_over(self, desk):
        desk.made(MARIE, deadline=8 * HOUR)
        desk.tell()
        desk.clock.advance(8 * HOUR)

        assert desk.tell() == []

    @pytest.mark.parametrize("otherwise", list(Otherwise))
    def test_what_the_deadline_decided_is_dropped_once_a_person_has_decided_otherwise(
        self, desk, otherwise
    ):
        edition = desk.made(MARIE, deadline=4 * HOUR, otherwise=otherwise)
        desk.clock.advance(4 * HOUR)
        decide_overdue(store=desk.store, clock=desk.clock)
        if otherwise is Otherwise.SEND:
            reject_edition(edition.id, reason="the wrong lead", store=desk.store)

        assert desk.tell() == ([] if otherwise is Otherwise.SEND else [f"told {MARIE}"])
