"""Single messages over a channel, and what becomes of them where a service hangs."""

from datetime import timedelta

import pytest

from dispatch.channels.one_by_one import OneByOne
from dispatch.errors import OutcomeUnknown, ProviderUnavailable, RateLimited
from dispatch.model.delivery.message import Accepted, SocialMessage
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.wires import HangingProvider
from pipeline_samples import channel

PATIENCE = timedelta(seconds=30)
MESSAGE = SocialMessage(id="m1", text="hello")


def post(provider, clock) -> OneByOne:
    return OneByOne(channel(provider), clock=clock, patience=PATIENCE)


def send(provider, clock, *, keep_going=lambda: True):
    return post(provider, clock).send(MESSAGE, keep_going=keep_going)


def test_a_message_is_handed_over_and_its_outcome_given(clock):
    provider = RecordingProvider()

    outcome = send(provider, clock)

    assert isinstance(outcome, Accepted)
    assert provider.taken == [MESSAGE]


def test_a_providers_error_is_raised(clock):
    provider = RecordingProvider()
    provider.next(RateLimited("slow down"))

    with pytest.raises(RateLimited, match="slow down"):
        send(provider, clock)


@pytest.mark.parametrize(
    ("asks", "error", "words"),
    [
        (False, ProviderUnavailable, "mail: not ready within 30 seconds"),
        (True, OutcomeUnknown, "mail: no answer within 30 seconds - look there"),
    ],
)
def test_a_service_that_hangs_is_waited_for_just_so_long(clock, asks, error, words):
    provider, begin = HangingProvider(clock, asks=asks), clock()

    with pytest.raises(error, match=words):
        send(provider, clock)

    assert clock() - begin <= PATIENCE + timedelta(seconds=1)
    assert provider.closed == 1


@pytest.mark.parametrize(("asks", "looks"), [(False, 1), (True, 60)])
def test_when_we_are_to_stop_only_what_was_handed_over_is_waited_for(clock, asks, looks):
    provider = HangingProvider(clock, asks=asks)

    with pytest.raises(OutcomeUnknown if asks else ProviderUnavailable):
        send(provider, clock, keep_going=lambda: False)

    assert provider.looks == looks
