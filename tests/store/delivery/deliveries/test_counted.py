"""Deliveries counted and listed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deliveries_stage import E4, SECOND
from dispatch.model.delivery.state import Delivery
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.store.database.schema import deliveries
from dispatch.store.delivery.row_keys import key
from ledger_stage import FIRST, LEASE


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
        bare.batch(5, first=FIRST, last=FIRST + 99)
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
