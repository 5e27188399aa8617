"""An edition that is refused too often pauses, before the sender's good name is gone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.pause import go_on_with_edition
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import CAMPAIGN, GUARD, LINKS, approved_edition, channel, subscribe

ACCEPTED, PENDING, REFUSED = DeliveryState.ACCEPTED, DeliveryState.PENDING, DeliveryState.REFUSED


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    """Answers are added up after each batch."""
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", 50)


@pytest.fixture
def provider():
    return RecordingProvider()


@pytest.fixture
def edition(store, clock):
    """An edition for so many people, of whom some are refused, those that come first."""

    def edition(people, *, pause_at=0.1):
        subscribe(store, clock, *(f"{n:03}@example.org" for n in range(people)))
        email = replace(CAMPAIGN.email, pause_at=pause_at)
        made = approved_edition(store, clock, replace(CAMPAIGN, email=email))
        return address_edition(made.id, store=store, clock=clock)

    return edition


@pytest.fixture
def deliver(store, clock, provider):
    def deliver(edition, **options):
        return deliver_edition(
            edition,
            store=store,
            open_channel=lambda _: channel(provider),
            guard=GUARD,
            links=LINKS,
            clock=clock,
            lease=timedelta(minutes=2),
            **options,
        )

    return deliver


def refuse(provider, *numbers):
    for number in numbers:
        provider.always(f"{number:03}@example.org", Refused("550 we do not know you"))


def test_an_edition_pauses_when_more_than_the_share_is_refused(deliver, edition, provider):
    refuse(provider, *range(11))

    report = deliver(edition(200))

    assert report.counts == {ACCEPTED: 89, REFUSED: 11, PENDING: 100}
    assert report.edition.state is EditionState.PAUSED
    assert report.edition.reason == (
        "11 of 100 were refused, more than 10% - look at the reasons, then resume or cancel it"
    )


def test_the_share_itself_is_not_too_much(deliver, edition, provider):
    refuse(provider, *range(10))

    report = deliver(edition(200))

    assert report.counts == {ACCEPTED: 190, REFUSED: 10}
    assert report.edition.state is EditionState.FINISHED


def test_fewer_than_a_hundred_answers_say_nothing(deliver, edition, provider):
    refuse(provider, *range(99))

    report = deliver(edition(99))

    assert report.counts == {REFUSED: 99}
    assert report.edition.state is EditionState.FINISHED


def test_an_edition_that_is_never_to_pause_goes_on(deliver, edition, provider):
    refuse(provider, *range(150))

    report = deliver(edition(150, pause_at=1.0))

    assert report.counts == {REFUSED: 150}
    assert report.edition.state is EditionState.FINISHED


def test_a_share_may_be_small(deliver, edition, provider):
    refuse(provider, 0)

    report = deliver(edition(200, pause_at=0.005))

    assert report.counts == {ACCEPTED: 99, REFUSED: 1, PENDING: 100}
    assert "1 of 100 were refused, more than 0.5% - " in report.edition.reason


def test_the_answers_of_two_workers_add_up(deliver, edition, provider):
    refuse(provider, *range(20))
    going_out = edition(200)

    first = deliver(going_out, keep_going=lambda: len(provider.attempts) < 50)
    second = deliver(going_out)

    assert first.edition.state is EditionState.SENDING
    assert first.counts == {ACCEPTED: 30, REFUSED: 20, PENDING: 150}
    assert second.edition.state is EditionState.PAUSED
    assert second.counts == {ACCEPTED: 80, REFUSED: 20, PENDING: 100}


def test_looks_before_the_end_of_a_batch(deliver, edition, provider, monkeypatch):
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", 1000)
    refuse(provider, *range(250))

    report = deliver(edition(250))

    assert report.edition.state is EditionState.PAUSED
    assert 100 <= report.counts[REFUSED] <= 110
    assert report.counts[PENDING] == 250 - report.counts[REFUSED]


def test_a_paused_edition_does_not_go_on_by_itself(deliver, edition, provider, clock):
    refuse(provider, *range(11))
    going_out = edition(200)
    deliver(going_out)
    clock.advance(timedelta(days=1))

    report = deliver(going_out)

    assert len(provider.attempts) == 100
    assert report.counts[PENDING] == 100


def test_who_lets_it_go_on_has_seen_what_was_refused_until_then(
    deliver, edition, provider, store, clock
):
    refuse(provider, *range(11), *range(100, 110))
    going_out = edition(250)
    paused = deliver(going_out).edition

    going_on = go_on_with_edition(paused.id, store=store, clock=clock)
    report = deliver(going_on)

    assert report.counts == {ACCEPTED: 229, REFUSED: 21}
    assert report.edition.state is EditionState.FINISHED


def test_what_is_refused_once_more_pauses_it_once_more(deliver, edition, provider, store, clock):
    refuse(provider, *range(250))
    paused = deliver(edition(250)).edition

    report = deliver(go_on_with_edition(paused.id, store=store, clock=clock))

    assert report.edition.state is EditionState.PAUSED
    assert report.counts == {REFUSED: 200, PENDING: 50}
