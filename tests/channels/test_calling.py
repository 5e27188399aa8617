"""Calls by threads: as many at once as there are connections, and nobody waits for a dead one."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.channels.calling import Calling, send_one
from dispatch.channels.one_by_one import OneByOne
from dispatch.channels.provider import READY
from dispatch.clock import system_clock
from dispatch.errors import (
    BatchRefused,
    NotHandedOver,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.fakes import RecordingProvider, recording_channel
from dispatch.testing.samples import an_email
from patience import PATIENCE


class HeldProvider(RecordingProvider):
    """Has each call wait until it is let go, and knows how many wait."""

    def __init__(self):
        super().__init__()
        self.under_way = self.most = 0
        self.began = threading.Condition()
        self.go = threading.Event()

    def send(self, batch):
        with self.began:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            self.began.notify_all()
        self.go.wait(PATIENCE)
        with self.began:
            self.under_way -= 1
        return super().send(batch)

    def reached(self, number):
        with self.began:
            assert self.began.wait_for(lambda: self.under_way >= number, PATIENCE)


@pytest.fixture
def held():
    provider = HeldProvider()
    yield provider
    provider.go.set()


def wire_to(provider, *, batch=1, connections=1, **options):
    declared = replace(recording_channel(provider).capabilities, batch=batch)
    return Calling(provider, declared, name=options.pop("name", "mail"), connections=connections)


def mails(number):
    return [an_email(one) for one in range(number)]


def ready(wire, messages):
    """Offer these; those that are READY at once."""
    wire.offer(messages)
    events = wire.poll(0)
    assert {what for _, what in events} <= {READY}
    return [message for message, _ in events]


@pytest.mark.parametrize(("batch", "connections"), [(1, 1), (1, 4), (7, 1), (7, 3), (100, 2)])
def test_everybody_gets_one(batch, connections):
    provider, messages = RecordingProvider(), mails(60)
    wire = wire_to(provider, batch=batch, connections=connections)

    came_out = {}
    waiting, offered = list(messages), 0
    while len(came_out) < len(messages):
        room = wire.room
        wire.offer(waiting[:room])
        del waiting[:room]
        events = wire.poll(1)
        wire.hand_over([message for message, what in events if what is READY])
        came_out |= {message.id: what for message, what in events if what is not READY}
        offered = max(offered, wire.in_flight)
    wire.close()

    assert set(provider.copies.values()) == {1}
    assert {type(what) for what in came_out.values()} == {Accepted}
    assert offered <= batch * connections


def test_as_many_calls_are_under_way_as_there_are_connections(held):
    wire = wire_to(held, connections=5)
    some = ready(wire, mails(12))

    wire.hand_over(some)
    held.reached(5)

    assert (len(some), wire.in_flight, wire.poll(0)) == (5, 5, [])
    held.go.set()
    assert any(isinstance(what, Accepted) for _, what in wire.poll(PATIENCE))
    assert held.most == 5


def test_ready_is_only_what_can_be_called_for_now(held):
    wire = wire_to(held, batch=3, connections=2)
    some = ready(wire, mails(20))

    assert (len(some), wire.poll(0)) == (6, [])  # however often it is asked
    wire.hand_over(some[:4])
    assert wire.poll(0) == []
    wire.withdraw(some[4:])  # all that was left of the second batch
    assert wire.poll(0) == []
    assert wire.in_flight == 4


def test_what_is_handed_over_bit_by_bit_goes_out_bit_by_bit():
    provider = RecordingProvider()
    wire = wire_to(provider, batch=10)
    some = ready(wire, mails(10))

    came_out = []
    for one in some:
        wire.hand_over([one])
        came_out += wire.poll(PATIENCE)

    assert len(provider.attempts) == 10
    assert [type(what) for _, what in came_out] == [Accepted] * 10


def test_what_is_handed_over_while_a_call_is_under_way_goes_out_by_one_more(held):
    wire = wire_to(held, batch=10)
    some = ready(wire, mails(10))
    wire.hand_over(some[:2])
    held.reached(1)
    calls = []
    send, held.send = held.send, lambda batch: calls.append(len(batch)) or send(batch)
    for one in some[2:]:  # as a pace lets them out
        wire.hand_over([one])

    held.go.set()
    came_out = 0
    while wire.in_flight:
        came_out += len(wire.poll(PATIENCE))

    assert (came_out, calls) == (10, [8])


def test_room_is_for_what_is_under_way_and_what_comes_after(held):
    wire = wire_to(held, batch=10, connections=2)

    assert wire.room == 40
    wire.hand_over(ready(wire, mails(25)))
    assert (wire.room, wire.in_flight) == (15, 20)


def test_a_wire_that_is_closed_waits_for_nobody_and_calls_nobody_any_more(held):
    wire = wire_to(held, batch=2, name="closed")
    some = ready(wire, mails(2))
    wire.hand_over(some[:1])
    held.reached(1)
    wire.hand_over(some[1:])

    wire.close()  # returns although the call is under way
    held.go.set()

    for one in threading.enumerate():
        if one.name.startswith("calls-closed-"):
            one.join(PATIENCE)
    assert len(held.attempts) == 1


def test_a_mail_by_itself_is_waited_for_no_longer_than_its_patience(held):
    post = OneByOne(
        recording_channel(held), clock=system_clock, patience=timedelta(milliseconds=10)
    )

    with pytest.raises(OutcomeUnknown, match="mail: no answer within 0 seconds - look there"):
        post.send(an_email(), keep_going=lambda: True)


def test_once_a_call_has_failed_those_that_nobody_began_with_stay_here(held):
    wire = wire_to(held, batch=4)
    held.next(RateLimited("slow down"))
    some = ready(wire, mails(8))
    wire.hand_over(some[:2])
    held.reached(1)
    wire.hand_over(some[2:])

    held.go.set()
    came_out = []
    while wire.in_flight:
        came_out += wire.poll(PATIENCE)

    assert [type(what) for _, what in came_out] == [RateLimited] * 2 + [NotHandedOver] * 2
    assert len(held.attempts) == 2


def test_what_ends_a_process_ends_it_wherever_it_was_raised():
    class Killed(BaseException):
        pass

    provider = RecordingProvider()
    provider.send = lambda batch: (_ for _ in ()).throw(Killed)
    wire = wire_to(provider)
    wire.hand_over(ready(wire, mails(1)))

    with pytest.raises(Killed):
        wire.poll(PATIENCE)


def test_a_bug_may_have_cost_the_answer():
    provider = RecordingProvider()
    provider.send = lambda batch: 1 / 0
    wire = wire_to(provider)
    wire.hand_over(ready(wire, mails(1)))

    [(_, what)] = wire.poll(PATIENCE)

    assert str(what) == "mail: ZeroDivisionError inside the provider - look there what it took"
    assert isinstance(what, OutcomeUnknown)


class TestSendOne:
    def test_gives_the_outcome(self):
        assert isinstance(send_one(RecordingProvider(), an_email(), name="mail"), Accepted)

    @pytest.mark.parametrize("error", [RateLimited("later"), ProviderUnavailable("down")])
    def test_raises_errors(self, error):
        provider = RecordingProvider()
        provider.next(error)

        with pytest.raises(type(error)):
            send_one(provider, an_email(), name="mail")

    def test_a_call_that_was_turned_down_is_a_refusal(self):
        provider = RecordingProvider()
        provider.next(BatchRefused("no such address"))

        assert send_one(provider, an_email(), name="mail") == Refused("no such address")
