"""Calls that are turned away cost the database a row now and then, however many they are."""

import asyncio

from dispatch.errors import StoreUnavailable
from dispatch.web.hooks.turned_away import TurnedAway


class Alarm:
    """A timer that goes off when it is told to."""

    def __init__(self):
        self.calls = []

    def __call__(self, _seconds, call):
        self.calls.append(call)
        return self

    def cancel(self):
        """As if it had never been set."""


def test_they_are_counted_and_written_down_together():
    written, alarm = [], Alarm()

    async def many():
        away = TurnedAway(written.append, wake=alarm)
        for number in range(1_000):
            away.note("bell", f"reason {number}")
        away.note("latin", "unsigned")
        await away.write()
        await away.write()

    asyncio.run(many())

    assert len(alarm.calls) == 1
    assert written == [{"bell": (1_000, "reason 999"), "latin": (1, "unsigned")}]


def test_what_cannot_be_written_down_is_kept_for_later():
    written, alarm = [], Alarm()
    away_first = iter([StoreUnavailable("database: away - come back")])

    def write(counted):
        for error in away_first:
            raise error
        written.append(counted)

    async def twice():
        away = TurnedAway(write, wake=alarm)
        away.note("bell", "old")
        await away.write()
        away.note("bell", "new")
        await away.write()

    asyncio.run(twice())

    assert written == [{"bell": (2, "new")}]
    assert len(alarm.calls) == 2


def test_it_is_done_by_itself_after_a_while():
    written, alarm = [], Alarm()

    async def waking():
        away = TurnedAway(written.append, wake=alarm)
        away.note("bell", "unsigned")
        alarm.calls.pop()()
        await away._writing

    asyncio.run(waking())

    assert written == [{"bell": (1, "unsigned")}]
