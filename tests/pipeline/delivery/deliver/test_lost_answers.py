"""What may have arrived is never sent again, and never said to have failed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deliver_stage import ACCEPTED, LEASE, PENDING, SENDING, UNKNOWN
from dispatch.errors import OutcomeUnknown, TryLater
from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.state import BACK_OFF, DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import GUARD, LINKS


class Killed(BaseException):
    """The process ends here."""


def states(store, edition):
    with store.read() as tx:
        found = tx.deliveries.latest(edition=edition)
        return {one.recipient: one.state.value for one in found}


def test_a_lost_answer_is_unknown_and_never_sent_again(deliver, edition, provider, clock):
    provider.on("ada@example.org", OutcomeUnknown("the connection was lost"))

    first = deliver(edition)
    clock.advance(BACK_OFF[0])
    second = deliver(edition)

    assert first.counts == {PENDING: 2, UNKNOWN: 1}
    assert second.counts == {ACCEPTED: 2, UNKNOWN: 1}
    assert provider.copies["ada@example.org"] == 1


def test_a_lost_answer_is_tried_again_where_the_provider_drops_repeats(
    deliver, edition, clock, mail
):
    provider = RecordingProvider(drops_repeats=True)
    provider.on("ada@example.org", OutcomeUnknown("the connection was lost"))
    capabilities = replace(mail.capabilities, idempotent_for=timedelta(hours=1))
    idempotent = replace(mail, provider=provider, capabilities=capabilities)

    deliver(edition, idempotent)
    clock.advance(BACK_OFF[0])
    report = deliver(edition, idempotent)

    assert report.counts == {ACCEPTED: 3}
    assert set(provider.copies.values()) == {1}
    assert len({m.id for m in provider.attempts if m.to.email == "ada@example.org"}) == 1


def test_a_lost_answer_is_not_tried_again_once_the_provider_has_forgotten_it(
    deliver, edition, clock, mail
):
    provider = RecordingProvider(drops_repeats=True)
    provider.next(OutcomeUnknown("lost"), OutcomeUnknown("lost again"))
    capabilities = replace(mail.capabilities, idempotent_for=timedelta(minutes=9))
    forgetful = replace(mail, provider=provider, capabilities=capabilities)

    deliver(edition, forgetful)
    clock.advance(timedelta(minutes=4))
    second = deliver(edition, forgetful)
    clock.advance(timedelta(minutes=5))
    third = deliver(edition, forgetful)

    assert second.counts == {PENDING: 3}
    assert third.counts == {ACCEPTED: 2, UNKNOWN: 1}
    assert [m.to.email for m in provider.attempts].count("ada@example.org") == 2


def test_what_may_have_arrived_is_never_said_to_have_failed(deliver, edition, clock, mail):
    provider = RecordingProvider(drops_repeats=True)
    provider.on("ada@example.org", OutcomeUnknown("lost"), *[TryLater("not now")] * 9)
    capabilities = replace(mail.capabilities, idempotent_for=timedelta(days=9))
    patient = replace(mail, provider=provider, capabilities=capabilities)

    for pause in (*BACK_OFF, timedelta(0)):
        report = deliver(edition, patient)
        clock.advance(pause)

    assert report.counts == {ACCEPTED: 2, UNKNOWN: 1}


def test_a_process_killed_in_a_hand_over_leaves_one_unknown_and_nobody_twice(
    deliver, edition, provider, store, clock
):
    send = provider.send

    def send_and_die(batch):
        outcomes = send(batch)
        if batch[0].to.email == "bob@example.org":
            raise Killed
        return outcomes

    provider.send = send_and_die
    with pytest.raises(Killed):
        deliver(edition)
    provider.send = send

    at_once = deliver(edition)
    clock.advance(LEASE)
    later = deliver(edition)

    assert at_once.counts == {ACCEPTED: 1, SENDING: 1, PENDING: 1}
    assert at_once.leased_until == clock()
    assert later.counts == {ACCEPTED: 2, UNKNOWN: 1}
    assert set(provider.copies.values()) == {1}
    assert states(store, edition)["bob@example.org"] == "unknown"
    assert later.edition.state is EditionState.FINISHED


def test_a_worker_that_slept_past_its_lease_does_not_send(edition, provider, mail, store, clock):
    moments = iter([clock(), clock(), clock() + LEASE])  # the last one: before the hand-over
    rounds = iter([True])

    report = deliver_edition(
        edition,
        store=store,
        open_channel=lambda _: mail,
        guard=GUARD,
        links=LINKS,
        clock=lambda: next(moments, clock() + LEASE),
        lease=LEASE,
        keep_going=lambda: next(rounds, False),
    )

    assert provider.attempts == []
    assert report.counts == {PENDING: 3}


def test_an_answer_that_comes_later_than_the_lease_still_counts(
    deliver, edition, provider, store, clock
):
    send, others = provider.send, []

    def send_slowly(batch):
        clock.advance(LEASE * 2)
        provider.send = send
        others.append(deliver(edition))  # another worker settles the lost one and does the rest
        return [Accepted("late")]

    provider.send = send_slowly
    report = deliver(edition)

    assert others[0].counts == {ACCEPTED: 2, UNKNOWN: 1}
    assert report.counts == {ACCEPTED: 3}
    assert len(provider.attempts) == 2


@pytest.mark.parametrize("answered", [True, False])
def test_a_batch_that_is_answered_later_than_the_lease_goes_to_nobody_twice(
    answered, deliver, edition, clock, mail
):
    batches = replace(mail, capabilities=replace(mail.capabilities, batch=100))
    provider = mail.provider
    send, others = provider.send, []

    def send_slowly(batch):
        outcomes = send(batch)
        clock.advance(LEASE * 2)
        others.append(deliver(edition, batches))  # another worker finds the batch left alone
        if not answered:
            raise OutcomeUnknown("no answer in time")
        return outcomes

    provider.send = send_slowly
    report = deliver(edition, batches)
    provider.send = send
    clock.advance(LEASE * 2)
    later = deliver(edition, batches)

    assert others[0].counts == {UNKNOWN: 3}
    assert report.counts == later.counts == ({ACCEPTED: 3} if answered else {UNKNOWN: 3})
    assert set(provider.copies.values()) == {1}


def test_a_late_loss_does_not_take_back_what_is_known(deliver, edition, provider, clock, mail):
    repeats = RecordingProvider(drops_repeats=True)
    capabilities = replace(mail.capabilities, idempotent_for=timedelta(hours=1))
    idempotent = replace(mail, provider=repeats, capabilities=capabilities)
    send = repeats.send

    def send_slowly(batch):
        clock.advance(LEASE * 2)
        repeats.send = send
        deliver(edition, idempotent)
        raise OutcomeUnknown("lost")

    repeats.send = send_slowly
    report = deliver(edition, idempotent)

    assert report.counts == {ACCEPTED: 3}


def test_a_bug_in_an_adapter_counts_as_a_lost_answer(deliver, edition, provider, clock):
    send, calls = provider.send, []

    def stumble(batch):
        calls.append(batch)
        if len(calls) == 1:
            raise ZeroDivisionError
        return send(batch)

    provider.send = stumble
    first = deliver(edition)
    clock.advance(BACK_OFF[0])
    second = deliver(edition)

    assert first.counts == {PENDING: 2, UNKNOWN: 1}
    assert second.counts == {ACCEPTED: 2, UNKNOWN: 1}


def test_an_answer_for_fewer_messages_than_were_handed_over_is_not_believed(
    deliver, edition, provider
):
    provider.send = lambda batch: []

    report = deliver(edition)

    assert report.counts == {PENDING: 2, UNKNOWN: 1}


def test_a_message_that_cannot_be_made_is_not_unknown(deliver, edition, provider, monkeypatch):
    def stumble(*_args, **_options):
        raise RecursionError

    monkeypatch.setattr("dispatch.render.digests.digest.DigestRenderer.render", stumble)

    report = deliver(edition)

    assert report.counts == {DeliveryState.FAILED: 3}
    assert provider.attempts == []
