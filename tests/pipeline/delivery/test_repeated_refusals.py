"""What everybody is refused for is the account's: nobody counts as refused."""

from functools import partial

import pytest

from delivery_stage import DeliveryStage
from dispatch.errors import RateLimited
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.state import BACK_OFF, Delivery, DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.repeated_refusals import KEPT, RepeatedRefusals
from dispatch.pipeline.delivery.resolve import retry_failed

ACCEPTED, PENDING, REFUSED = DeliveryState.ACCEPTED, DeliveryState.PENDING, DeliveryState.REFUSED
DENIED = Refused("554 5.7.1 access denied", sure=False)
MANY = tuple(f"reader{number:02}@{'abc'[number % 3]}.example" for number in range(12))
ALIKE = tuple(f"reader{number:02}@one.example" for number in range(12))


@pytest.fixture
def stage(store, clock):
    return DeliveryStage(store, clock)


def refuse(stage, *people, outcome=DENIED):
    for one in people:
        stage.provider.always(one, outcome)


def allow(stage):
    stage.provider._always.clear()


def test_the_same_no_for_people_of_different_domains_refuses_nobody(stage):
    stage.address(people=MANY)
    refuse(stage, *MANY[4:])

    report = stage.deliver()

    assert report.counts == {ACCEPTED: 4, PENDING: 8}
    [stop] = report.stops
    assert "whoever a mail is for, it is refused (554 5.7.1 access denied) - see whether" in stop
    assert len(stage.provider.attempts) == 4 + 3
    assert report.ended == 4


def test_everybody_gets_it_once_the_account_may_send_again(stage, clock):
    stage.address(people=MANY)
    refuse(stage, *MANY)
    stage.deliver()
    clock.advance(BACK_OFF[0])
    still = stage.deliver()
    allow(stage)
    clock.advance(BACK_OFF[1])

    report = stage.deliver()

    assert still.counts == {PENDING: 12}
    assert report.counts == {ACCEPTED: 12}
    assert report.edition.state is EditionState.FINISHED
    assert set(stage.provider.copies.values()) == {1}


def test_one_domains_no_is_about_its_people(stage):
    stage.address(people=ALIKE)
    refuse(stage, *ALIKE[4:])

    report = stage.deliver()

    assert report.counts == {ACCEPTED: 4, REFUSED: 8}
    assert report.stops == ()


def test_a_no_that_is_surely_the_recipients_stays_one_however_often_it_comes(stage):
    stage.address(people=MANY)
    refuse(stage, *MANY, outcome=Refused("550 5.1.1 no such person"))

    report = stage.deliver()

    assert report.counts == {REFUSED: 12}


def test_people_who_are_refused_between_others_are_refused(stage):
    stage.address(people=MANY)
    refuse(stage, *MANY[::2])

    report = stage.deliver()

    assert report.counts == {ACCEPTED: 6, REFUSED: 6}


def test_who_is_refused_again_and_again_while_others_get_it_is_refused(stage, clock):
    stage.address(people=MANY)
    refuse(stage, *MANY[:3])
    first = stage.deliver()
    for pause in (BACK_OFF[0], BACK_OFF[0], BACK_OFF[1]):
        clock.advance(pause)
        stage.deliver()

    assert first.counts == {PENDING: 12}
    assert stage.counts == {ACCEPTED: 9, REFUSED: 3}
    assert stage.edition.state is EditionState.FINISHED


def test_a_channel_on_trial_refuses_nobody_before_it_has_accepted_something(stage, clock):
    stage.address(people=MANY)
    stage.provider.next(RateLimited("slow down"))
    stage.deliver()
    refuse(stage, *MANY)
    clock.advance(BACK_OFF[0])

    report = stage.deliver()

    assert report.counts == {PENDING: 12}
    assert "until" in report.stops[0]


