"""The recording wire does what tests of the engine rely on."""

from typing import Any

import pytest

from dispatch.channels.provider import READY, Wire, Wired
from dispatch.errors import CredentialsRefused, OutcomeUnknown, RateLimited, TryLater
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.contract import ProviderPromises
from dispatch.testing.samples import a_mail
from dispatch.testing.wires import WiredProvider
from wire_driver import drive, judge

MAILS = [a_mail(number) for number in range(9)]


class TestWiredProvider(ProviderPromises):
    @pytest.fixture
    def working(self):
        return WiredProvider()


def test_is_wired_and_its_wire_is_one():
    provider = WiredProvider()
    wire: Wire[Any] = provider.open_wire(2)

    assert isinstance(provider, Wired)
    assert wire.room == 6
    assert provider.wires == [wire]


def test_takes_everything_with_one_mail_in_flight_for_each_connection():
    provider = WiredProvider()
    wire = provider.open_wire(3)

    result = drive(wire, MAILS)

    judge(result, MAILS, provider.copies)
    assert result.kinds() == {Accepted}
    assert wire.most_in_flight == 3


def test_answers_when_a_server_would():
    provider = WiredProvider()
    provider.on(MAILS[0].recipient, Refused("gone"))
    provider.on(MAILS[1].recipient, OutcomeUnknown("lost"))
    provider.late(MAILS[2].recipient, TryLater("full"))

    result = drive(provider.open_wire(3), MAILS)

    judge(result, MAILS, provider.copies)
    assert [type(result.came_out[mail.recipient]) for mail in MAILS[:4]] == [
        Refused, OutcomeUnknown, TryLater, Accepted,
    ]  # fmt: skip
    assert MAILS[0].recipient not in result.told_ready
    assert MAILS[2].recipient in result.told_ready
    assert len(provider.attempts) == len(MAILS)


@pytest.mark.parametrize("error", [RateLimited("slow"), CredentialsRefused("who")])
def test_raises_what_concerns_everybody_after_what_came_before(error):
    provider = WiredProvider()
    provider.next(Accepted("1"), error)

    result = drive(provider.open_wire(3), MAILS)

    assert result.stopped is error
    assert result.kinds() == {Accepted}
    assert len(provider.taken) == 1


def test_answers_nothing_while_silent():
    provider = WiredProvider()
    provider.silent = True
    wire = provider.open_wire(1)
    wire.offer(MAILS[:2])
    assert wire.poll(0) == [(MAILS[0], READY)]
    wire.hand_over([MAILS[0]])

    events = wire.poll(0)

    assert events == []
    assert (wire.in_flight, provider.taken) == (1, [MAILS[0]])
