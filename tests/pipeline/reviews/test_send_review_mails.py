"""Reviewers are told what waits for them: at least once, and nothing that is no longer so."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from threading import Barrier, Thread

import pytest

from dispatch.channels.open import Channel
from dispatch.errors import (
    CredentialsRefused,
    NotFound,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.campaigns.approval import ApprovalRule, Otherwise
from dispatch.model.delivery.message import Refused
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.editions.review_mail import ReviewMail, ReviewMailState
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.reviews.decide import (
    approve_edition,
    decide_overdue,
    reject_edition,
    request_changes,
)
from dispatch.pipeline.reviews.send_review_mails import LEASE, send_review_mails
from dispatch.store.delivery.channels import Stop
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.wires import HangingProvider
from pipeline_samples import LINKS, REVIEWED, bring_in, channel, compose, entry, keep, row

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MARIE, JEAN = "marie@example.org", "jean@example.org"


class Desk:
    """An editor's desk: editions that wait, those who are told of them, and the clock above."""

    def __init__(self, store, clock) -> None:
        self.store = store
        self.clock = clock
        self.provider = RecordingProvider()

    def import_person(self, name: str) -> None:
        people = [row(f"{name or 'somebody'}@example.org", name=name)]
        bring_in("readers", people, store=self.store, clock=self.clock)

    def made(self, *tell: str, segment: str = "", **rule: object) -> Edition:
        """An edition that waits for approval, and that Marie and Jean are to be told of."""
        approval = ApprovalRule(tell=tell or (MARIE, JEAN), tell_via="mail", **rule)
        keep(self.store, entry("one"), now=self.clock())
        email = replace(REVIEWED.email, segment=segment)
        campaign = replace(REVIEWED, approval=approval, email=email)
        return compose(self.store, self.clock, campaign).edition

    def tell(self, **options: object) -> list[str]:
        """Tell what is due now; what came of it, as sentences."""
        options = {"open_channel": lambda name: channel(self.provider, name), **options}
        told = send_review_mails(store=self.store, links=LINKS, clock=self.clock, **options)
        return [str(one) for one in told]

    def edit(self, edition: Edition, subject: str | None) -> None:
        changes = Changes(subject=subject)
        edit_edition(edition.id, changes, by="ada", store=self.store, clock=self.clock)

    def approve(self, edition: Edition) -> None:
        approve_edition(edition.id, by="bob", store=self.store, clock=self.clock)

    def ask(self, edition: Edition, note: str) -> None:
        request_changes(edition.id, note=note, by="jean", store=self.store, clock=self.clock)

    def review_mails(self, edition: Edition) -> list[ReviewMail]:
        with self.store.read() as tx:
            return tx.review_mails.of(edition.id)

    def edition(self, edition: Edition) -> Edition:
        """As it is now."""
        with self.store.read() as tx:
            return tx.editions.get(edition.id)

    def claim(self) -> ReviewMail:
        """As a node does that is about to tell the one thing there is to tell."""
        with self.store.begin() as tx:
            [due] = tx.review_mails.due(now=self.clock(), limit=9)
            return tx.review_mails.claim(due, until=self.clock() + LEASE)

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """To whom and with what subject mails were taken, in order."""
        return [(mail.to.email, mail.subject) for mail in self.provider.taken]


@pytest.fixture
def desk(store, clock):
    return Desk(store, clock)


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
            (Otherwise.SKIP, "Skipped at its deadline", "Was not approved by 2026-11-24 12:00"),
            (Otherwise.SEND, "Goes out, as nobody decided", "Nobody decided by 2026-11-24 12:00"),
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
        assert desk.provider.taken[-1].subject.startswith("Still to approve until Tue")

    def test_a_reminder_says_what_it_waits_for(self, desk):
        edition = desk.made(MARIE, deadline=8 * HOUR)
        desk.ask(edition, "too long")
        desk.clock.advance(7 * HOUR)

        desk.tell()

        subject = "Still to edit until Tue 16:00: The Letter, 24 November"
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
        assert {one.state for one in desk.review_mails(edition)} == {ReviewMailState.DROPPED}

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


