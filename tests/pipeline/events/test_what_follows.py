"""What follows from an event: for the address, the subscription, the delivery and the edition."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aftermath import Aftermath, told
from delivery_stage import PEOPLE, Killed
from dispatch.config.process.endings_file import EndingsFile
from dispatch.errors import OutcomeUnknown
from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.people.reader_mail import Topic
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.model.people.suppression import Target
from dispatch.pipeline.events.record import Recorded
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.suppress import lift_suppression, suppress_address
from dispatch.pipeline.people.take_in_endings import REASON
from on_sqlite import on_sqlite
from pipeline_samples import MARKERS, subscribe

ADA, BOB, EVE, ZOE = PEOPLE
MINUTE = timedelta(minutes=1)
DEAD = {"kind": EventKind.BOUNCED, "permanent": True, "reason": "550 no such user"}


@pytest.fixture
def stage(store, clock, tmp_path):
    stage = Aftermath(store, clock)
    stage.endings = Endings(EndingsFile(tmp_path / "endings"), MARKERS, clock)
    return stage


@pytest.fixture
def mails(stage):
    return stage.send()


def suppressed(stage):
    with stage.store.read() as tx:
        return {one.email: (one.reason, one.source) for one in tx.suppressions.listed()}


def test_what_is_dead_or_angry_is_never_mailed_again(stage, mails, store):
    kind = EventKind
    done = stage.tell(
        told(mails[ADA], kind.BOUNCED, permanent=True, reason="550 5.1.1 no\r\n such\x00 user"),
        told(mails[BOB], kind.COMPLAINED, said="abuse"),
        told(mails[EVE], kind.DROPPED, permanent=True, reason="x" * 900),
        told(mails[ZOE], kind.BOUNCED, reason="452 4.2.2 mailbox full"),
        told(mails[ZOE], kind.DROPPED, reason="not now"),
    )

    assert (done.new, done.suppressed) == (5, 3)
    found = suppressed(stage)
    assert found[ADA] == ("bounced: 550 5.1.1 no such user", "channel mail")
    assert found[BOB] == ("complained: abuse", "channel mail")
    assert (found[EVE][0][:12], len(found[EVE][0]), ZOE in found) == ("dropped: xxx", 200, False)
    assert len(stage.endings.file.read().endings) == 3
    assert sorted(stage.send()) == sorted(PEOPLE)
    with store.read() as tx:
        states = {one.recipient: one.state for one in tx.deliveries.latest(edition=stage.edition)}
    assert [states[one].value for one in PEOPLE] == [*("suppressed",) * 3, "accepted"]


@on_sqlite
def test_what_bounced_as_spam_is_no_complaint(stage, mails, store):
    stage.tell(told(mails[ADA], EventKind.BOUNCED, permanent=True, reason="554 taken for spam"))
    stage.tell(told(mails[BOB], EventKind.BOUNCED, permanent=True))
    stage.tell(told(mails[BOB], EventKind.COMPLAINED))

    with store.read() as tx:
        bounced = tx.suppressions.of(ADA)
        assert not bounced.is_for_good
        assert not replace(bounced, reason="refused: 550 5.1.1 nobody, or spam").is_for_good
        assert tx.suppressions.of(BOB).is_for_good
        assert [one.reason for one in tx.suppressions.history(Target(BOB))] == [
            "bounced",
            "complained",
        ]


def test_why_is_said_again_where_a_lost_database_knew_it(stage, mails, store, clock):
    for one, reason in ((ADA, REASON), (BOB, REASON), (EVE, "asked by letter")):
        suppress_address(one, reason=reason, store=store, clock=clock, endings=stage.endings)

    stage.tell(
        told(mails[ADA], **DEAD), *(told(mails[one], EventKind.COMPLAINED) for one in PEOPLE)
    )

    reasons = {email: reason for email, (reason, _) in suppressed(stage).items()}
    assert reasons == dict.fromkeys((ADA, BOB, ZOE), "complained") | {EVE: "asked by letter"}


def test_what_was_lifted_since_it_happened_stays_lifted(stage, mails, store, clock):
    early = told(mails[ADA], EventKind.BOUNCED, permanent=True, at=clock(), id="early")
    stage.tell(early)
    clock.advance(MINUTE)
    lift_suppression(
        Target(ADA), note="mended", store=store, clock=clock, endings=stage.endings, by="marie"
    )
    clock.advance(MINUTE)
    before_it = told(mails[ADA], EventKind.COMPLAINED, at=clock() - 2 * MINUTE)

    assert stage.tell(early, before_it).suppressed == 0
    assert stage.tell(told(mails[ADA], EventKind.BOUNCED, permanent=True)).suppressed == 1


def test_who_unsubscribes_there_has_left_the_audience_unless_they_came_back(stage, mails, clock):
    gone = told(mails[ADA], EventKind.UNSUBSCRIBED, at=clock())
    long_ago = told(mails[BOB], EventKind.UNSUBSCRIBED, at=clock() - timedelta(days=9))

    assert stage.tell(gone, long_ago).left == 1
    assert stage.tell(told(mails[ADA], EventKind.UNSUBSCRIBED, at=clock(), id="2")).left == 0
    with stage.store.read() as tx:
        ada, bob = tx.subscribers.find(ADA), tx.subscribers.find(BOB)
        assert tx.consents.standing(ada.id)["readers"].state is SubscriptionState.ENDED
        assert tx.consents.standing(bob.id)["readers"].state is SubscriptionState.ACTIVE
        assert tx.record.words(ada.id)[-1].source == "unsubscribed (channel mail)"
        assert tx.endings.known(MARKERS.left(ADA, "readers"))


def test_three_soft_bounces_of_five_are_too_many_unless_something_was_delivered(stage, clock):
    full = {"kind": EventKind.BOUNCED, "reason": "452 mailbox full"}
    for number in range(3):
        mails = stage.send()
        stage.tell(told(mails[ADA], **full), told(mails[BOB], **full))
        if number == 1:
            stage.tell(told(mails[BOB], at=clock(), id="arrived"))
        assert number == 2 or not suppressed(stage)

    assert list(suppressed(stage)) == [ADA]
    assert suppressed(stage)[ADA][0] == "bounced softly 3 of 3 times: 452 mailbox full"


def test_three_soft_bounces_told_at_once_are_too_many_and_older_ones_are_not_counted(stage):
    sent = [stage.send() for _ in range(6)]
    soft = [told(one[ADA], EventKind.BOUNCED) for one in sent]

    assert stage.tell(*soft[:1], *soft[4:]).suppressed == 0
    assert stage.tell(soft[3]).suppressed == 1


def test_a_delivery_is_found_by_whom_it_was_to_and_the_providers_id(stage, store):
    stage.provider.ids = iter(("p1", "p2", "p3", "p4"))
    sent = stage.send()
    ada = sent[ADA]
    theirs = {"kind": EventKind.BOUNCED, "permanent": True, "provider_id": ada.provider_id}

    assert ada.provider_id
    assert stage.tell(Event(**theirs, recipient=BOB)).strangers == 1
    assert stage.tell(Event(**theirs, recipient="Ada@Example.org")).strangers == 0
    assert list(suppressed(stage)) == [ADA]
    with store.read() as tx:
        assert list(tx.later.of([ada.id])) == [ada.id]


@on_sqlite
def test_an_id_that_comes_again_for_something_else_is_told_anew(stage, mails):
    soft = told(mails[ADA], EventKind.BOUNCED, id="m1")
    hard = told(mails[ADA], EventKind.BOUNCED, id="m1", permanent=True)
    sent = told(mails[ADA], id="m1")

    assert stage.tell(soft).suppressed == 0
    assert stage.tell(soft, hard, sent, hard) == Recorded(2, 2)
    assert stage.tell(sent, hard, soft) == Recorded(0, 3)
    assert list(suppressed(stage)) == [ADA]


def test_one_id_for_what_became_of_several_mails_hides_none_of_them(stage, mails):
    dead = [told(mails[one], id="call 1", **DEAD) for one in PEOPLE]

    assert stage.tell(*dead[:2], dead[0]) == Recorded(2, 1)
    assert stage.tell(*dead, dead[3]) == Recorded(2, 3)
    assert sorted(suppressed(stage)) == sorted(PEOPLE)


def test_a_domain_in_letters_of_its_own_is_the_one_that_the_reader_has(stage, store, clock):
    subscribe(store, clock, "ada@xn--mller-kva.example")
    stage.provider.ids = map(str, range(9))
    mail = stage.send()["ada@xn--mller-kva.example"]

    stage.tell(Event(**DEAD, recipient="Ada@Müller.example", provider_id=mail.provider_id))

    assert list(suppressed(stage)) == ["ada@xn--mller-kva.example"]


def test_a_mail_about_their_own_affairs_suppresses_too(stage, store, clock):
    with store.begin() as tx:
        tx.reader_mails.add(
            Topic.CONFIRM, "typo@example.org", subject_id="s1", via="mail", now=clock()
        )
        [mail] = tx.reader_mails.due(now=clock(), limit=1)

    assert stage.tell(Event(**DEAD, delivery=f"s2.reader-mail-{mail.id}")).strangers == 1
    assert stage.tell(Event(**DEAD, delivery=mail.message_id)).strangers == 0
    assert list(suppressed(stage)) == ["typo@example.org"]


def tell_of_it(stage, error):
    """What a provider tells while the answer to the hand-over is still awaited, in vain."""
    with stage.store.read() as tx:
        [sending] = tx.deliveries.latest(states=[DeliveryState.SENDING])
    stage.tell(told(sending))
    raise error


class TestLostAnswers:
    """A delivery whose answer was lost was accepted, where something is told of it."""

    @pytest.fixture
    def lost(self, stage):
        def lose():
            raise OutcomeUnknown("no answer")

        stage.begin()
        stage.during_call(1, lose)
        return stage

    def test_it_is_accepted_by_what_is_told(self, lost):
        lost.deliver_until_the_end(timedelta(minutes=2))
        [unknown] = lost.deliveries(DeliveryState.UNKNOWN)

        done = lost.tell(told(unknown, EventKind.DEFERRED, provider_id="p9"))

        assert done.believed == 1
        assert lost.counts == {DeliveryState.ACCEPTED: 4}
        [believed] = [one for one in lost.deliveries(DeliveryState.ACCEPTED) if one.reason]
        assert (believed.id, believed.provider_id) == (unknown.id, "p9")
        with lost.store.read() as tx:
            [listed] = tx.listed_editions.page(now=lost.clock(), most=1)
            assert not listed.trouble

    @on_sqlite
    @pytest.mark.parametrize("window", [timedelta(0), MINUTE])
    def test_also_where_it_was_told_while_we_waited(self, stage, window):
        stage.drops_repeats_for = window  # where it may be repeated, until that is over
        stage.begin()
        stage.during_call(1, lambda: tell_of_it(stage, OutcomeUnknown("no answer")))
        stage.deliver_until_the_end(timedelta(minutes=2))

        assert stage.counts == {DeliveryState.ACCEPTED: 4}

    @on_sqlite
    def test_also_where_the_edition_is_cancelled_before_it_is_repeated(self, stage):
        stage.drops_repeats_for = timedelta(hours=1)
        stage.begin()
        stage.during_call(1, lambda: tell_of_it(stage, OutcomeUnknown("no answer")))
        stage.deliver()
        stage.cancel()

        assert stage.counts == {DeliveryState.ACCEPTED: 1, DeliveryState.FAILED: 3}

    def test_also_where_the_worker_died_after_it(self, stage):
        stage.begin()
        stage.during_call(1, lambda: tell_of_it(stage, Killed()))
        with pytest.raises(Killed):
            stage.deliver()
        stage.clock.advance(timedelta(minutes=3))
        stage.deliver_until_the_end()

        assert stage.counts == {DeliveryState.ACCEPTED: 4}


def test_what_comes_back_counts_for_the_refusal_limit(stage, store, clock):
    subscribe(store, clock, *(f"r{one}@example.org" for one in range(120)))
    stage.batch = 200
    stage.begin()
    stage.during_call(1, stage.pause)  # so that the edition is not over
    stage.deliver()
    stage.go_on()
    with store.begin() as tx:
        tx.editions.count_answers(stage.edition_id, answered=120, refused=0)
    sent = list(stage.mails.values())
    complaints = [told(one, EventKind.COMPLAINED) for one in sent]

    assert stage.tell(*complaints[:5]).paused == ()
    assert stage.tell(*complaints[:13]).paused == (stage.edition_id,)
    assert stage.edition.reason.startswith(
        "13 of 120 were refused, bounced or complained about, more than 10%"
    )


def test_what_comes_back_at_once_pauses_an_edition_in_the_middle_of_a_batch(stage, store, clock):
    subscribe(store, clock, *(f"r{one}@example.org" for one in range(300)))
    stage.batch = 20
    stage.begin()
    send = stage.provider.send

    def send_and_tell(batch):
        outcomes = send(batch)
        clock.advance(timedelta(seconds=0.2))
        stage.tell(*(Event(**DEAD, delivery=one.id) for one in batch[:5]))
        return outcomes

    stage.provider.send = send_and_tell
    stage.deliver_until_the_end()

    assert stage.counts[DeliveryState.ACCEPTED] == 100
    assert stage.edition.reason.startswith("25 of 100 were refused, bounced")
