"""Deliveries: written once for everybody, counted, and moved by people and by the sweep."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.errors import Conflict
from dispatch.model.campaigns.cadence import Cadence, CadenceOffer
from dispatch.model.delivery.state import Delivery, On, Settlement
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.store.database.schema import deliveries
from dispatch.store.delivery.deliveries import (
    FIRST_SNIPPET,
    PICKED_AT_A_TIME,
    Deliveries,
    PlannedSnippet,
)
from dispatch.store.delivery.row_keys import key
from dispatch.testing.clock import FakeClock
from ledger_stage import FENCE, FIRST, LEASE, OURS

SECOND = timedelta(seconds=1)
E4 = Edition("e4", "weekly", "", EditionState.SENDING, None, "", FakeClock()(), number=4)
BESIDE = (key(4, 0), key(5, 1))
"""Keys just outside of the edition; `FIRST` is the first inside."""


@pytest.fixture
def rows(store):
    """The deliveries of a transaction."""

    @contextmanager
    def rows() -> Iterator[Deliveries]:
        with store.begin() as tx:
            yield tx.deliveries

    return rows


@pytest.fixture
def beside(bare):
    """Whatever is done to an edition, its neighbours' deliveries stay as they are."""

    def beside(state=State.PENDING, **values):
        for one in BESIDE:
            bare.delivery(state, id=one, **{"channel": "mail", **values})
        before = [bare.row(one) for one in BESIDE]
        return lambda: [bare.row(one) for one in BESIDE] == before

    return beside


class TestReaders:
    @pytest.fixture
    def people(self, bare):
        """Three who get it, and others who do not."""
        bare.edition(4)
        three = [bare.reader() for _ in range(3)]
        bare.reader(active=False)
        bare.subscribe(bare.reader("archive"), "readers", SubscriptionState.PENDING)
        return three

    def test_all_that_are_active_have_a_row(self, bare, rows, people):
        with rows() as some:
            number = some.add_readers(E4, "readers", "mail", picked=None, now=bare.clock())

        assert number == 3
        with rows() as some:
            found = list(some.latest(edition=E4))
        assert found == [
            Delivery(
                id=key(4, person),
                edition_id="e4",
                channel="mail",
                recipient=f"reader{person}@example.org",
                part="",
                subscriber_id=person,
                state=State.PENDING,
                attempt=0,
                fence=0,
                changed=bare.clock(),
            )
            for person in people
        ]

    def test_or_those_of_them_that_are_picked(self, bare, rows, people):
        with rows() as some:
            picked = iter([people[2], people[0], people[2] + 1])
            number = some.add_readers(E4, "readers", "mail", picked=picked, now=bare.clock())

        assert number == 2
        assert bare.keys == [key(4, people[0]), key(4, people[2])]

    def test_many_are_picked_some_at_a_time(self, bare, rows, people):
        many = [people[0], *range(1_000, 1_000 + PICKED_AT_A_TIME), *people[1:]]

        with rows() as some:
            number = some.add_readers(E4, "readers", "mail", picked=many, now=bare.clock())

        assert number == 3

    def test_nobody_is_in_it_twice(self, bare, rows, people):
        with rows() as some:
            some.add_readers(E4, "readers", "mail", picked=None, now=bare.clock())

        with pytest.raises(sa.exc.IntegrityError), bare.store._engine.begin() as connection:
            Deliveries(connection).add_readers(E4, "readers", "mail", picked=None, now=bare.clock())

    @pytest.mark.parametrize(
        ("cadence", "default", "who"),
        [
            (Cadence.WEEKLY, Cadence.WEEKLY, ["", "weekly", "hourly"]),
            (Cadence.DAILY, Cadence.WEEKLY, ["daily"]),
        ],
    )
    def test_of_a_family_those_whom_its_offer_is_for(self, bare, rows, cadence, default, who):
        bare.edition(4)
        words = {bare.reader(cadence=word): word for word in ("", "weekly", "daily", "hourly")}
        offer = CadenceOffer("news", cadence, default, (Cadence.WEEKLY, Cadence.DAILY))

        with rows() as some:
            some.add_readers(E4, "readers", "mail", picked=None, now=bare.clock(), offer=offer)

        assert [words[one - key(4, 0)] for one in bare.keys] == who

    def test_those_of_a_zone_are_one_range_of_keys(self, bare, rows, people):
        one, two, three = people
        gone = three + 1

        with rows() as some:
            numbers = [
                some.add_readers_of_zone(
                    E4, "readers", "mail", picked=picked, before=before, now=bare.clock()
                )
                for picked, before in (([three, gone, one], 0), ([two], 2))
            ]

        assert numbers == [2, 1]
        assert [(bare.row(one_).subscriber_id, bare.row(one_).reader) for one_ in bare.keys] == [
            (one, key(4, one)),
            (three, key(4, three)),
            (two, key(4, two)),
        ]
        assert bare.keys == [key(4, 1), key(4, 2), key(4, 3)]

    def test_many_of_a_zone_are_written_some_at_a_time(self, bare, rows, people):
        many = [people[0], *range(1_000, 1_000 + PICKED_AT_A_TIME), *people[1:]]

        with rows() as some:
            number = some.add_readers_of_zone(
                E4, "readers", "mail", picked=many, before=5, now=bare.clock()
            )

        assert (number, bare.keys) == (3, [key(4, 6), key(4, 7), key(4, 8)])


