"""Review mails when processes die, several nodes tell, and channels have trouble."""

from datetime import timedelta
from itertools import count
from threading import Barrier, Thread

import pytest

from dispatch.channels.opened import Channel
from dispatch.errors import (
    CredentialsRefused,
    NotFound,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.single_mail import MailState
from dispatch.pipeline.messages.single_mails import LEASE
from dispatch.store.delivery.channels import Stop
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.wires import HangingProvider
from pipeline_samples import channel
from review_stage import DAY, HOUR, JEAN, MARIE, MINUTE


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
        assert [one.state for one in desk.review_mails(edition)] == [MailState.ACCEPTED]

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
            tx.suppressions.add("Marie@example.org", reason="bounced", now=desk.clock())

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
        while (review_mail := desk.review_mails(edition)[0]).state is MailState.WAITING:
            desk.clock.now = review_mail.due
            moments.append((review_mail.due - begin) / MINUTE)
            desk.tell()

        assert first == [f"{MARIE}: not told: greylisted; it is tried again", f"told {JEAN}"]
        assert moments[:5] == [1, 6, 21, 81, 141]
        assert moments[-2] < 60 * 24 * 3 <= moments[-1]
        assert (review_mail.state, review_mail.reason) == (MailState.FAILED, "greylisted")

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
