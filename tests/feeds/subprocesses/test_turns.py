"""Whose turn it is, and for how long."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dispatch.feeds.subprocesses.turns import FORGIVEN, Busy, Closed, Rank, Reputation, Turns
from patience import PATIENCE


def wait_until(happened):
    pause = threading.Event()
    for _ in range(int(100 * PATIENCE)):
        if happened():
            return
        pause.wait(0.01)
    pytest.fail("it did not happen")


def test_one_takes_long_and_not_two():
    turns = Turns(["one", "other"])
    long = turns.take(Rank.SUSPECT, patience=0)
    short = turns.take(Rank.NEW, patience=0)

    assert not turns.prolong(short)
    turns.give_back(short, "other")
    with pytest.raises(Busy):
        turns.take(Rank.SUSPECT, patience=0)
    turns.give_back(long, "one")
    assert turns.take(Rank.SUSPECT, patience=0).seat == "one"


def test_a_short_turn_becomes_the_long_one_if_there_is_none():
    turns = Turns(["one", "other"])
    first, second = turns.take(Rank.KNOWN, patience=0), turns.take(Rank.NEW, patience=0)

    assert turns.prolong(first)
    assert not turns.prolong(second)
    turns.give_back(first, "one")
    assert turns.prolong(second)


def test_those_come_first_who_behave_and_then_who_came_first():
    turns = Turns(["the only one"])
    held = turns.take(Rank.NEW, patience=0)
    served = []

    def serve(name, rank):
        turn = turns.take(rank, patience=PATIENCE)
        served.append(name)
        turns.give_back(turn, turn.seat)

    comers = {
        "suspect": Rank.SUSPECT,
        "new": Rank.NEW,
        "known": Rank.KNOWN,
        "another new": Rank.NEW,
        "another known": Rank.KNOWN,
    }
    with ThreadPoolExecutor(len(comers)) as pool:
        for number, (name, rank) in enumerate(comers.items(), start=1):
            pool.submit(serve, name, rank)
            wait_until(lambda number=number: len(turns._waiting) == number)
        turns.give_back(held, held.seat)

    assert served == ["known", "another known", "new", "another new", "suspect"]


def test_who_cannot_have_a_long_turn_holds_up_nobody_else():
    turns = Turns(["one", "other"])
    turns.take(Rank.SUSPECT, patience=0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(turns.take, Rank.SUSPECT, patience=PATIENCE)
        wait_until(lambda: turns._waiting)

        turn = turns.take(Rank.NEW, patience=0)
        turns.close()

        assert turn.seat
        assert isinstance(waiting.exception(timeout=PATIENCE), Closed)


def test_when_it_is_closed_there_are_no_more_turns():
    turns = Turns(["one", "other"])
    turns.take(Rank.NEW, patience=0)

    assert turns.close() == ["one"]
    with pytest.raises(Closed):
        turns.take(Rank.NEW, patience=0)


@pytest.mark.parametrize(
    ("went_well", "rank"),
    [
        ([], Rank.NEW),
        ([True], Rank.KNOWN),
        ([False], Rank.SUSPECT),
        ([True, True, False], Rank.SUSPECT),
        ([False, True], Rank.NEW),
        ([True, False, True, False, True], Rank.NEW),
        ([False] + [True] * (FORGIVEN - 1), Rank.NEW),
        ([False] * 9 + [True] * FORGIVEN, Rank.KNOWN),
    ],
)
def test_trust_is_lost_at_once_and_comes_back_slowly(went_well, rank):
    reputation = Reputation()

    for well in went_well:
        reputation.note("https://feeds.example/", well=well)

    assert reputation.rank("https://feeds.example/") is rank
    assert reputation.rank("https://another.example/") is Rank.NEW


def test_of_very_many_addresses_those_are_forgotten_that_were_asked_longest_ago():
    reputation = Reputation(most=2)

    for address in ("first", "second", "first", "third"):
        reputation.note(address, well=True)

    ranks = [reputation.rank(address) for address in ("first", "second", "third")]
    assert ranks == [Rank.KNOWN, Rank.NEW, Rank.KNOWN]
