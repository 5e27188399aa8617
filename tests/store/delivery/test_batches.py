"""Batches: cut from an edition, taken by one at a time, put back, and found when they are due."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from dispatch.model.delivery.batch import BATCH_SIZE, Batch
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.editions.edition import EditionState
from dispatch.store.database.schema import batches
from dispatch.store.delivery.row_keys import key, key_range
from ledger_stage import FENCE, FIRST, LEASE, OURS

SECOND = timedelta(seconds=1)
OTHERS = set(EditionState) - {EditionState.SENDING}


class TestCutting:
    def cut(self, bare, rows, **options):
        bare.edition(4)
        with rows() as some:
            return some.add("e4", "mail", key_range(4), due=bare.clock(), **options)

    def test_nobody_makes_no_batch(self, bare, rows):
        assert self.cut(bare, rows) == 0

    @pytest.mark.parametrize(
        ("people", "lasts"),
        [(1, [1]), (BATCH_SIZE, [BATCH_SIZE]), (BATCH_SIZE + 1, [BATCH_SIZE, BATCH_SIZE + 1])],
    )
    def test_so_many_are_in_one_and_the_rest_in_another(self, bare, rows, people, lasts):
        bare.deliveries(people)
        bare.delivery(id=key(5, 1))

        number = self.cut(bare, rows, timezone="UTC")

        made = [bare.row_of_batch(one) for one in range(1, number + 1)]
        assert [one.last for one in made] == [key(4, last) for last in lasts]
        assert [one.first for one in made] == [key(4, 1), *(one.last + 1 for one in made[:-1])]
        assert {
            (one.edition_id, one.channel, one.timezone, one.due, one.fence) for one in made
        } == {("e4", "mail", "UTC", bare.clock(), 0)}


class TestTaking:
    def test_the_first_that_is_due_is_ours_from_now_on(self, bare, take, clock):
        bare.edition(4, audience="readers")
        bare.batch(8, first=11, last=20)
        bare.batch(7, first=1, last=10, fence=2, timezone="Europe/Paris")

        batch = take(channel="backup")

        assert batch == Batch(
            7, "e4", "readers", "backup", "mail", 1, 10, 3, 2, timezone="Europe/Paris"
        )
        row = bare.row_of_batch(7)
        assert (row.fence, row.lease_until, row.via, row.connections) == (
            3, clock() + LEASE, "backup", 2,
        )  # fmt: skip
        assert bare.row_of_batch(8).fence == 0

    @pytest.mark.parametrize(
        ("values", "may"),
        [
            ({}, True),
            ({"due": SECOND}, False),
            ({"due": -SECOND}, True),
            ({"lease_until": SECOND}, False),
            ({"lease_until": timedelta(0)}, True),
            ({"finished_at": timedelta(0)}, False),
            ({"channel": "backup"}, True),
            ({"channel": "social"}, False),
            ({"edition_id": "e3"}, False),
        ],
        ids=str,
    )
    def test_it_is_one_that_is_due_open_and_in_nobodys_hands(self, bare, rows, take, values, may):
        bare.edition(3)
        bare.edition(4)
        now = bare.clock()
        moments = {
            name: now + value if isinstance(value, timedelta) else value
            for name, value in values.items()
        }
        bare.batch(7, **{"edition": moments.pop("edition_id", "e4"), **moments})

        with rows() as some:
            coming = some.coming("e4", ("mail", "backup"), now=now)
        batch = take(planned=("mail", "backup"))

        assert (batch is not None) is may
        nobodys = {"audience": "", "channel": "", "connections": 0}
        assert coming == (batch and replace(batch, **nobodys))

    @pytest.mark.parametrize("state", sorted(OTHERS))
    def test_of_an_edition_that_does_not_go_out_none_is_taken(self, bare, take, state):
        bare.edition(3)
        bare.edition(4, state)
        bare.batch(7)

        assert take() is None

    @pytest.mark.parametrize(("at_most", "free"), [(None, 2), (9, 2), (3, 1), (2, None), (1, None)])
    def test_as_many_connections_as_others_leave_free(self, bare, take, at_most, free):
        bare.edition(4)
        held = bare.clock() + LEASE
        bare.batch(1, lease_until=held, connections=2)
        bare.batch(2, lease_until=held, connections=7, via="backup")
        bare.batch(3, lease_until=bare.clock(), connections=7, due=held)
        bare.batch(4, lease_until=held, connections=7, finished_at=bare.clock())
        bare.batch(5)

        batch = take(at_most=at_most)

        assert (batch and batch.connections) == free

    def test_after_another_of_ours_it_has_its_connections(self, bare, rows, take):
        bare.edition(4)
        bare.batch(1)
        bare.batch(2)
        first = take(at_most=2)

        second = take(at_most=2, after=first)

        assert [bare.row_of_batch(one).connections for one in (1, 2)] == [0, 2]
        with rows() as some:
            some.hand_on(second, to=first)
        assert bare.row_of_batch(1).connections == 2

    def test_connections_go_to_nobody_who_has_it_by_now(self, bare, rows, take):
        bare.edition(4)
        bare.batch(1)
        bare.batch(2)
        first, second = take(), take()

        with rows() as some:
            some.hand_on(second, to=replace(first, fence=first.fence - 1, connections=9))
            some.hand_on(replace(second, connections=9), to=replace(first, fence=0))

        assert bare.row_of_batch(1).connections == 2

    @pytest.mark.parametrize(
        ("rest", "finished", "may"),
        [(None, False, True), (timedelta(0), False, True), (SECOND, False, False),
         (None, True, False)],
    )  # fmt: skip
    def test_of_two_who_found_it_one_has_it(self, bare, rows, rest, finished, may):
        now = bare.clock()
        bare.edition(4)
        lease = None if rest is None else now + rest
        bare.batch(7, fence=2, lease_until=lease, finished_at=now if finished else None)
        bare.batch(8, fence=2)
        found = SimpleNamespace(id=7, audience="readers", reserved=None)

        with rows() as some:
            batch = some._take(found, "mail", connections=1, now=now, lease=LEASE)

        assert (batch is not None) is may
        assert [bare.row_of_batch(one).fence for one in (7, 8)] == [3 if may else 2, 2]


class TestTakingLost:
    @pytest.mark.parametrize(
        ("state", "rest", "finished", "may"),
        [
            (EditionState.PAUSED, timedelta(0), False, True),
            (EditionState.CANCELLED, -SECOND, False, True),
            (EditionState.PAUSED, SECOND, False, False),
            (EditionState.PAUSED, None, False, False),
            (EditionState.PAUSED, timedelta(0), True, False),
            (EditionState.SENDING, timedelta(0), False, False),
        ],
    )
    def test_it_is_one_whose_holder_is_gone_of_an_edition_that_does_not_go_on(
        self, bare, rows, *, state, rest, finished, may
    ):
        clock = bare.clock
        bare.edition(3)
        bare.edition(4, state, audience="readers")
        bare.batch(
            7,
            channel="planned",
            fence=1,
            lease_until=None if rest is None else clock() + rest,
            finished_at=clock() if finished else None,
        )

        with rows() as some:
            batch = some.take_lost(now=clock(), lease=LEASE)

        ours = Batch(7, "e4", "readers", "planned", "planned", 0, 0, 2, 0)
        assert batch == (ours if may else None)


class TestPuttingBack:
    def put_back(self, stage, rows, batch=OURS, **options):
        with rows() as some:
            some.put_back(batch, now=stage.clock(), **options)
        return stage.row_of_batch()

    def test_it_is_finished_if_nothing_in_it_is_open(self, stage, rows):
        for state in set(State) - {State.PENDING, State.SENDING}:
            stage.delivery(state)
        stage.delivery(id=OURS.first - 1)
        stage.delivery(id=OURS.last + 1)

        row = self.put_back(stage, rows)

        assert (row.finished_at, row.lease_until, row.connections) == (stage.clock(), None, 0)
        assert stage.row_of_batch(6).finished_at is None
        assert stage.row_of_batch(4).finished_at is None

    @pytest.mark.parametrize("key_", [OURS.first, OURS.last])
    def test_what_is_in_a_providers_hands_keeps_the_lease(self, stage, rows, key_):
        stage.delivery(State.SENDING, id=key_)
        lease = stage.lease()

        row = self.put_back(stage, rows)

        assert (row.finished_at, row.lease_until, row.connections) == (None, lease, 1)

    @pytest.mark.parametrize(
        ("dues", "due"),  # of its deliveries (None: at once), and of the batch
        [([None], 0), ([-5], 0), ([0], 0), ([7], 7), ([7, 5], 5), ([7, None], 0), ([7, -5], 0)],
    )
    def test_it_is_due_when_the_first_in_it_is_and_not_before_now(self, stage, rows, dues, due):
        now = stage.clock()
        for one in dues:
            stage.delivery(due=None if one is None else now + timedelta(seconds=one))
        stage.delivery(State.FAILED, due=now + SECOND)

        row = self.put_back(stage, rows)

        assert (row.due, row.finished_at) == (now + timedelta(seconds=due), None)
        assert (row.lease_until, row.connections) == (None, 0)

    @pytest.mark.parametrize(("first", "due"), [(7, 7), (3, 5), (-3, 5)])
    def test_it_is_not_due_before_the_moment_that_is_given(self, stage, rows, first, due):
        now = stage.clock()
        stage.delivery(due=now + timedelta(seconds=5))

        row = self.put_back(stage, rows, not_before=now + timedelta(seconds=first))

        assert row.due == now + timedelta(seconds=due)

    def test_nor_in_hours_in_which_nothing_may_leave(self, stage, rows):
        stage.delivery()

        row = self.put_back(stage, rows, open_from=lambda due: due + timedelta(hours=8))

        assert row.due == stage.clock() + timedelta(hours=8)

    @pytest.mark.parametrize("fence", [FENCE - 1, FENCE + 1])
    def test_whoever_lost_it_changes_nothing(self, stage, rows, fence):
        stage.change(batches, OURS.id, fence=fence)
        before = stage.row_of_batch()

        assert self.put_back(stage, rows) == before


class TestEnding:
    def test_an_edition_without_an_open_batch_is_finished_once(self, bare, rows, clock):
        bare.edition(4)
        bare.edition(5)
        bare.batch(1, finished_at=clock())
        bare.batch(2, "e5")

        with rows() as some:
            assert [some.finish_edition("e4", now=clock()) for _ in range(2)] == [True, False]
            assert not some.finish_edition("e5", now=clock())
            assert not some.finish_edition("e9", now=clock())

        row = bare.row_of_edition(4)
        assert (row.state, row.finished_at) == (EditionState.FINISHED.value, clock())
        assert bare.row_of_edition(5).state == EditionState.SENDING.value

    @pytest.mark.parametrize("state", sorted(OTHERS))
    def test_one_that_does_not_go_out_is_not(self, bare, rows, clock, state):
        bare.edition(4, state)

        with rows() as some:
            assert not some.finish_edition("e4", now=clock())

        assert bare.row_of_edition(4).state == state.value

    @pytest.mark.parametrize(
        ("state", "kept"),
        [
            (State.FAILED, '{"accepted": 1, "failed": 1}'),
            (State.UNKNOWN, ""),
            (State.PENDING, ""),
        ],
    )
    def test_its_numbers_are_kept_if_nothing_can_change_them(self, bare, rows, clock, state, kept):
        bare.edition(4)
        bare.edition(5, totals="of another one")
        bare.delivery(State.ACCEPTED)
        bare.delivery(state)
        bare.delivery(State.REFUSED, id=key(5, 1))
        bare.batch(5, first=FIRST, last=FIRST + 99, finished_at=clock())

        with rows() as some:
            some.finish_edition("e4", now=clock())

        assert bare.row_of_edition(4).totals == kept
        assert bare.row_of_edition(5).totals == "of another one"

    def test_batches_with_something_due_are_opened_again(self, stage, rows, clock):
        for number in (4, 5, 6, 7):
            stage.change(batches, number, finished_at=clock(), due=clock() - LEASE)
        stage.delivery(id=OURS.first, due=clock())
        stage.delivery(id=stage.row_of_batch(7).first, due=clock())  # of another edition

        with rows() as some:
            some.reopen("e4", now=clock())

        row = stage.row_of_batch(5)
        assert (row.finished_at, row.due) == (None, clock())
        for number in (4, 6, 7):
            assert stage.row_of_batch(number).finished_at == clock()

    @pytest.mark.parametrize(
        ("state", "rest"),
        [(State.PENDING, SECOND), (State.PENDING, None), (State.FAILED, timedelta(0))],
    )
    def test_the_others_stay_as_they_are(self, stage, rows, clock, state, rest):
        stage.change(batches, OURS.id, finished_at=clock())
        stage.delivery(state, due=None if rest is None else clock() + rest)

        with rows() as some:
            some.reopen("e4", now=clock())

        assert stage.row_of_batch().finished_at == clock()

    @pytest.mark.parametrize("state", sorted(State))
    def test_batches_in_which_nothing_is_open_end(self, stage, rows, clock, state):
        stage.delivery(state)
        stage.change(batches, 6, finished_at=clock() - SECOND)

        with rows() as some:
            some.finish_idle("e4", now=clock())

        is_open = state in {State.PENDING, State.SENDING}
        row = stage.row_of_batch()
        assert (row.finished_at is None) is is_open
        assert (row.lease_until is None, row.connections) == (not is_open, 1 if is_open else 0)
        assert stage.row_of_batch(6).finished_at == clock() - SECOND
        assert stage.row_of_batch(4).finished_at is None