class TestSnippets:
    def test_those_of_a_channel_are_one_range_of_keys(self, bare, rows):
        bare.edition(4)
        snippets = [PlannedSnippet("b", "p1"), PlannedSnippet("a"), PlannedSnippet("b", "p2")]

        with rows() as some:
            keys = some.add_snippets(E4, snippets, now=bare.clock())

        first = key(4, FIRST_SNIPPET)
        assert keys == {"a": (first, first), "b": (first + 1, first + 2)}
        assert [
            (row.channel, row.recipient, row.part, row.state, row.subscriber_id, row.changed_at)
            for row in map(bare.row, bare.keys)
        ] == [
            (name, name, part, "pending", None, bare.clock())
            for name, part in (("a", ""), ("b", "p1"), ("b", "p2"))
        ]

    def test_none_are_no_rows(self, bare, rows):
        with rows() as some:
            assert some.add_snippets(E4, [], now=bare.clock()) == {}


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
            assert some.park_those_too_late(OURS, before=now, now=now + SECOND) == 2

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


class TestNumbers:
    @pytest.fixture
    def some(self, bare, rows, beside):
        bare.edition(4)
        bare.edition(5)
        beside(State.FAILED, attempt=1)
        bare.delivery(State.ACCEPTED, channel="mail", recipient="Ada@example.org")
        bare.delivery(State.ACCEPTED, channel="mail", recipient="bob@example.org")
        bare.delivery(State.FAILED, channel="web", attempt=6)
        bare.delivery(State.PENDING, channel="web")
        with rows() as some:
            yield some

    def test_of_each_state(self, some):
        assert some.counts(E4) == {State.ACCEPTED: 2, State.FAILED: 1, State.PENDING: 1}

    def test_of_each_channel(self, some):
        assert some.counts_by_channel(E4) == {
            "mail": {State.ACCEPTED: 2},
            "web": {State.FAILED: 1, State.PENDING: 1},
        }

    def test_of_one_state_or_of_somebody(self, some):
        assert some.count(E4, State.ACCEPTED) == 2
        assert some.count(E4, State.ACCEPTED, recipient="ADA@example.org") == 1
        assert some.count(E4, State.UNKNOWN) == 0

    def test_whether_something_that_waits_was_tried_before(self, bare, some):
        assert not some.some_tried_again(E4)
        some._connection.execute(
            deliveries.update().where(deliveries.c.state == "pending").values(attempt=1)
        )
        assert some.some_tried_again(E4)
        assert not some.some_tried_again(replace(E4, number=7))


class TestLatest:
    @pytest.fixture
    def keys(self, bare):
        now = bare.clock()
        bare.edition(4, created_at=now)
        bare.edition(3, created_at=now + SECOND)
        bare.delivery(State.FAILED, id=key(3, 1))
        bare.delivery(State.ACCEPTED, id=FIRST + 1)
        bare.delivery(State.FAILED, id=FIRST)
        return key(3, 1), FIRST, FIRST + 1

    @pytest.mark.parametrize(
        ("options", "places"),
        [
            ({}, [0, 1, 2]),
            ({"limit": 2}, [0, 1]),
            ({"limit": 1}, [0]),
            ({"limit": 9}, [0, 1, 2]),
            ({"edition": E4}, [1, 2]),
            ({"edition": E4, "limit": 1}, [1]),
            ({"states": [State.FAILED]}, [0, 1]),
            ({"states": [State.ACCEPTED]}, [2]),
            ({"states": [State.FAILED, State.ACCEPTED], "limit": 3}, [0, 1, 2]),
        ],
        ids=str,
    )
    def test_newest_edition_first_and_in_it_by_key(self, rows, keys, options, places):
        with rows() as some:
            found = list(some.latest(**options))

        assert [one.id for one in found] == [keys[place] for place in places]
        assert {one.id: one.edition_id for one in found}.items() <= {
            keys[0]: "e3", keys[1]: "e4", keys[2]: "e4",
        }.items()  # fmt: skip

    def test_a_delivery_is_read_as_it_stands(self, bare, rows):
        bare.edition(4)
        now = bare.clock()
        values = {
            "channel": "mail", "recipient": "r", "part": "p", "attempt": 2, "fence": 3,
            "due": now + SECOND, "reason": "why", "provider_id": "name",
            "repeats_until": now + LEASE,
        }  # fmt: skip
        one = bare.delivery(State.UNKNOWN, to=7, **values)

        with rows() as some:
            [found] = some.latest()

        assert found == Delivery(
            id=one,
            edition_id="e4",
            subscriber_id=7,
            state=State.UNKNOWN,
            changed=now - timedelta(hours=1),
            **values,
        )