def test_a_limit_is_waited_for_as_long_as_it_holds(stage, clock):
    stage.address(people=MANY[:1])
    stage.provider.next(*[RateLimited("451 4.7.0 slow down")] * 9)
    stage.deliver_until_the_end(*BACK_OFF, *[BACK_OFF[-1]] * 3)
    clock.advance(BACK_OFF[-1])

    report = stage.deliver()

    assert len(stage.provider.attempts) == 10
    assert report.counts == {ACCEPTED: 1}


def test_one_whom_a_limit_is_about_does_not_stand_before_the_others(stage, clock):
    stage.address(people=MANY)
    refuse(stage, MANY[0], outcome=RateLimited("452 not this one"))
    for pause in (BACK_OFF[0], BACK_OFF[0], BACK_OFF[1]):
        stage.deliver()
        clock.advance(pause)

    report = stage.deliver()

    assert report.counts == {ACCEPTED: 11, PENDING: 1}


class TestRetrying:
    @pytest.fixture
    def retry(self, store, clock):
        return partial(retry_failed, by="marie", store=store, clock=clock)

    def refused(self, stage, reason, *, sure=True):
        stage.address(people=ALIKE[:3])
        refuse(stage, *ALIKE[:3], outcome=Refused(reason, sure=sure))
        assert stage.deliver().counts == {REFUSED: 3}
        allow(stage)

    @pytest.mark.parametrize(
        "reason",
        [
            "550 5.4.5 Daily user sending limit exceeded.",
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        ],
    )
    def test_what_was_refused_for_a_limit_or_the_account_is_sent_again(self, stage, retry, reason):
        self.refused(stage, reason)

        [resolved] = retry()
        report = stage.deliver()

        assert (resolved.deliveries, resolved.doubtful) == (3, 0)
        assert report.counts == {ACCEPTED: 3}
        assert set(stage.provider.copies.values()) == {1}

    def test_what_leaves_it_open_is_sent_again_if_that_is_meant(self, stage, retry):
        self.refused(stage, "554 5.7.1 access denied", sure=False)

        [left] = retry()
        [resolved] = retry(refused=True)

        assert (left.deliveries, left.doubtful) == (0, 3)
        assert (resolved.deliveries, resolved.doubtful) == (3, 0)
        assert stage.deliver().counts == {ACCEPTED: 3}

    @pytest.mark.parametrize(
        "reason", ["550 5.1.1 no such person", "address: not one - correct it"]
    )
    def test_what_is_the_recipients_stays_refused(self, stage, retry, reason):
        self.refused(stage, reason)

        [resolved] = retry(refused=True)

        assert (resolved.deliveries, resolved.doubtful) == (0, 0)
        assert stage.counts == {REFUSED: 3}


def delivery(number, recipient):
    return Delivery(number, "e", "mail", recipient, "", None, PENDING, 1, 1, None)


def test_remembers_what_was_refused_while_others_were_under_way():
    repeated = RepeatedRefusals()
    repeated.add(delivery(1, "r@a.example"), "554 no")
    for _ in range(KEPT):
        repeated.end_row()
    remembered = list(repeated.keys)
    repeated.end_row()

    assert remembered == [1]
    assert not repeated.keys


@pytest.mark.parametrize(
    ("answers", "are_too_many"),
    [
        ([("a.example", "554 no"), ("b.example", "554 no"), ("c.example", "554 no")], True),
        ([("a.example", "554 no"), ("a.example", "554 no"), ("b.example", "554 no")], True),
        ([("a.example", "554 no"), ("b.example", "554 no")], False),
        ([("a.example", "554 no")] * 9, False),
        ([("a.example", "554 no"), ("b.example", "550 no"), ("c.example", "554 no")], False),
        ([(f"{one}.example", f"554 <r@{one}.example>: no, 4F{one}2") for one in "abc"], True),
    ],
)
def test_knows_one_answer_by_its_words(answers, are_too_many):
    repeated = RepeatedRefusals()

    told = [
        repeated.add(delivery(number, f"r@{domain}"), reason)
        for number, (domain, reason) in enumerate(answers)
    ]

    assert told == [False] * (len(answers) - 1) + [are_too_many]
