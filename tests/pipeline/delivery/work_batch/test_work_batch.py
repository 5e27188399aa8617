"""One batch worked off, chunk by chunk, with a ledger that answers as it is told."""

from datetime import timedelta

import pytest

from dispatch.channels.provider import READY
from dispatch.errors import OutcomeUnknown, ProviderUnavailable, TryLater
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.delivery.state import BACK_OFF
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.pipeline.delivery.settle import ASLEEP

LEASE = timedelta(minutes=2)


def test_each_is_written_down_before_it_is_handed_over_and_after_it_came_out(stage):
    handed_over = []
    hand_over = stage.wire.hand_over

    def watched(mails):
        handed_over.append((len(stage.ledger.commits), [mail.id for mail in mails]))
        hand_over(mails)

    stage.wire.hand_over = watched

    work = stage.work()

    assert stage.ledger.commits == [
        ([1], {}, {}),
        ([2], {1: "taken-m1"}, {}),
        ([3], {2: "taken-m2"}, {}),
        ([], {3: "taken-m3"}, {}),
    ]
    assert handed_over == [(1, ["m1"]), (2, ["m2"]), (3, ["m3"])]
    assert (work.ended, work.answered, work.refused) == (3, 3, 0)
    assert (work.halted, work.trouble, stage.progress) == (False, None, [1, 1, 1])


def test_what_is_not_granted_is_not_handed_over(stage):
    stage.ledger.withheld = {2}

    work = stage.work()

    assert stage.reached == ["r1@example.org", "r3@example.org"]
    assert (work.ended, work.answered, work.halted) == (3, 2, False)


def test_a_batch_that_is_somebody_elses_by_now_is_left_alone(stage):
    stage.ledger.held = False

    work = stage.work()

    assert (stage.reached, work.halted, work.ended) == ([], True, 0)
    assert len(stage.ledger.commits) == 1


class TestLease:
    @pytest.mark.parametrize("passed", [LEASE, LEASE + timedelta(seconds=1)])
    def test_nothing_is_handed_over_once_it_has_run_out(self, stage, passed):
        stage.ledger.before_return = lambda: stage.clock.advance(passed)

        work = stage.work()

        assert (stage.reached, work.halted, work.ended) == ([], True, 0)
        back = stage.ledger.settled[1]
        assert (back.state, back.reason, back.counted) == (State.PENDING, ASLEEP, False)
        assert back.due is not None

    def test_until_then_it_is(self, stage):
        stage.people = 1
        stage.ledger.before_return = lambda: stage.clock.advance(LEASE - timedelta(seconds=1))

        work = stage.work()

        assert (stage.reached, work.halted) == (["r1@example.org"], False)

    def test_nothing_is_handed_over_without_one(self, stage):
        stage.ledger.lease = None

        work = stage.work()

        assert (stage.reached, work.halted) == ([], True)
        assert stage.ledger.settled[1].reason == ASLEEP

    def test_it_is_renewed_while_answers_take_their_time(self, stage, clock):
        stage.people = 1
        stage.provider.silent = True
        poll, looks = stage.wire.poll, []

        def slow(seconds):
            looks.append(seconds)
            clock.advance(timedelta(seconds=10))
            stage.provider.silent = len(looks) < 12
            return poll(seconds)

        stage.wire.poll = slow

        stage.work()

        assert stage.ledger.commits[1:] == [([], {}, {}), ([], {1: "taken-m1"}, {})]


class TestAnswers:
    def test_a_refusal_at_the_door_is_written_with_its_intent(self, stage):
        stage.provider.on("r2@example.org", Refused("no such user"))

        work = stage.work()

        assert stage.ledger.settled[2].state is State.REFUSED
        assert any(2 in wanted and 2 in settled for wanted, _, settled in stage.ledger.commits)
        assert (work.ended, work.answered, work.refused) == (3, 3, 1)

    def test_one_to_be_tried_later_leaves_the_others_going(self, stage, clock):
        stage.provider.on("r2@example.org", TryLater("full"))

        work = stage.work()

        later = stage.ledger.settled[2]
        assert (later.state, later.due) == (State.PENDING, clock() + BACK_OFF[0])
        assert (work.halted, work.trouble, work.ended) == (False, None, 2)
        assert len(stage.reached) == 2

    def test_a_lost_answer_halts_the_channel(self, stage):
        error = OutcomeUnknown("lost")
        stage.provider.on("r1@example.org", error)

        work = stage.work()

        assert stage.ledger.settled[1].state is State.UNKNOWN
        assert (work.halted, work.trouble) == (True, error)
        assert "r3@example.org" not in stage.reached  # the second was at the door by then

    def test_a_lost_answer_is_harmless_from_the_hand_over_on(self, stage, clock):
        stage.people = 1
        stage.provider.on("r1@example.org", OutcomeUnknown("lost"))
        handed_over = clock()
        stage.wire.hand_over = _and_then(
            stage.wire.hand_over, lambda: clock.advance(timedelta(seconds=5))
        )

        stage.work(window=timedelta(minutes=1))

        again = stage.ledger.settled[1]
        assert (again.state, again.repeats_until) == (
            State.PENDING, handed_over + timedelta(minutes=1),
        )  # fmt: skip

    def test_a_service_that_is_down_has_taken_nothing(self, stage):
        error = ProviderUnavailable("down")
        stage.provider.on("r1@example.org", error)

        work = stage.work()

        assert (work.halted, work.trouble, work.ended) == (True, error, 0)
        assert stage.ledger.commits == []

    def test_an_event_of_a_stranger_changes_nothing(self, stage):
        poll, stranger = stage.wire.poll, stage.mail_to(stage.delivery(9))
        stage.wire.poll = lambda seconds: [
            (stranger, READY), (stranger, Accepted("x")), *poll(seconds),
        ]  # fmt: skip

        work = stage.work()

        assert stage.ledger.taken == {1: "taken-m1", 2: "taken-m2", 3: "taken-m3"}
        assert work.answered == 3

    def test_a_name_has_nothing_in_it_that_cannot_be_printed(self, stage):
        stage.people = 1
        stage.provider.on("r1@example.org", Accepted("a\x00b"))

        stage.work()

        assert stage.ledger.taken == {1: "ab"}

    def test_after_it_was_asked_to_stop_answers_are_still_waited_for(self, stage):
        stage.keep_going = lambda: not stage.provider.taken

        work = stage.work()

        assert stage.ledger.taken == {1: "taken-m1"}
        assert (work.halted, work.ended, stage.reached) == (True, 1, ["r1@example.org"])


def _and_then(call, act):
    def both(*given):
        call(*given)
        act()

    return both


class TestReservation:
    def test_what_is_handed_over_next_is_reserved_as_far_as_may_be_in_doubt(self, stage):
        stage.people = 6

        stage.work(reserves=4)

        assert stage.ledger.ahead[:4] == [[2, 3, 4], [3, 4, 5], [4, 5, 6], [5, 6]]

    def test_of_a_slow_channel_nothing_is_reserved(self, stage):
        stage.work(reserves=1)

        assert stage.ledger.ahead == [[]] * 4
