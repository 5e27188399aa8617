"""The recording provider does what tests of others rely on."""

from datetime import timedelta

import pytest

from dispatch.errors import OutcomeUnknown, ProviderUnavailable, TryLater
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.contract import ProviderPromises
from dispatch.testing.fakes import RecordingProvider, recording_channel
from dispatch.testing.samples import a_snippet, an_email

READER = an_email().to.email


class TestRecordingProvider(ProviderPromises):
    @pytest.fixture
    def working(self):
        return RecordingProvider()


def test_answers_as_told_and_then_accepts():
    provider = RecordingProvider()
    provider.on(READER, TryLater("full"), Refused("gone"))

    with pytest.raises(TryLater):
        provider.send([an_email()])
    outcomes = [*provider.send([an_email()]), *provider.send([an_email()])]

    assert outcomes == [Refused("gone"), Accepted("taken-delivery-1")]
    assert (len(provider.attempts), provider.copies) == (3, {READER: 1})


def test_takes_nothing_of_a_batch_that_never_got_through():
    provider = RecordingProvider()
    provider.next(Accepted("1"), ProviderUnavailable("down"))

    with pytest.raises(ProviderUnavailable):
        provider.send([an_email(1), an_email(2)])

    assert provider.taken == []


def test_takes_the_message_and_loses_the_answer():
    provider = RecordingProvider()
    provider.next(OutcomeUnknown("lost"))

    with pytest.raises(OutcomeUnknown):
        provider.send([a_snippet()])

    assert provider.copies == {"delivery-1": 1}


@pytest.mark.parametrize(("remembers", "copies"), [(timedelta(hours=1), 1), (timedelta(0), 2)])
def test_drops_repeats_where_it_says_so(remembers, copies):
    channel = recording_channel(idempotent_for=remembers)

    outcomes = [channel.provider.send([an_email()]) for _ in range(2)]

    assert outcomes[0] == outcomes[1]
    assert channel.provider.copies == {READER: copies}
    assert channel.capabilities.idempotent_for == remembers
