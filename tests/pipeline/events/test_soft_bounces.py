"""Three soft bounces among the last five mails are too many; a delivery after them resets."""

import pytest

from aftermath import Aftermath, told
from dispatch.model.delivery.event import EventKind
from dispatch.pipeline.events.soft_bounces import soft_bounces_of

ADA = "ada@example.org"


def soft(delivery, **values):
    return told(delivery, EventKind.BOUNCED, reason="452 4.2.2 mailbox full", **values)


@pytest.fixture
def stage(store, clock):
    return Aftermath(store, clock)


def near(stage):
    with stage.store.read() as tx:
        found = soft_bounces_of(tx.subscribers.find(ADA), tx=tx)
    return found.bounced, found.mails, found.limit


def test_how_near_somebody_is_can_be_read(stage):
    assert (stage.begin(), near(stage)) == (None, (0, 0, 3))
    stage.deliver_until_the_end()
    stage.tell(soft(stage.mails[ADA]))
    assert near(stage) == (1, 1, 3)
    stage.send()
    stage.tell(soft(stage.send()[ADA]))
    assert near(stage) == (2, 3, 3)
    stage.tell(told(stage.send()[ADA]))
    assert near(stage) == (0, 4, 3)