class TestCrashesAndOtherNodes:
    def test_a_crash_between_claim_and_outcome_repeats_it_with_the_same_message_id(self, desk):
        class Killed(BaseException):
            """Stands for the end of the process."""

        class Dies(RecordingProvider):
            def send(self, batch):
                desk.provider.send(batch)
                raise Killed

        desk.made(MARIE)
        with pytest.raises(Killed):
            desk.tell(open_channel=lambda name: channel(Dies(), name))
        at_once = desk.tell()
        desk.clock.advance(LEASE)

        after_the_lease = desk.tell()

        assert (at_once, after_the_lease) == ([], [f"told {MARIE}"])
        first, second = desk.provider.taken
        assert first.message_id == second.message_id == "<e1.notice-1@news.example>"

    def test_what_comes_out_after_the_lease_counts(self, desk):
        edition = desk.made(MARIE)
        slow = desk.claim()
        desk.clock.advance(LEASE)
        quick = desk.claim()
        with desk.store.begin() as tx:
            late = tx.review_mails.put_off(slow, due=desk.clock() + DAY, reason="slow")
            tx.review_mails.accept(slow, now=desk.clock())
            after = tx.review_mails.put_off(quick, due=desk.clock() + DAY, reason="quick")

        assert (late, after) == (False, False)
        assert [one.state for one in desk.review_mails(edition)] == [ReviewMailState.ACCEPTED]

    def test_two_nodes_tell_each_reviewer_once(self, desk):
        desk.made(*(f"reviewer{number}@example.org" for number in range(10)))
        start = Barrier(2)

        def node():
            start.wait()
            desk.tell()

        threads = [Thread(target=node) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(desk.provider.attempts) == 10

    def test_nothing_more_is_begun_when_the_service_stops(self, desk):
        desk.made()
        left = iter([True])

        desk.tell(keep_going=lambda: next(left, False))

        assert len(desk.provider.taken) == 1
        assert desk.tell() == [f"told {JEAN}"]

    def test_what_was_begun_and_not_handed_over_is_given_back_when_the_service_stops(self, desk):
        edition = desk.made(MARIE)
        going = iter([True])
        hanging = HangingProvider(desk.clock, asks=False)

        said = desk.tell(
            open_channel=lambda name: channel(hanging, name),
            keep_going=lambda: next(going, False),
        )

        [review_mail] = desk.review_mails(edition)
        assert (said, review_mail.reason, review_mail.lease_until) == ([], "", None)
        assert desk.tell() == [f"told {MARIE}"]


class TestTrouble:
    def test_a_refusal_is_noted_and_not_repeated_and_others_are_told(self, desk):
        edition = desk.made()
        desk.provider.on(MARIE, Refused("no such user"))

        first = desk.tell()
        desk.clock.advance(DAY)

        assert first == [f"{MARIE}: not told: no such user", f"told {JEAN}"]
        assert desk.tell() == []
        assert desk.review_mails(edition)[0].reason == "no such user"

    def test_a_suppressed_address_is_never_mailed(self, desk):
        desk.made()
        with desk.store.begin() as tx:
            tx.subscribers.suppress("Marie@example.org", reason="bounced", now=desk.clock())

        told = desk.tell()

        assert told == [
            f"{MARIE}: not told: the address is suppressed: bounced",
            f"told {JEAN}",
        ]

    def test_a_segment_that_cannot_tell_somebody_keeps_nobody_from_review(self, desk):
        desk.import_person("Ada")
        desk.made(MARIE, segment="1 / name|length")
        desk.import_person("")

        assert desk.tell() == [f"told {MARIE}"]
        assert "nobody knows how many people" in desk.provider.taken[-1].text

    def test_one_address_that_is_not_taken_now_is_tried_later_with_growing_pauses(self, desk):
        edition = desk.made()
        desk.provider.always(MARIE, TryLater("greylisted"))
        begin = desk.clock()
        first = desk.tell()
        moments = []
        while (review_mail := desk.review_mails(edition)[0]).state is ReviewMailState.WAITING:
            desk.clock.now = review_mail.due
            moments.append((review_mail.due - begin) / MINUTE)
            desk.tell()

        assert first == [f"{MARIE}: not told: greylisted; it is tried again", f"told {JEAN}"]
        assert moments[:5] == [1, 6, 21, 81, 141]
        assert moments[-2] < 60 * 24 * 3 <= moments[-1]
        assert (review_mail.state, review_mail.reason) == (ReviewMailState.FAILED, "greylisted")

    @pytest.mark.parametrize(
        "error",
        [
            ProviderUnavailable("no connection"),
            RateLimited("slow down"),
            CredentialsRefused("wrong password"),
        ],
    )
    def test_a_channel_in_trouble_is_asked_once_a_round_and_not_stopped_for_readers(
        self, desk, error
    ):
        desk.made()
        desk.provider.next(error)

        first = desk.tell()
        desk.clock.advance(15 * MINUTE)

        assert [one.partition(": ")[0] for one in first] == [MARIE, JEAN]
        assert len(desk.provider.attempts) == 1
        with desk.store.read() as tx:
            assert tx.channels.stop("mail") is None
        assert sorted(desk.tell()) == [f"told {JEAN}", f"told {MARIE}"]

    def test_the_wait_that_a_provider_asks_for_is_kept(self, desk):
        desk.made(MARIE)
        desk.provider.next(RateLimited("slow down", retry_after=2 * HOUR))
        desk.tell()
        desk.clock.advance(2 * HOUR - MINUTE)
        early = desk.tell()
        desk.clock.advance(MINUTE)

        assert (early, desk.tell()) == ([], [f"told {MARIE}"])

    def test_who_always_breaks_the_line_holds_up_nobody(self, desk):
        desk.made()
        desk.provider.always(MARIE, ProviderUnavailable("the line broke"))
        desk.tell()
        desk.clock.advance(MINUTE)

        assert f"told {JEAN}" in desk.tell()

    def test_a_lost_answer_is_asked_again_with_the_same_message_id(self, desk):
        desk.made(MARIE)
        desk.provider.next(OutcomeUnknown("the line broke"))
        desk.tell()
        desk.clock.advance(MINUTE)
        desk.tell()

        first, second = desk.provider.taken
        assert first.message_id == second.message_id

    @pytest.mark.parametrize("until", [timedelta(minutes=5), None])
    def test_a_channel_that_is_stopped_is_left_alone(self, desk, until):
        desk.made(MARIE)
        with desk.store.begin() as tx:
            tx.channels.put_stop(Stop("mail", until and desk.clock() + until, "over quota", 1))

        [held] = desk.tell()
        desk.clock.advance(5 * MINUTE)
        again = desk.tell()

        assert "channel mail is stopped until" in held
        assert again == ([f"told {MARIE}"] if until else [])
        assert len(desk.provider.attempts) == (1 if until else 0)

    def test_a_person_who_asks_need_not_wait_for_the_next_try(self, desk):
        desk.made(MARIE, deadline=8 * HOUR)
        desk.provider.next(ProviderUnavailable("no connection"))
        desk.tell()

        by_itself = desk.tell()
        of_another = desk.tell(campaign="another", anew=True)
        asked = desk.tell(campaign="weekly", anew=True)

        assert (by_itself, of_another, asked) == ([], [], [f"told {MARIE}"])

    def test_a_channel_that_is_gone_from_the_file_is_told_and_tried_again(self, desk):
        def gone(name: str) -> Channel:
            raise NotFound(f"channel {name}: not in schedules.yaml - name another")

        desk.made(MARIE)
        [first] = desk.tell(open_channel=gone)
        desk.clock.advance(MINUTE)

        assert first.startswith(f"{MARIE}: not told: channel mail: not in schedules.yaml")
        assert desk.tell() == [f"told {MARIE}"]

    def test_an_adapter_with_a_bug_stops_nobody(self, desk):
        class Broken(RecordingProvider):
            def send(self, batch):
                [mail] = batch
                if mail.to.email == MARIE:
                    raise ZeroDivisionError
                return desk.provider.send(batch)

        desk.made()

        first, second = desk.tell(open_channel=lambda name: channel(Broken(), name))

        assert first.startswith(f"{MARIE}: not told: mail: ZeroDivisionError inside the provider")
        assert second == f"told {JEAN}"

    def test_channels_are_closed_at_the_end(self, desk):
        class Closing(RecordingProvider):
            def close(self):
                desk.provider.closed += 1

        desk.made()
        numbers = count()

        desk.tell(open_channel=lambda name: (next(numbers), channel(Closing(), name))[1])

        assert (next(numbers), desk.provider.closed) == (1, 1)
