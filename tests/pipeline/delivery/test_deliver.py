"""Delivery rows to outcomes: nobody lost, nobody twice, whatever a provider does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import (
    Conflict,
    CredentialsRefused,
    NotFound,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    RenderingStopped,
    TryLater,
)
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.delivery.state import BACK_OFF, DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import deliver_edition, report_deliveries
from dispatch.pipeline.delivery.resume import resume_channel
from dispatch.pipeline.people.subscribe import (
    end_all_subscriptions,
    suppress_address,
)
from dispatch.render.local_renderer import LocalRenderer
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import (
    ENDINGS,
    GUARD,
    LINKS,
    WITH_SOCIAL,
    approved_edition,
    bring_in,
    channel,
    recipients,
    row,
    subscribe,
)

LEASE = timedelta(minutes=2)
PEOPLE = ("ada@example.org", "bob@example.org", "eve@example.org")
ACCEPTED, UNKNOWN = DeliveryState.ACCEPTED, DeliveryState.UNKNOWN
PENDING, SENDING = DeliveryState.PENDING, DeliveryState.SENDING


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def provider():
    return RecordingProvider()


@pytest.fixture
def mail(provider):
    """One message for each call, as SMTP has it."""
    one = channel(provider)
    return replace(one, capabilities=replace(one.capabilities, batch=1))


@pytest.fixture
def edition(store, clock):
    subscribe(store, clock, *PEOPLE)
    return address_edition(approved_edition(store, clock).id, store=store, clock=clock)


@pytest.fixture
def deliver(store, clock, mail):
    def deliver(edition, over=mail, **options):
        return deliver_edition(
            edition,
            store=store,
            open_channel=lambda _: over,
            guard=GUARD,
            links=LINKS,
            clock=clock,
            lease=LEASE,
            **options,
        )

    return deliver


def states(store, edition):
    with store.read() as tx:
        found = tx.deliveries.latest(edition=edition)
        return {one.recipient: one.state.value for one in found}


def test_everybody_gets_one_and_the_edition_is_finished(deliver, edition, provider):
    report = deliver(edition)

    assert recipients(provider.taken) == sorted(PEOPLE)
    assert report.counts == {ACCEPTED: 3}
    assert report.edition.state is EditionState.FINISHED
    assert report.waiting_until is None


def test_a_second_pass_sends_nothing(deliver, edition, provider):
    deliver(edition)

    deliver(edition)

    assert len(provider.attempts) == 3


def test_a_digest_has_the_headers_that_every_digest_carries(deliver, edition, provider):
    deliver(edition)

    message = provider.taken[0]
    headers = dict(message.headers)
    assert message.message_id == f"<{message.id}@news.example>"
    assert headers["List-Id"] == "The Letter <readers.news.example>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<https://news.example/unsubscribe/")
    assert "<mailto:letter@news.example?subject=unsubscribe" in headers["List-Unsubscribe"]
    assert len({message.message_id for message in provider.taken}) == 3


def test_a_refusal_is_kept_with_its_reason_and_the_others_go_on(deliver, edition, provider, store):
    provider.always("bob@example.org", Refused("550 no such user"))

    report = deliver(edition)

    assert report.counts == {ACCEPTED: 2, DeliveryState.REFUSED: 1}
    with store.read() as tx:
        [refused] = tx.deliveries.latest(states=[DeliveryState.REFUSED])
    assert (refused.recipient, refused.reason) == ("bob@example.org", "550 no such user")


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


def test_a_provider_that_is_down_stops_its_channel_and_loses_nobody(
    deliver, edition, provider, clock
):
    provider.next(ProviderUnavailable("smtp.example.org: connection refused"))

    first = deliver(edition)
    at_once = deliver(edition)
    clock.advance(BACK_OFF[0])
    later = deliver(edition)

    assert first.counts == at_once.counts == {PENDING: 3}
    assert len(provider.attempts) == 1 + 3
    assert "channel mail is stopped until" in first.stops[0]
    assert "connection refused" in first.stops[0]
    assert later.counts == {ACCEPTED: 3}
    assert later.stops == ()


def test_a_channel_that_loses_answers_gets_one_message_at_the_next_try(
    deliver, edition, provider, clock
):
    provider.next(*[OutcomeUnknown("no answer to the mail")] * 2)
    deliver(edition)
    clock.advance(BACK_OFF[0])

    still = deliver(edition, over=channel(provider))
    clock.advance(BACK_OFF[1])
    well = deliver(edition, over=channel(provider))

    assert still.counts == {UNKNOWN: 2, PENDING: 1}
    assert well.counts == {UNKNOWN: 2, ACCEPTED: 1}


def test_a_refusal_does_not_end_a_trial(deliver, edition, provider, clock):
    provider.next(OutcomeUnknown("lost"), Refused("no such user"), OutcomeUnknown("lost"))
    deliver(edition)
    clock.advance(BACK_OFF[0])

    report = deliver(edition, over=channel(provider))

    assert report.counts == {UNKNOWN: 2, DeliveryState.REFUSED: 1}
    assert f"{clock() + BACK_OFF[1]:%H:%M} UTC" in report.stops[0]  # and no trial was the first one


def test_a_channel_that_is_resumed_after_lost_answers_gets_one_message_as_well(
    deliver, edition, provider, store, clock
):
    provider.next(*[OutcomeUnknown("no answer to the mail")] * 2)
    deliver(edition)
    resume_channel("mail", store=store, clock=clock)

    report = deliver(edition, over=channel(provider))

    assert report.counts == {UNKNOWN: 2, PENDING: 1}
    assert f"{clock() + BACK_OFF[0]:%H:%M} UTC" in report.stops[0]


def test_a_provider_that_stays_down_is_asked_ever_less_often(deliver, edition, provider, clock):
    provider.next(*[ProviderUnavailable("down")] * 3)

    for pause in BACK_OFF[:3]:
        [sentence] = deliver(edition).stops
        clock.advance(pause)

        assert f"until {clock():%Y-%m-%d %H:%M} UTC" in sentence


def test_a_delivery_that_never_gets_through_has_failed_in_the_end(
    deliver, edition, provider, clock
):
    provider.always("bob@example.org", TryLater("451 try again later"))

    for pause in (*BACK_OFF, timedelta(0)):
        report = deliver(edition)
        clock.advance(pause)

    assert report.counts == {ACCEPTED: 2, DeliveryState.FAILED: 1}
    assert report.edition.state is EditionState.FINISHED


def test_a_person_who_tries_again_and_again_uses_up_nobodys_attempts(
    deliver, edition, provider, store, clock
):
    for _ in range(len(BACK_OFF) + 2):
        provider.next(ProviderUnavailable("down"))
        down = deliver(edition)
        resume_channel("mail", store=store, clock=clock)

    assert down.counts == {PENDING: 3}
    assert deliver(edition).counts == {ACCEPTED: 3}
    assert resume_channel("mail", store=store, clock=clock) is False


def test_a_greylisted_recipient_is_tried_again_and_the_others_do_not_wait(
    deliver, edition, provider, clock
):
    provider.on("ada@example.org", TryLater("451 greylisted"))

    first = deliver(edition)
    clock.advance(BACK_OFF[0])
    second = deliver(edition)

    assert first.counts == {ACCEPTED: 2, PENDING: 1}
    assert first.waiting_until == clock()
    assert second.counts == {ACCEPTED: 3}


def test_patience_is_as_long_as_the_provider_asks_for(deliver, edition, provider, clock):
    provider.next(RateLimited("429 too many", retry_after=timedelta(minutes=42)))

    report = deliver(edition)

    assert f"{clock() + timedelta(minutes=42):%H:%M} UTC" in report.stops[0]
    clock.advance(timedelta(minutes=42))
    assert deliver(edition).counts == {ACCEPTED: 3}


def test_refused_credentials_stop_the_channel_until_a_person_acts(
    deliver, edition, provider, clock, store
):
    provider.next(CredentialsRefused("smtp.example.org: login refused"))
    deliver(edition)
    clock.advance(timedelta(days=3))
    still = deliver(edition)

    with store.begin() as tx:
        tx.channels.clear_stop("mail")
    report = deliver(edition)

    assert still.counts == {PENDING: 3}
    assert "until a person acts" in still.stops[0]
    assert report.counts == {ACCEPTED: 3}
    with store.read() as tx:
        assert {one.attempt for one in tx.deliveries.latest()} == {1}


def test_who_leaves_while_an_edition_goes_out_gets_nothing_more(
    deliver, edition, provider, store, clock
):
    def leave_after_the_first(_ended):
        end_all_subscriptions(
            "eve@example.org", source="test", store=store, clock=clock, endings=ENDINGS
        )
        suppress_address(
            "bob@example.org", reason="complaint", store=store, clock=clock, endings=ENDINGS
        )

    report = deliver(edition, progress=leave_after_the_first)

    assert recipients(provider.taken) == ["ada@example.org"]
    assert report.counts == {ACCEPTED: 1, DeliveryState.SUPPRESSED: 2}
    with store.read() as tx:
        reasons = {one.reason for one in tx.deliveries.latest(states=[DeliveryState.SUPPRESSED])}
    assert reasons == {"the subscription has ended", "the address is suppressed"}


def test_who_has_left_is_not_brought_back_by_a_file(deliver, provider, store, clock):
    subscribe(store, clock, "ada@example.org")
    end_all_subscriptions(
        "ada@example.org", source="test", store=store, clock=clock, endings=ENDINGS
    )
    new = bring_in("readers", [row("Ada@Example.org")], store=store, clock=clock)

    edition = address_edition(approved_edition(store, clock).id, store=store, clock=clock)
    deliver(edition)

    assert new == 0
    assert recipients(provider.attempts) == ["somebody@example.org"]


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


def test_what_a_provider_says_is_kept_whatever_is_in_it(deliver, edition, provider):
    provider.on("ada@example.org", Refused("no\x00 \ud800 such user"))
    provider.on("bob@example.org", Accepted("id\x00\udfff"))

    report = deliver(edition)

    assert report.counts == {ACCEPTED: 2, DeliveryState.REFUSED: 1}


def test_a_message_that_cannot_be_made_is_not_unknown(deliver, edition, provider, monkeypatch):
    def stumble(*_args, **_options):
        raise RecursionError

    monkeypatch.setattr("dispatch.render.digests.digest.DigestRenderer.render", stumble)

    report = deliver(edition)

    assert report.counts == {DeliveryState.FAILED: 3}
    assert provider.attempts == []


def test_what_is_not_rendered_because_dispatch_stops_waits_for_the_next_pass(
    deliver, edition, provider
):
    class Stopping(LocalRenderer):
        def variant(self, *_args, **_options):
            raise RenderingStopped("templates/weekly: not rendered, dispatch stops")

        digest = variant

    stopped = deliver(edition, renderer=Stopping())
    report = deliver(edition)

    assert stopped.counts == {PENDING: 3}
    assert report.counts == {ACCEPTED: 3}
    assert len(provider.attempts) == 3


def test_a_server_that_asks_for_no_patience_at_all_is_not_asked_again_at_once(
    deliver, edition, provider, clock
):
    provider.next(*[RateLimited("429", retry_after=timedelta(0))] * 9)

    for _ in range(3):
        deliver(edition)
        clock.advance(BACK_OFF[0] / 4)
    at_once = len(provider.attempts)
    clock.advance(BACK_OFF[0])
    later = deliver(edition)

    assert at_once == 1
    assert later.counts == {PENDING: 3}
    assert len(provider.attempts) == 2


def test_a_channel_that_cannot_be_opened_leaves_the_others_running(store, clock):
    subscribe(store, clock, *PEOPLE)
    edition = address_edition(
        approved_edition(store, clock, WITH_SOCIAL).id, store=store, clock=clock
    )
    working = channel(RecordingProvider(), "mastodon")

    def open_channel(name):
        if name == "mail":
            raise NotFound("channel mail: not in schedules.yaml")
        return working

    report = deliver_edition(
        edition,
        store=store,
        open_channel=open_channel,
        guard=GUARD,
        links=LINKS,
        clock=clock,
        lease=LEASE,
    )

    assert report.counts == {PENDING: 3, ACCEPTED: 1}
    assert report.stops == ("channel mail: not in schedules.yaml",)


def test_what_was_changed_after_approval_does_not_go_on_going_out(
    deliver, edition, provider, store
):
    deliver(edition, keep_going=lambda: False)
    with store._engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE editions SET content = replace(content, 'Title one', 'Title two')"
        )
    with store.read() as tx:
        changed = tx.editions.get(edition.id)

    with pytest.raises(Conflict, match="not what was approved"):
        deliver(changed)

    assert provider.attempts == []


def test_one_channels_trouble_leaves_the_other_running(store, clock):
    subscribe(store, clock, *PEOPLE)
    edition = address_edition(
        approved_edition(store, clock, WITH_SOCIAL).id, store=store, clock=clock
    )
    broken, working = RecordingProvider(), RecordingProvider()
    broken.next(ProviderUnavailable("down"))
    open_channels = {"mail": channel(broken), "mastodon": channel(working, "mastodon")}

    report = deliver_edition(
        edition,
        store=store,
        open_channel=open_channels.__getitem__,
        guard=GUARD,
        links=LINKS,
        clock=clock,
        lease=LEASE,
    )

    assert report.counts == {PENDING: 3, ACCEPTED: 1}
    assert [message.text for message in working.taken] == ["Title one https://blog.example/one"]


def test_stopping_takes_hold_between_two_hand_overs(deliver, edition, provider):
    report = deliver(edition, keep_going=lambda: not provider.attempts)

    assert report.counts == {ACCEPTED: 1, PENDING: 2}


def test_the_sum_of_all_states_is_the_audience(deliver, edition, provider, store, clock):
    provider.always("ada@example.org", Refused("no"))
    provider.on("bob@example.org", OutcomeUnknown("lost"))

    deliver(edition)

    report = report_deliveries(edition.id, store=store, now=clock())
    assert sum(report.counts.values()) == len(PEOPLE)
