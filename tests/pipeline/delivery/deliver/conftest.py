"""An edition for three people, and a channel that takes one message at a time."""

from dataclasses import replace

import pytest

from deliver_stage import LEASE, PEOPLE
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import GUARD, LINKS, addressed_edition, channel


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
    return addressed_edition(store, clock, PEOPLE)


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
