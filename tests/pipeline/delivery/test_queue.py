"""What waits of a batch: who is announced, who may leave, and how long there is nothing to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_samples import item_for
from dispatch.model.campaigns.pace import Pace, Permission
from dispatch.pipeline.delivery.queue import Queue
from dispatch.store.delivery.channels import Stop
from dispatch.testing.clock import FakeClock
from dispatch.testing.fakes import recording_channel

SECOND = timedelta(seconds=1)
TODAY = date(2026, 11, 24)


@dataclass
class Paces:
    """A store in which a channel has so many left, and each asking is noted."""

    left: int = 1_000_000
    again: timedelta | None = None
    domains: dict[str, Permission] = field(default_factory=dict)
    asked: list[tuple] = field(default_factory=list)
    returned: list[tuple] = field(default_factory=list)
    stopped: Stop | None = None

    @contextmanager
    def begin(self) -> Iterator["Paces"]:
        yield self

    @property
    def paces(self):
        return self

    @property
    def channels(self):
        return self

    def take(self, channel, pace, wanted, *, now, today, burst):
        self.asked.append((channel, wanted, today))
        number = min(self.left, wanted)
        self.left -= number
        later = now + self.again if self.again and number < wanted else None
        return Permission(number, later)

    def take_domain(self, channel, domain, per_second, *, now):
        self.asked.append((channel, domain, per_second))
        return self.domains.get(domain, Permission(1))

    def give_back(self, channel, number, *, today):
        self.returned.append((channel, number, today))

    def stop(self, channel):
        return self.stopped

    def put_stop(self, stop):
        self.stopped = stop


def item(number, domain="example.org"):
    return item_for(number, recipient=f"reader{number}@{domain}")


@pytest.fixture
def store():
    return Paces()


@pytest.fixture
def queue(store, clock):
    def queue(pace=None, items=3, *, timezone="UTC", closes=None):
        one = recording_channel()
        object.__setattr__(one, "pace", pace or Pace())
        items = [item(number) for number in range(items)] if isinstance(items, int) else items
        return Queue(items, channel=one, store=store, clock=clock, timezone=timezone, closes=closes)

    return queue


def numbers(items):
    return [one.id for one in items]


class TestWithoutLimits:
    def test_all_are_taken_in_their_order_and_may_leave_at_once(self, queue, store):
        some = queue()

        taken = some.take(2, offered=9), some.take(2, offered=9), some.take(2, offered=9)

        assert list(map(numbers, taken)) == [[0, 1], [2], []]
        assert some.is_empty
        assert some.permit(7) == 7
        some.used(5)
        assert some.permit(7) == 7
        assert store.asked == []

    def test_it_is_empty_once_all_are_taken(self, queue):
        some = queue(items=1)

        assert not some.is_empty
        some.take(1, offered=0)
        assert some.is_empty

    @pytest.mark.parametrize(("rest", "may"), [(SECOND, 2), (timedelta(0), 0), (-SECOND, 0)])
    def test_from_its_closing_on_nothing_may_leave(self, queue, clock, rest, may):
        some = queue(closes=clock() + rest)

        assert some.permit(2) == may
        assert some.is_closed is (may == 0)
        assert not some.day_is_over

    def test_closing_it_changes_nothing(self, queue, store):
        some = queue()
        some.permit(2)

        some.close()

        assert (store.returned, store.stopped) == ([], None)


class TestPace:
    @pytest.mark.parametrize(
        ("per_second", "offered", "taken"),
        [(0.1, 0, 1), (0.1, 1, 0), (1, 0, 5), (1, 3, 2), (1, 5, 0), (1, 6, 0), (0.59, 0, 2)],
    )
    def test_no_more_are_announced_than_go_out_in_five_seconds(
        self, queue, per_second, offered, taken
    ):
        some = queue(Pace(per_second=per_second), 9)

        assert len(some.take(9, offered=offered)) == taken

    def test_no_more_than_there_is_room_for(self, queue):
        assert len(queue(Pace(per_second=100), 9).take(4, offered=0)) == 4

    def test_what_is_permitted_and_not_used_is_not_asked_for_again(self, queue, store):
        some = queue(Pace(per_second=10))

        assert some.permit(3) == 3
        some.used(-2)
        assert some.permit(1) == 1
        assert some.permit(2) == 2
        assert [wanted for _, wanted, _ in store.asked] == [3, 1]

    def test_what_came_out_without_permission_is_made_up_for(self, queue, store):
        some = queue(Pace(per_second=10))

        some.used(2)

        assert some.permit(1) == 1
        assert store.asked == [("mail", 3, TODAY)]

    def test_nobody_asks_before_it_is_time(self, queue, store, clock):
        store.left, store.again = 1, SECOND
        some = queue(Pace(per_second=1))

        assert some.permit(2) == 1
        store.left = 9
        assert some.permit(1) == 0
        clock.advance(SECOND)
        assert some.permit(1) == 1
        assert len(store.asked) == 2

    def test_nothing_is_taken_while_those_refused_before_are_made_up_for(self, queue, store, clock):
        store.left, store.again = 0, SECOND
        some = queue(Pace(per_second=1))
        some.used(1)
        assert some.permit(0) == 0

        assert some.take(1, offered=0) == []
        assert some.pause(9.0, ready=False, room=True) == 1.0
        clock.advance(SECOND)
        assert len(some.take(1, offered=0)) == 1
        assert some.pause(9.0, ready=False, room=True) == 9.0


class TestPause:
    @pytest.mark.parametrize(
        ("ready", "room", "seconds"), [(True, True, 1), (True, False, 1), (False, True, 9)]
    )
    def test_it_ends_when_more_may_leave_if_somebody_waits_for_that(
        self, queue, store, ready, room, seconds
    ):
        store.left, store.again = 1, SECOND
        some = queue(Pace(per_second=1))
        some.permit(2)

        assert some.pause(9, ready=ready, room=room) == seconds

    def test_it_is_never_longer_than_asked_for_nor_below_nothing(self, queue, store, clock):
        store.left, store.again = 1, SECOND
        some = queue(Pace(per_second=1))
        some.permit(2)

        assert some.pause(0.5, ready=True, room=True) == 0.5
        clock.advance(2 * SECOND)
        assert some.pause(0.5, ready=True, room=True) == 0

    def test_it_ends_for_a_domain_if_there_is_room(self, queue, store, clock):
        store.domains = {"slow.example": Permission(0, clock() + SECOND)}
        some = queue(Pace(per_domain={"slow.example": 1}), [item(1, "slow.example")])
        some.take(1, offered=0)

        assert some.pause(9, ready=False, room=True) == 1
        assert some.pause(9, ready=True, room=False) == 9


class TestDay:
    def test_it_is_over_when_nothing_may_leave_and_no_time_is_named(self, queue, store, clock):
        store.left = 2
        some = queue(Pace(per_day=2), 9)

        assert some.permit(3) == 2
        assert not some.day_is_over
        assert some.permit(1) == 0
        assert some.day_is_over

    def test_then_the_channel_is_stopped_until_midnight_where_the_team_is(
        self, queue, store, clock
    ):
        store.left = 0
        some = queue(Pace(per_day=2), timezone="Asia/Tokyo")
        some.permit(1)
        assert store.stopped is None

        some.close()

        midnight = clock() + timedelta(hours=7)  # 17:00 there
        reason = "what it may send in a day has been sent"
        assert store.stopped == Stop("mail", midnight, reason, 0)
        assert store.asked == [("mail", 1, TODAY)]

    @pytest.mark.parametrize(("rest", "stays"), [(None, True), (SECOND, True), (-SECOND, False)])
    def test_a_stop_that_holds_is_left_alone(self, queue, store, clock, rest, stays):
        before = Stop("mail", None if rest is None else clock() + rest, "a person", 0)
        store.left, store.stopped = 0, before
        some = queue(Pace(per_day=2))
        some.permit(1)

        some.close()

        assert (store.stopped == before) is stays

    def test_what_was_permitted_and_not_used_is_returned_for_the_day_it_was_asked_on(
        self, queue, store, clock
    ):
        some = queue(Pace(per_day=9))
        some.permit(3)
        some.used(-2)
        clock.advance(timedelta(days=1))

        some.close()
        some.close()

        assert store.returned == [("mail", 2, TODAY)]

    def test_nothing_is_returned_without_a_number_for_the_day(self, queue, store):
        some = queue(Pace(per_second=9))
        some.permit(3)
        some.used(-2)

        some.close()

        assert store.returned == []

    def test_the_day_is_that_of_the_team(self, queue, store, clock):
        clock.advance(timedelta(hours=8))  # 16:00, which is tomorrow in Tokyo

        queue(Pace(per_day=9), timezone="Asia/Tokyo").permit(1)

        assert store.asked == [("mail", 1, TODAY + timedelta(days=1))]


class TestDomains:
    PACE = Pace(per_domain={"slow.example": 0.5})

    def test_who_waits_for_a_domain_is_overtaken_and_comes_first_later(self, queue, store, clock):
        store.domains = {"slow.example": Permission(0, clock() + SECOND)}
        some = queue(
            self.PACE, [item(1, "SLOW.example"), item(2), item(3, "slow.example"), item(4)]
        )

        assert numbers(some.take(2, offered=0)) == [2, 4]
        assert not some.is_empty
        assert store.asked == [("mail", "slow.example", 0.5)]  # once, not for each
        assert some.take(2, offered=0) == []
        clock.advance(SECOND)
        store.domains = {"slow.example": Permission(1, clock() + SECOND)}
        assert numbers(some.take(2, offered=0)) == [1]
        clock.advance(SECOND)
        assert numbers(some.take(2, offered=0)) == [3]
        assert some.is_empty

    def test_no_more_than_asked_for(self, queue, store):
        some = queue(self.PACE, [item(number, "slow.example") for number in range(3)])

        assert numbers(some.take(2, offered=0)) == [0, 1]
        assert numbers(some.take(2, offered=0)) == [2]

    @given(st.lists(st.sampled_from(["a.example", "b.example", "c.example"]), max_size=12))
    def test_nobody_is_lost_and_nobody_comes_twice(self, domains):
        clock, store = FakeClock(), Paces()
        items = [item(number, domain) for number, domain in enumerate(domains)]
        channel = recording_channel()
        object.__setattr__(channel, "pace", Pace(per_domain={"a.example": 1, "b.example": 1}))
        some = Queue(items, channel=channel, store=store, clock=clock, timezone="UTC")
        taken = []

        while not some.is_empty:
            store.domains = {
                name: Permission(1, clock() + SECOND) for name in ("a.example", "b.example")
            }
            now = some.take(3, offered=0)
            here = [domains[number] for number in numbers(now)]
            assert here.count("a.example") <= 1
            assert here.count("b.example") <= 1
            taken += numbers(now)
            clock.advance(SECOND)

        assert sorted(taken) == list(range(len(domains)))
