"""A channel with a pace, and time that passes where a worker waits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.model.campaigns.pace import Pace
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.testing.fakes import RecordingProvider
from pace_stage import LEASE
from pipeline_samples import GUARD, LINKS, PUBLISHER, addressed_edition, channel


class TimedProvider(RecordingProvider):
    """Remembers when each message came."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock
        self.moments = []

    def send(self, batch):
        self.moments += [self.clock()] * len(batch)
        return super().send(batch)


@pytest.fixture
def provider(clock):
    return TimedProvider(clock)


@pytest.fixture
def mail(provider):
    """A channel with a pace; it takes one message at a time, or so many."""

    def mail(pace=None, *, at_once=1):
        one = channel(provider)
        capabilities = replace(one.capabilities, batch=at_once)
        return replace(one, pace=pace or Pace(), capabilities=capabilities)

    return mail


@pytest.fixture
def edition(store, clock):
    """An edition for so many people, or for these addresses."""

    def edition(people, *, timezone="UTC"):
        numbered = isinstance(people, int)
        emails = [f"{n:03}@example.org" for n in range(people)] if numbered else people
        publisher = replace(PUBLISHER, timezone=timezone)
        return addressed_edition(store, clock, emails, publisher=publisher)

    return edition


@pytest.fixture
def waits():
    """The seconds of every wait so far."""
    return []


@pytest.fixture
def deliver(store, clock, waits):
    """Delivers; where a worker waits, time passes, so that nothing waits in vain for ever."""

    def wait(seconds):
        waits.append(seconds)
        assert len(waits) < 2000
        clock.advance(timedelta(seconds=seconds))

    def deliver(edition, over, **options):
        return deliver_edition(
            edition,
            store=store,
            open_channel=lambda _: over,
            guard=GUARD,
            links=LINKS,
            clock=clock,
            lease=LEASE,
            wait=wait,
            **options,
        )

    return deliver
