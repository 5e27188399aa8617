"""What is still to be done is found by edition, channel, zone and state."""

from datetime import timedelta

import pytest

from dispatch.model.editions.edition import EditionState
from dispatch.store.delivery.open_batches import Work

SECOND = timedelta(seconds=1)
OTHERS = set(EditionState) - {EditionState.SENDING}


def test_what_is_ready_by_edition_and_channel(bare, rows, clock):
    bare.edition(5, id="a")
    bare.edition(4)
    bare.edition(3, EditionState.PAUSED)
    now = clock()
    bare.batch(1, "a", due=now - SECOND)
    bare.batch(2, "e4")
    bare.batch(3, "e4", due=now - SECOND, lease_until=now)
    bare.batch(4, "e4", channel="social")
    bare.batch(5, "e4", due=now + SECOND)
    bare.batch(6, "e4", lease_until=now + SECOND)
    bare.batch(7, "e4", finished_at=now)
    bare.batch(8, "e3")

    with rows() as some:
        work = some.work(now=now)

    assert sorted(work[:2], key=lambda one: one.channel) == [
        Work("e4", "mail", 2, now - SECOND),
        Work("e4", "social", 1, now),
    ]
    assert work[2:] == [Work("a", "mail", 1, now - SECOND)]


def test_the_editions_that_are_worked_off(bare, rows, clock):
    for number in (1, 2, 3):
        bare.edition(number)
    bare.edition(4, EditionState.PAUSED)
    bare.batch(1, "e1", finished_at=clock())
    bare.batch(2, "e2", finished_at=clock())
    bare.batch(3, "e2")

    with rows() as some:
        assert sorted(some.worked_off()) == ["e1", "e3"]


def test_when_the_next_can_be_taken(bare, rows, clock):
    bare.edition(4)
    bare.edition(5)
    now = clock()
    bare.batch(1, due=now - SECOND, lease_until=now + 9 * SECOND)
    bare.batch(2, due=now + 7 * SECOND)
    bare.batch(3, due=now, finished_at=now)
    bare.batch(4, due=now, channel="social")
    bare.batch(5, "e5", due=now)

    with rows() as some:
        assert some.next_due("e4", "mail") == now + 7 * SECOND
        assert some.next_due("e5", "social") is None


def test_until_when_somebody_holds_one(bare, rows, clock):
    bare.edition(4)
    bare.edition(5)
    now = clock()
    bare.batch(1, lease_until=now + 9 * SECOND)
    bare.batch(2, lease_until=now + 5 * SECOND)
    bare.batch(3, lease_until=now, finished_at=now)
    bare.batch(4, "e5", lease_until=now)

    with rows() as some:
        assert some.leased_until("e4") == now + 5 * SECOND
        assert some.leased_until("e9") is None


def test_by_zone_when_its_next_part_is_due(bare, rows, clock):
    bare.edition(4)
    bare.edition(5)
    now = clock()
    bare.batch(1, first=1, last=10, timezone="B", due=now, finished_at=now)
    bare.batch(2, first=11, last=15, timezone="B", due=now + 3 * SECOND)
    bare.batch(3, first=16, last=16, timezone="B", due=now + 9 * SECOND)
    bare.batch(4, first=17, last=18, timezone="A", due=now, finished_at=now)
    bare.batch(5, first=19, last=20)
    bare.batch(6, "e5", first=1, last=2, timezone="C")

    with rows() as some:
        assert some.by_zone("e4") == [
            ("A", now, 2, True),
            ("B", now + 3 * SECOND, 16, False),
        ]


@pytest.mark.parametrize("rest", [None, -SECOND, SECOND])
def test_whether_one_is_in_hand(bare, rows, clock, rest):
    bare.edition(4)
    bare.batch(1, lease_until=None if rest is None else clock() + rest)
    bare.batch(2, lease_until=clock(), finished_at=clock())

    with rows() as some:
        assert some.are_in_hand() is (rest is not None)


def test_how_many_were_left_behind(bare, rows, clock):
    bare.edition(3, EditionState.PAUSED)
    bare.edition(4)
    now = clock()
    bare.batch(1, lease_until=now - SECOND)
    bare.batch(2, lease_until=now)
    bare.batch(3, lease_until=now - SECOND, finished_at=now)
    bare.batch(4, "e3", lease_until=now - SECOND)
    bare.batch(5)

    with rows() as some:
        assert some.left_behind(before=now) == 1


def test_the_unfinished_in_a_state(bare, rows, clock):
    bare.edition(3, EditionState.PAUSED)
    bare.edition(4)
    bare.edition(5, EditionState.PAUSED)
    bare.batch(1, "e3")
    bare.batch(2, "e3")
    bare.batch(3, "e4")
    bare.batch(4, "e5", finished_at=clock())

    with rows() as some:
        assert some.unfinished_in(EditionState.PAUSED) == ["e3"]
