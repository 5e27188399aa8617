"""Deliveries that are moved by people, by the sweep and after a copy was put back."""

import pytest

from deliveries_stage import E4, SECOND
from dispatch.errors import Conflict
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.delivery.state import On, Settlement
from ledger_stage import FENCE, LEASE, OURS


class TestLost:
    def test_what_earlier_holders_left_in_a_providers_hands(self, stage, rows):
        stage.delivery(State.SENDING, id=OURS.first - 1, fence=FENCE - 1)
        stage.delivery(State.SENDING, id=OURS.last + 1, fence=FENCE - 1)
        stage.delivery(State.SENDING, fence=FENCE)
        stage.delivery(State.PENDING, fence=FENCE - 1)
        lost = [
            stage.delivery(State.SENDING, id=one, fence=FENCE - 1)
            for one in (OURS.first, OURS.last)
        ]

        with rows() as some:
            found = some.lost(OURS)

        assert sorted(one.id for one in found) == lost
        assert {(one.edition_id, one.fence, one.state) for one in found} == {
            ("e4", FENCE - 1, State.SENDING)
        }

    def test_it_is_settled_as_it_is_said(self, stage, rows):
        key_, other = (stage.delivery(State.SENDING, fence=2, due=stage.clock()) for _ in range(2))
        due, until = stage.clock() + SECOND, stage.clock() + LEASE
        plain, full = (
            stage.settlement(other, State.UNKNOWN, fence=2),
            stage.settlement(
                key_, State.PENDING, fence=2, reason="lost", due=due, repeats_until=until
            ),
        )

        with rows() as some:
            some.settle([full, plain], now=stage.clock() + SECOND)

        row = stage.row(key_)
        assert (row.state, row.reason, row.due, row.repeats_until, row.changed_at) == (
            "pending", "lost", due, until, stage.clock() + SECOND,
        )  # fmt: skip
        row = stage.row(other)
        assert (row.state, row.reason, row.due, row.repeats_until) == (
            "unknown", "", stage.clock(), None,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("state", "fence"),
        [*((state, 2) for state in sorted(set(State) - {State.SENDING})),
         (State.SENDING, 1), (State.SENDING, 3)],
    )  # fmt: skip
    def test_what_came_out_meanwhile_is_left_alone(self, stage, rows, state, fence):
        one = stage.delivery(state, fence=fence)
        before = stage.row(one)
        settlement: Settlement = stage.settlement(one, State.FAILED, fence=2, reason="x")

        with rows() as some:
            some.settle([settlement], now=stage.clock())

        assert stage.row(one) == before

    def test_what_is_not_repeated_in_time_is_parked(self, stage, rows, clock):
        now = clock()
        late = [
            stage.delivery(repeats_until=now),
            stage.delivery(repeats_until=now - SECOND, id=OURS.last),
        ]
        others = [
            stage.delivery(repeats_until=now + SECOND),
            stage.delivery(),
            stage.delivery(State.SENDING, repeats_until=now),
            stage.delivery(repeats_until=now, id=OURS.first - 1),
            stage.delivery(repeats_until=now, id=OURS.last + 1),
        ]
        before = [stage.row(one) for one in others]

        with rows() as some:
            assert len(some.park_those_too_late(OURS, before=now, now=now + SECOND)) == 2

        assert [stage.row(one) for one in others] == before
        assert {(stage.row(one).state, stage.row(one).reason) for one in late} == {
            ("unknown", On.TOO_LATE.value)
        }
        assert {stage.row(one).changed_at for one in late} == {now + SECOND}


class TestDecisions:
    def test_attempts_of_what_waits_for_a_channel_are_forgotten(self, bare, rows, beside):
        bare.edition(4)
        same = beside(attempt=3)
        waits = bare.delivery(channel="mail", attempt=2)
        others = [
            bare.delivery(channel="mail", attempt=0),
            bare.delivery(channel="web", attempt=2),
            bare.delivery(State.FAILED, channel="mail", attempt=6),
        ]
        before = [bare.row(one) for one in others]

        with rows() as some:
            assert some.start_over("mail", E4, now=bare.clock()) == 1

        assert (bare.row(waits).attempt, bare.row(waits).changed_at) == (0, bare.clock())
        assert [bare.row(one) for one in others] == before
        assert same()

    def test_what_a_person_decides_begins_anew(self, bare, rows, beside):
        bare.edition(4)
        same = beside(State.FAILED)
        one = bare.delivery(
            State.FAILED, attempt=6, fence=4, repeats_until=bare.clock(), channel="mail"
        )
        other = bare.delivery(State.UNKNOWN)

        with rows() as some:
            number = some.decide(E4, State.FAILED, On.RESENT, reason="again", now=bare.clock())

        row = bare.row(one)
        assert number == 1
        assert (row.state, row.reason, row.due, row.changed_at) == (
            "pending", "again", bare.clock(), bare.clock(),
        )  # fmt: skip
        assert (row.attempt, row.repeats_until, row.fence) == (0, None, 5)
        assert bare.state(other) is State.UNKNOWN
        assert same()

    @pytest.mark.parametrize(
        ("options", "number"),
        [
            ({}, 3),
            ({"channel": "mail"}, 2),
            ({"recipient": "ADA@example.org"}, 2),
            ({"channel": "web", "recipient": "ada@example.org"}, 1),
            ({"recipient": "nobody@example.org"}, 0),
        ],
        ids=str,
    )
    def test_for_all_a_channel_or_somebody(self, bare, rows, options, number):
        bare.edition(4)
        for channel, email in (("mail", "Ada@example.org"), ("web", "ada@Example.org"),
                               ("mail", "bob@example.org")):  # fmt: skip
            bare.delivery(State.UNKNOWN, channel=channel, recipient=email)

        with rows() as some:
            assert number == some.decide(
                E4, State.UNKNOWN, On.BELIEVED, reason="", now=bare.clock(), **options
            )

    def test_what_the_table_of_moves_does_not_have_is_not_done(self, rows, bare):
        with rows() as some, pytest.raises(Conflict):
            some.decide(E4, State.ACCEPTED, On.RESENT, reason="", now=bare.clock())

    def test_cancelling_ends_what_waits(self, bare, rows, beside):
        bare.edition(4)
        same = beside()
        waits, lost = bare.delivery(), bare.delivery(repeats_until=bare.clock())
        others = [bare.delivery(state) for state in sorted(set(State) - {State.PENDING})]
        before = [bare.row(one) for one in others]

        with rows() as some:
            assert some.cancel(E4, now=bare.clock()) == 2

        assert (bare.row(waits).state, bare.row(waits).reason) == ("failed", On.CANCELLED.value)
        assert bare.state(lost) is State.UNKNOWN
        assert bare.row(lost).reason == (
            "the edition was cancelled; it may have arrived before, the answer was lost"
        )
        assert bare.row(lost).changed_at == bare.clock()
        assert [bare.row(one) for one in others] == before
        assert same()

    def test_after_a_copy_was_put_back_all_that_is_open_is_doubtful(self, bare, rows, beside):
        bare.edition(4)
        same = beside()
        keys = {state: bare.delivery(state) for state in State}

        with rows() as some:
            assert some.doubt(E4, now=bare.clock()) == 2

        for state in (State.PENDING, State.SENDING):
            assert bare.state(keys[state]) is State.UNKNOWN
            assert bare.row(keys[state]).reason == On.RESTORED.value
        for state in set(State) - {State.PENDING, State.SENDING}:
            assert bare.state(keys[state]) is state
        assert same()
