"""The pace of a channel in the database: whoever asks, all take from the same row."""

from datetime import date, timedelta

import pytest

from dispatch.model.campaigns.pace import BURST, Pace, Permission, WarmUp
from dispatch.store.transactions import Store

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
def take(store, clock):
    def take(pace, wanted, *, today=TODAY, channel="mail", store=store):
        with store.begin() as tx:
            return tx.paces.take(channel, pace, wanted, now=clock(), today=today)

    return take


def test_two_workers_share_one_pace(database_url, store, take, clock):
    other = Store(database_url)
    pace, granted = Pace(per_second=100), []

    for turn in range(300):  # three seconds, in which one or the other asks
        permission = take(pace, 10, store=(store, other)[turn % 2])
        granted += [clock()] * permission.number
        clock.advance(timedelta(milliseconds=10))
    other.close()

    seconds = [sum(0 <= (one - start).total_seconds() < 1 for one in granted) for start in granted]
    assert max(seconds) <= 100 * (1 + BURST.total_seconds())
    assert 300 <= len(granted) <= 300 + 100 * BURST.total_seconds()


def test_a_channel_does_not_take_from_another_one(take):
    pace = Pace(per_second=1, per_day=1)

    assert take(pace, 1) == take(pace, 1, channel="backup") == Permission(1)


def test_a_day_has_its_number_and_the_next_day_has_it_again(take):
    pace = Pace(per_day=10)

    assert take(pace, 7) == Permission(7)
    assert take(pace, 7) == Permission(3)
    assert take(pace, 7) == Permission(0, again=None)
    assert take(pace, 7, today=TOMORROW) == Permission(7)


@pytest.mark.parametrize("per_second", [100, 0.001])
def test_a_clock_that_is_put_back_does_not_stop_a_channel(take, clock, per_second):
    pace = Pace(per_second=per_second)
    clock.advance(timedelta(days=7))
    take(pace, 1)
    clock.advance(timedelta(days=-7))

    assert take(pace, 1) == Permission(1)
    assert take(pace, 1_000).again > clock()


def test_a_number_for_the_day_does_not_undo_the_pace_of_a_second(take, clock):
    pace = Pace(per_second=1, per_day=10)
    take(pace, 1)

    assert take(pace, 5) == Permission(0, again=clock() + timedelta(seconds=1))
    clock.advance(timedelta(seconds=1))
    assert take(pace, 5).number == 1


def test_what_is_given_back_can_be_taken_again_on_the_same_day(store, take):
    pace = Pace(per_day=10)
    take(pace, 10)

    with store.begin() as tx:
        tx.paces.give_back("mail", 4, today=TODAY)

    assert take(pace, 10) == Permission(4)


def test_what_is_given_back_after_midnight_adds_nothing_to_the_new_day(store, take):
    pace = Pace(per_day=10)
    take(pace, 10)
    take(pace, 10, today=TOMORROW)

    with store.begin() as tx:
        tx.paces.give_back("mail", 4, today=TODAY)

    assert take(pace, 1, today=TOMORROW) == Permission(0)


def test_a_warm_up_counts_from_the_first_day_with_any(take):
    pace = Pace(per_day=1600, warm_up=WarmUp(first=100, days=2))

    days = [TODAY + timedelta(days=number) for number in (0, 1, 2, 3)]

    assert [take(pace, 5000, today=day).number for day in days] == [100, 400, 1600, 1600]


def test_a_domain_has_a_pace_of_its_own(store, clock):
    def ask(domain, now):
        with store.begin() as tx:
            return tx.paces.take_domain("mail", domain, 2, now=now)

    now = clock()
    assert ask("gmail.com", now) == Permission(1)
    assert ask("gmail.com", now) == Permission(0, again=now + timedelta(seconds=0.5))
    assert ask("example.org", now) == Permission(1)
    assert ask("gmail.com", now + timedelta(seconds=0.5)) == Permission(1)
