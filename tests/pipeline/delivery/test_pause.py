"""Pausing, going on and cancelling: at once, for every worker, and nobody is lost by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from delivery_stage import LEASE, PEOPLE, DeliveryStage, Killed
from dispatch.errors import Conflict, NotFound, OutcomeUnknown, TryLater
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.state import BACK_OFF, DeliveryState
from dispatch.model.editions.edition import UNFINISHED, EditionState
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.pause import cancel_edition, pause_edition
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import CAMPAIGN, REVIEWED, approved_edition

ACCEPTED, UNKNOWN, FAILED = DeliveryState.ACCEPTED, DeliveryState.UNKNOWN, DeliveryState.FAILED
PENDING, SENDING = DeliveryState.PENDING, DeliveryState.SENDING


@pytest.fixture
def stage(store, clock):
    stage = DeliveryStage(store, clock)
    stage.address()
    return stage


def die():
    raise Killed


def put_off():
    raise TryLater("451 not now")


def test_a_pause_takes_hold_before_the_next_hand_over(stage):
    stage.during_call(2, stage.pause)

    report = stage.deliver()

    assert report.counts == {ACCEPTED: 2, PENDING: 2}
    assert report.edition.state is EditionState.PAUSED
    assert report.edition.reason == "the first link is dead"


def test_a_pause_takes_hold_between_two_calls_of_a_provider_that_takes_several(stage):
    stage.batch = 2
    stage.during_call(1, stage.pause)

    report = stage.deliver()

    assert report.counts == {ACCEPTED: 2, PENDING: 2}


def test_a_paused_edition_is_not_gone_on_with(stage, store):
    stage.pause()

    report = stage.deliver()

    assert report.counts == {PENDING: 4}
    assert report.leased_until is None
    assert stage.provider.attempts == []
    with store.read() as tx:
        assert tx.editions.in_state(None, UNFINISHED) == []


def test_a_resumed_edition_goes_on_where_it_stood_and_nobody_gets_it_twice(stage):
    stage.during_call(2, stage.pause)
    stage.deliver()

    resumed = stage.go_on()
    report = stage.deliver()

    assert (resumed.state, resumed.reason) == (EditionState.SENDING, "")
    assert report.counts == {ACCEPTED: 4}
    assert report.edition.state is EditionState.FINISHED
    assert stage.provider.copies == dict.fromkeys(PEOPLE, 1)


def test_what_was_to_wait_still_waits_after_a_pause(stage, clock):
    stage.provider.on("ada@example.org", TryLater("451 greylisted"))
    stage.deliver()
    stage.pause()
    stage.go_on()

    early = stage.deliver()
    clock.advance(BACK_OFF[0])
    late = stage.deliver()

    assert early.counts == {ACCEPTED: 3, PENDING: 1}
    assert late.counts == {ACCEPTED: 4}


def test_after_a_pause_the_brake_begins_to_count_anew(store, clock):
    stage = DeliveryStage(store, clock)
    people = tuple(f"reader{number}@example.org" for number in range(120))
    for one in people[:60]:
        stage.provider.always(one, Refused("550 no"))
    plan = replace(CAMPAIGN, email=EmailPlan("readers", "plain", "mail", pause_at=0.3))
    stage.address(plan, people)
    stage.provider.on(people[0], TryLater("451 not now"))

    braked = stage.deliver()
    stage.go_on()

    assert braked.edition.state is EditionState.PAUSED
    assert "59 of 119 were refused" in braked.edition.reason
    with store.begin() as tx:
        assert tx.editions.count_answers(stage.edition_id, answered=1, refused=0) == (1, 0)
    clock.advance(BACK_OFF[0])
    assert stage.deliver().edition.state is EditionState.FINISHED


def test_a_cancelled_edition_ends_with_a_named_state_for_everybody(stage):
    stage.during_call(2, stage.cancel)

    report = stage.deliver()

    assert report.counts == {ACCEPTED: 2, FAILED: 2}
    assert report.edition.state is EditionState.CANCELLED
    assert report.edition.reason == "a mistake"
    assert report.waiting_until is None
    assert {one.reason for one in stage.deliveries(FAILED)} == {"the edition was cancelled"}
    assert stage.is_all_put_away
    assert stage.provider.copies == {"ada@example.org": 1, "bob@example.org": 1}


def test_what_a_provider_puts_off_after_the_cancelling_is_not_tried_again(stage, clock):
    def cancel_and_put_off():
        stage.cancel()
        stage.provider.taken.clear()
        put_off()

    stage.during_call(1, cancel_and_put_off)

    report = stage.deliver()
    clock.advance(timedelta(days=1))
    stage.deliver()

    assert report.counts == {FAILED: 4}
    assert stage.is_all_put_away
    assert len(stage.provider.attempts) == 1


def test_a_paused_edition_can_be_cancelled(stage):
    stage.during_call(2, stage.pause)
    stage.deliver()

    stage.cancel()

    assert stage.counts == {ACCEPTED: 2, FAILED: 2}
    assert stage.is_all_put_away


def test_what_may_have_arrived_does_not_fail_by_being_cancelled(stage):
    stage.provider = RecordingProvider(drops_repeats=True)
    stage.drops_repeats_for = timedelta(hours=1)
    stage.provider.next(OutcomeUnknown("the line went dead"))
    stage.deliver()

    stage.cancel()

    assert stage.counts == {UNKNOWN: 1, FAILED: 3}
    [unknown] = stage.deliveries(UNKNOWN)
    assert unknown.reason.startswith("the edition was cancelled; it may have arrived before")


@pytest.mark.parametrize(("hold", "rest"), [("pause", PENDING), ("cancel", FAILED)])
def test_what_a_worker_that_died_had_in_hand_is_settled_by_the_sweep(stage, clock, hold, rest):
    stage.during_call(2, die)
    with pytest.raises(Killed):
        stage.deliver()
    getattr(stage, hold)()
    stage.reconcile()
    early = stage.counts

    clock.advance(LEASE)
    stage.reconcile()

    assert early == {ACCEPTED: 1, SENDING: 1, rest: 2}
    assert stage.counts == {ACCEPTED: 1, UNKNOWN: 1, rest: 2}
    assert stage.is_all_put_away == (hold == "cancel")


def test_a_cancelling_that_was_cut_short_is_ended_by_the_sweep(stage, store):
    with store.begin() as tx:
        tx.editions.move(stage.edition, EditionState.CANCELLED, reason="then the process died")

    stage.reconcile()

    assert stage.counts == {FAILED: 4}
    assert stage.is_all_put_away


def test_an_edition_can_be_cancelled_before_anybody_was_addressed(store, clock):
    edition = approved_edition(store, clock)
    stage = DeliveryStage(store, clock, edition_id=edition.id)

    cancelled = stage.cancel()
    addressed = address_edition(edition.id, store=store, clock=clock)

    assert cancelled.state is addressed.state is EditionState.CANCELLED
    assert stage.deliver().counts == {}
    assert stage.provider.attempts == []


def test_only_a_paused_edition_can_be_resumed(stage):
    for state in (EditionState.SENDING, EditionState.FINISHED):
        with pytest.raises(Conflict, match=f"is {state} - only a paused one goes on"):
            stage.go_on()
        stage.deliver()


def test_what_is_over_cannot_be_held(stage):
    stage.deliver()

    for act in (stage.pause, stage.cancel):
        with pytest.raises(Conflict, match="is finished - it cannot become"):
            act()


def test_an_edition_in_review_is_not_there_to_be_cancelled(store, clock):
    edition = approved_edition(store, clock, REVIEWED)

    with pytest.raises(Conflict, match="is in review - it cannot become cancelled"):
        cancel_edition(edition.id, reason="", store=store, clock=clock)


def test_an_edition_that_is_not_there_is_told(store, clock):
    with pytest.raises(NotFound, match="edition nope: not known"):
        pause_edition("nope", reason="", store=store, clock=clock)
