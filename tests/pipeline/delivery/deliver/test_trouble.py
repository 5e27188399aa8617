"""Channels and recipients that are in trouble: who waits, how long, and who does not."""

from datetime import timedelta

from deliver_stage import ACCEPTED, LEASE, PENDING, PEOPLE, UNKNOWN
from dispatch.errors import (
    CredentialsRefused,
    NotFound,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.state import BACK_OFF, DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.resume import resume_channel
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import GUARD, LINKS, WITH_SOCIAL, addressed_edition, channel


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
    edition = addressed_edition(store, clock, PEOPLE, WITH_SOCIAL)
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


def test_one_channels_trouble_leaves_the_other_running(store, clock):
    edition = addressed_edition(store, clock, PEOPLE, WITH_SOCIAL)
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
