"""Deliveries that an edition is to have: written once, for those whom it is for."""

import pytest
import sqlalchemy as sa

from deliveries_stage import E4
from dispatch.model.campaigns.cadence import Cadence, CadenceOffer
from dispatch.model.delivery.state import Delivery
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.store.delivery.deliveries import (
    PICKED_AT_A_TIME,
    Deliveries,
    PlannedSnippet,
)
from dispatch.store.delivery.row_keys import FIRST_SNIPPET, key


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
