"""Many messages in one call: what becomes of each when the call goes wrong, or is late."""

import threading
from time import monotonic

import pytest

from deliver_stage import ACCEPTED, LEASE, PENDING, SENDING, UNKNOWN
from dispatch.errors import BatchRefused, OutcomeUnknown, RateLimited
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.delivery.state import BACK_OFF, DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.testing.fakes import RecordingProvider
from on_sqlite import on_sqlite
from patience import PATIENCE
from pipeline_samples import addressed_edition, channel

REFUSED = DeliveryState.REFUSED
MANY = tuple(f"r{number}@one.example" for number in range(12))


@pytest.fixture
def batch(provider):
    """All of them in one call."""
    return channel(provider)


@pytest.fixture
def many(store, clock):
    return addressed_edition(store, clock, MANY)


def turning_down(provider, is_bad, words="not allowed"):
    """Have the service turn down each call with anybody it does not like, as a whole."""
    send = provider.send

    def picky(messages):
        if any(is_bad(one.to.email) for one in messages):
            raise BatchRefused(words)
        return send(messages)

    provider.send = picky
    return send


@on_sqlite
def test_one_whom_the_service_does_not_take_keeps_the_mail_from_nobody_else(
    deliver, many, provider, batch
):
    turning_down(provider, lambda to: to == "r5@one.example")

    report = deliver(many, batch)

    assert report.counts == {ACCEPTED: 11, REFUSED: 1}
    assert set(provider.copies.values()) == {1}
    assert report.stops == ()


@on_sqlite
def test_for_the_accounts_fault_nobody_is_refused_and_the_channel_says_why(
    deliver, many, provider, batch, clock
):
    send = turning_down(provider, lambda _: True, "sender not verified")

    first = deliver(many, batch)
    clock.advance(BACK_OFF[0])
    trial = deliver(many, channel(provider))
    provider.send = send
    clock.advance(BACK_OFF[1])
    well = deliver(many, channel(provider))

    assert (first.counts, first.edition.state) == ({PENDING: 12}, EditionState.SENDING)
    [stop] = first.stops
    assert "whoever a message is for, it is turned down (sender not verified) - see whether" in stop
    assert trial.counts == {PENDING: 12}
    assert well.counts == {ACCEPTED: 12}
    assert set(provider.copies.values()) == {1}


@on_sqlite
def test_a_limit_in_the_middle_lets_the_rest_wait_without_using_up_attempts(
    deliver, many, provider, batch, store
):
    calls, send = [], provider.send

    def limited(messages):
        calls.append(len(messages))
        if len(messages) > 6:
            raise BatchRefused("too many at once")
        if len(calls) > 2:
            raise RateLimited("slow down")
        return send(messages)

    provider.send = limited
    report = deliver(many, batch)

    assert calls == [12, 6, 6]
    assert report.counts == {ACCEPTED: 6, PENDING: 6}
    provider.send = lambda messages: pytest.fail("the channel is stopped")
    assert deliver(many, batch).counts == {ACCEPTED: 6, PENDING: 6}


class TestLate:
    @pytest.fixture
    def over(self, deliver, edition):
        """What a worker makes of the edition, over a service of its own."""
        return lambda provider: deliver(edition, channel(provider)).counts

    def test_a_call_that_takes_longer_than_the_lease_is_nobody_elses(
        self, over, edition, provider, request
    ):
        store, clock = (request.getfixturevalue(name) for name in ("store", "clock"))
        send, others, pause = provider.send, [], threading.Event()

        def until():
            with store.read() as tx:
                return tx.batches.leased_until(edition.id)

        def slowly(messages):
            for _ in range(3):
                before, give_up = until(), monotonic() + PATIENCE
                clock.advance(LEASE * 0.6)
                while until() == before and monotonic() < give_up:
                    pause.wait(0.05)
            others.append(over(RecordingProvider()))
            return send(messages)

        provider.send = slowly

        assert over(provider) == {ACCEPTED: 3}
        assert others == [{SENDING: 3}]

    @pytest.mark.parametrize(
        ("answer", "counts"),
        [
            ([Accepted("a"), Refused("no"), Accepted("c")], {ACCEPTED: 2, REFUSED: 1}),
            (
                [Accepted("a"), OutcomeUnknown("lost"), Refused("no")],
                {ACCEPTED: 1, REFUSED: 1, UNKNOWN: 1},
            ),
            (OutcomeUnknown("lost"), {UNKNOWN: 3}),
            (RateLimited("slow down"), {UNKNOWN: 3}),
            (ZeroDivisionError(), {UNKNOWN: 3}),
        ],
    )
    def test_an_answer_after_the_lease_changes_what_it_knows_and_sends_nothing(
        self, over, clock, answer, counts
    ):
        provider, calls, others = RecordingProvider(), [], []

        def asleep(messages):
            calls.append(len(messages))
            clock.advance(LEASE * 2)
            others.append(over(RecordingProvider()))
            if isinstance(answer, Exception):
                raise answer
            return answer

        provider.send = asleep

        assert over(provider) == counts
        assert (others, calls) == ([{UNKNOWN: 3}], [3])
