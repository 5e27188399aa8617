"""Trying again what failed, and deciding about what is unknown."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from aftermath import told
from delivery_stage import LEASE, PEOPLE, DeliveryStage
from dispatch.errors import Conflict, NotFound, OutcomeUnknown, TryLater
from dispatch.model.delivery.event import EventKind
from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.state import BACK_OFF, DeliveryState, On
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.resolve import count_unknown, resolve_unknown, retry_failed
from dispatch.pipeline.events.record import record_events
from dispatch.pipeline.people.suppress import suppress_address
from dispatch.store.database.schema import editions
from dispatch.store.events.told import Told
from dispatch.testing.fakes import RecordingProvider
from patience import PATIENCE
from pipeline_samples import ENDINGS, REVIEWED, approved_edition, recipients

ACCEPTED, UNKNOWN, FAILED = DeliveryState.ACCEPTED, DeliveryState.UNKNOWN, DeliveryState.FAILED
PENDING = DeliveryState.PENDING
BOB = "bob@example.org"


@pytest.fixture
def stage(store, clock):
    stage = DeliveryStage(store, clock)
    stage.address()
    return stage


@pytest.fixture
def failed_for_bob(stage):
    """An edition, finished, with one delivery that never got through."""
    stage.provider.on(BOB, *[TryLater("451 mailbox full")] * (len(BACK_OFF) + 1))
    stage.deliver_until_the_end(*BACK_OFF)
    assert stage.counts == {ACCEPTED: 3, FAILED: 1}
    return stage


@pytest.fixture
def unknown_for_bob(stage):
    """An edition, finished, with one delivery whose answer was lost."""
    stage.provider.on(BOB, OutcomeUnknown("the line went dead"))
    stage.deliver_until_the_end(BACK_OFF[0])
    assert stage.counts == {ACCEPTED: 3, UNKNOWN: 1}
    return stage


@pytest.fixture
def retry(store, clock):
    return partial(retry_failed, by="marie", store=store, clock=clock)


@pytest.fixture
def resolve(store, clock):
    return partial(resolve_unknown, by="marie", store=store, clock=clock)


def test_what_failed_is_sent_again_and_nobody_gets_it_twice(failed_for_bob, retry):
    [resolved] = retry()
    [waiting] = failed_for_bob.deliveries(PENDING)
    report = failed_for_bob.deliver()

    assert (resolved.deliveries, resolved.edition.state) == (1, EditionState.SENDING)
    assert (waiting.recipient, waiting.attempt) == (BOB, 0)
    assert waiting.reason == "marie had it sent again"
    assert report.counts == {ACCEPTED: 4}
    assert report.edition.state is EditionState.FINISHED
    assert failed_for_bob.provider.copies == dict.fromkeys(PEOPLE, 1)


def test_what_is_tried_again_has_all_its_attempts(failed_for_bob, retry, clock):
    failed_for_bob.provider.on(BOB, TryLater("451 still full"))
    retry()

    first = failed_for_bob.deliver()
    clock.advance(BACK_OFF[0])
    second = failed_for_bob.deliver()

    assert first.counts == {ACCEPTED: 3, PENDING: 1}
    assert second.counts == {ACCEPTED: 4}


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        (EventKind.DELIVERED, 0),
        (EventKind.OPENED, 0),
        (EventKind.DEFERRED, 0),
        (EventKind.COMPLAINED, 0),
        (EventKind.BOUNCED, 1),
        (EventKind.DROPPED, 1),
        (EventKind.OTHER, 1),
    ],
)
def test_what_failed_and_is_told_to_be_under_way_is_not_sent_again(
    failed_for_bob, retry, kind, again
):
    [failed] = failed_for_bob.deliveries(FAILED)
    tools = {"store": failed_for_bob.store, "clock": failed_for_bob.clock, "endings": ENDINGS}
    record_events([told(failed, kind)], channel="mail", **tools)

    assert retry()[0].deliveries == again


def test_an_event_that_nobody_looked_for_is_found_before_a_mail_is_sent_again(
    unknown_for_bob, resolve
):
    [unknown] = unknown_for_bob.deliveries(UNKNOWN)
    with unknown_for_bob.store.begin() as tx:  # its worker died before it looked
        said = told(unknown, id="1")
        tx.events.add([Told("mail", "1", said, unknown.changed, unknown.changed, unknown.id)])

    resolve(On.RESENT)

    assert unknown_for_bob.deliver().counts == {ACCEPTED: 4}
    assert set(unknown_for_bob.provider.copies.values()) == {1}


def test_what_may_have_arrived_is_not_there_to_be_retried(unknown_for_bob, retry):
    [resolved] = retry()
    report = unknown_for_bob.deliver()

    assert (resolved.deliveries, resolved.edition.state) == (0, EditionState.FINISHED)
    assert report.counts == {ACCEPTED: 3, UNKNOWN: 1}
    assert set(unknown_for_bob.provider.copies.values()) == {1}


def test_what_cannot_be_made_again_after_a_lost_answer_has_not_failed(
    stage, clock, retry, monkeypatch
):
    def stumble(*_args, **_options):
        raise RecursionError

    stage.provider = RecordingProvider(drops_repeats=True)
    stage.drops_repeats_for = timedelta(hours=1)
    stage.provider.next(OutcomeUnknown("the line went dead"))
    stage.deliver()
    clock.advance(BACK_OFF[0])

    with monkeypatch.context() as broken:
        broken.setattr("dispatch.render.digests.digest.DigestRenderer.render", stumble)
        report = stage.deliver()
    retry()
    stage.deliver()

    assert report.counts == {UNKNOWN: 1, FAILED: 3}
    assert stage.counts == {UNKNOWN: 1, ACCEPTED: 3}
    assert recipients(stage.provider.attempts) == sorted(PEOPLE)


def test_one_channel_may_be_tried_again_and_no_other(failed_for_bob, retry):
    [other] = retry(channel="mastodon")
    [same] = retry(channel="mail")

    assert (other.deliveries, same.deliveries) == (0, 1)


def test_who_has_left_meanwhile_is_not_sent_what_failed(failed_for_bob, retry, store, clock):
    suppress_address(BOB, reason="complaint", store=store, clock=clock, endings=ENDINGS)
    retry()

    report = failed_for_bob.deliver()

    assert report.counts == {ACCEPTED: 3, DeliveryState.SUPPRESSED: 1}
    assert BOB not in failed_for_bob.provider.copies


def test_what_a_cancelled_edition_did_not_deliver_is_not_sent_any_more(stage, retry, resolve):
    stage.cancel()

    for act in (retry, partial(resolve, On.RESENT)):
        with pytest.raises(Conflict, match="was cancelled - nothing of it is sent any more"):
            act(edition_id=stage.edition_id)
        assert act() == []


def test_a_paused_edition_stays_paused_when_something_of_it_is_to_be_sent_again(stage, resolve):
    stage.provider.on(BOB, OutcomeUnknown("the line went dead"))
    stage.deliver()
    stage.pause()

    [resolved] = resolve(On.RESENT)
    held = stage.deliver()
    stage.go_on()

    assert (resolved.deliveries, resolved.edition.state) == (1, EditionState.PAUSED)
    assert held.counts == {ACCEPTED: 1, PENDING: 3}
    stage.clock.advance(BACK_OFF[0])
    assert stage.deliver().counts == {ACCEPTED: 4}


def test_what_was_not_addressed_has_nothing_to_be_tried_again(store, clock, retry):
    edition = approved_edition(store, clock, REVIEWED)

    with pytest.raises(Conflict, match="is in review - it has no deliveries"):
        retry(edition_id=edition.id)
    with pytest.raises(NotFound, match="edition nope: not known"):
        retry(edition_id="nope")


def test_a_person_may_have_it_sent_again_though_it_may_have_arrived(unknown_for_bob, resolve):
    [resolved] = resolve(On.RESENT)
    [waiting] = unknown_for_bob.deliveries(PENDING)
    report = unknown_for_bob.deliver()

    taken = [one for one in unknown_for_bob.provider.taken if one.to.email == BOB]
    assert (resolved.deliveries, resolved.edition.state) == (1, EditionState.SENDING)
    assert waiting.reason == "marie had it sent again, though it may have arrived"
    assert report.counts == {ACCEPTED: 4}
    assert len(taken) == 2
    assert len({one.message_id for one in taken}) == 1


def test_a_person_may_believe_that_it_has_arrived(unknown_for_bob, resolve):
    [resolved] = resolve(On.BELIEVED)
    report = unknown_for_bob.deliver()

    reasons = {one.recipient: one.reason for one in unknown_for_bob.deliveries(ACCEPTED)}
    assert (resolved.deliveries, resolved.edition.state) == (1, EditionState.FINISHED)
    assert reasons[BOB] == "marie accepted it"
    assert report.counts == {ACCEPTED: 4}
    assert len(unknown_for_bob.provider.attempts) == 4


def test_lists_of_editions_then_say_that_it_has_all_arrived(unknown_for_bob, resolve, store):
    before = totals(store)
    resolve(On.BELIEVED)

    assert (before, totals(store)) == ("", '{"accepted": 4}')


def totals(store):
    with store.read() as tx:
        return tx._connection.scalar(sa.select(editions.c.totals))


def test_what_is_unknown_of_a_cancelled_edition_may_still_be_accepted(stage, resolve):
    stage.provider.next(OutcomeUnknown("the line went dead"))
    stage.deliver()
    stage.cancel()

    [resolved] = resolve(On.BELIEVED, edition_id=stage.edition_id)

    assert resolved.deliveries == 1
    assert stage.counts == {ACCEPTED: 1, FAILED: 3}


def test_a_decision_may_be_about_one_recipient(unknown_for_bob, resolve, store):
    [other] = resolve(On.BELIEVED, recipient="ada@example.org")
    counted = count_unknown(On.BELIEVED, store=store, recipient="Bob@Example.org")
    [his] = resolve(On.BELIEVED, recipient="Bob@Example.org")

    assert (other.deliveries, counted, his.deliveries) == (0, 1, 1)


def test_an_answer_of_before_does_not_settle_what_is_to_be_sent_again(stage, resolve, clock):
    send = stage.provider.send

    def send_slowly(_batch):
        stage.provider.send = send
        clock.advance(LEASE * 2)
        stage.deliver()  # another worker takes over: this one is unknown
        resolve(On.RESENT)
        return [Accepted("late")]

    stage.provider.send = send_slowly
    report = stage.deliver()

    assert report.counts == {ACCEPTED: 3, PENDING: 1}
    assert stage.deliver().counts == {ACCEPTED: 4}


def test_those_whose_hour_has_not_come_are_not_hurried_by_a_retry(stage, store, clock):
    hour = clock() + timedelta(hours=3)
    taking = {"channel": "mail", "connections": 1, "at_most": None, "lease": LEASE}
    with store.begin() as tx:
        batch = tx.batches.take(stage.edition_id, ["mail"], now=clock(), **taking)
        tx.batches.put_back(batch, now=clock(), not_before=hour)

        tx.batches.reopen(stage.edition_id, now=clock())

        assert tx.batches.work(now=clock()) == []


def test_an_edition_does_not_end_while_something_is_put_back_into_it(failed_for_bob, store, clock):
    stage = failed_for_bob
    with store.begin() as tx:
        tx.editions.move(stage.edition, EditionState.SENDING)

    def finish():
        with store.begin() as tx:
            return tx.batches.finish_edition(stage.edition_id, now=clock())

    with ThreadPoolExecutor(1) as pool:
        with store.begin() as tx:
            edition = tx.editions.get(stage.edition_id, lock=True)
            finishing = pool.submit(finish)
            tx.deliveries.decide(edition, FAILED, On.RESENT, reason="", now=clock())
            tx.batches.reopen(edition.id, now=clock())
        assert finishing.result(timeout=PATIENCE) is False
