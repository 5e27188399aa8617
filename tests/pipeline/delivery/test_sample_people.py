"""Sample people get nothing from a real channel, whatever its provider; an outbox takes theirs."""

from dataclasses import replace

import pytest

from delivery_stage import LEASE, DeliveryStage
from dispatch.channels.one_by_one import OneByOne
from dispatch.channels.provider import Capabilities
from dispatch.errors import ProviderUnavailable, SampleRecipient
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.resolve import retry_failed
from dispatch.pipeline.editions.preview import send_test
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.samples import a_mail, an_email
from dispatch.testing.wires import HangingProvider
from pipeline_samples import CAMPAIGN, GUARD, LINKS, approved_edition, channel, subscribe

SAMPLES = ("kenji@readers.example", "Noor@READERS.Example", "ada@team.readers.example")
OTHERS = ("ada@example.org", "readers.example@example.org", "bob@many-readers.example")
ACCEPTED, SUPPRESSED = DeliveryState.ACCEPTED, DeliveryState.SUPPRESSED


@pytest.mark.parametrize("batch", [1, 100])
def test_each_ends_in_a_state_with_a_reason_and_the_others_get_theirs(store, clock, batch):
    stage = DeliveryStage(store, clock, batch=batch)
    stage.address(people=(*SAMPLES, *OTHERS))

    report = stage.deliver()

    assert report.counts == {ACCEPTED: len(OTHERS), SUPPRESSED: len(SAMPLES)}
    assert set(stage.provider.copies) == set(OTHERS)
    kept = stage.deliveries(SUPPRESSED)
    assert {(one.recipient, one.reason) for one in kept} == {
        (one, On.SAMPLE.value) for one in SAMPLES
    }
    assert {one.attempt for one in kept} == {0}
    assert report.ended == len(SAMPLES) + len(OTHERS)
    assert stage.is_all_put_away


def test_an_edition_for_nobody_else_is_finished_and_nothing_is_tried_again(store, clock):
    stage = DeliveryStage(store, clock)
    stage.address(people=SAMPLES)

    report = stage.deliver()
    retry_failed(by="marie", store=store, clock=clock, refused=True)

    assert (report.edition.state.value, stage.provider.attempts) == ("finished", [])
    assert stage.counts == {SUPPRESSED: len(SAMPLES)}


def test_an_outbox_that_steps_in_takes_what_waits_and_the_real_one_does_not(store, clock):
    providers = {"mail": RecordingProvider(), "box": RecordingProvider()}
    providers["mail"].always(OTHERS[0], ProviderUnavailable("connection refused"))
    channels = {name: channel(one, name) for name, one in providers.items()}
    box = replace(channels["box"].capabilities, stays_here=True)
    channels["box"] = replace(channels["box"], capabilities=box)
    subscribe(store, clock, OTHERS[0], *SAMPLES, *OTHERS[1:])
    campaign = replace(CAMPAIGN, email=replace(CAMPAIGN.email, failover=("box",)))
    made = approved_edition(store, clock, campaign)

    report = deliver_edition(
        address_edition(made.id, store=store, clock=clock),
        store=store,
        guard=GUARD,
        open_channel=channels.__getitem__,
        links=LINKS,
        clock=clock,
        lease=LEASE,
    )

    assert not providers["mail"].copies.keys() & set(SAMPLES)
    assert report.counts.get(ACCEPTED, 0) + report.counts.get(SUPPRESSED, 0) == 6
    assert set(OTHERS) <= {*providers["mail"].copies, *providers["box"].copies}


@pytest.mark.parametrize("provider", [RecordingProvider, HangingProvider])
@pytest.mark.parametrize("make", [an_email, a_mail])
def test_single_mails_are_refused_before_the_provider_hears_of_them(clock, provider, make):
    made = provider() if provider is RecordingProvider else provider(clock, asks=True)
    desk = OneByOne(channel(made), clock=clock, patience=LEASE)
    message = make(to=replace(an_email().to, email=SAMPLES[1]))

    with pytest.raises(SampleRecipient, match=f"{SAMPLES[1]}: a sample person, so channel mail"):
        desk.send(message, keep_going=lambda: True)

    assert not getattr(made, "attempts", [])


def test_a_test_mail_is_refused(store, clock):
    provider = RecordingProvider()
    subscribe(store, clock, SAMPLES[0])
    content = approved_edition(store, clock).content
    options = {"links": LINKS, "message_id": "t1", "clock": clock}

    with pytest.raises(SampleRecipient, match="write to an address of your own"):
        send_test(
            content, SAMPLES[0], via=["mail"], open_channel=lambda _: channel(provider), **options
        )

    assert provider.attempts == []


def test_a_provider_is_a_real_one_unless_it_says_otherwise():
    made = Capabilities(carries=frozenset(), source="", evidence="documented")

    assert not made.stays_here
