"""What waits to be kept is kept in groups, in order, and each call is answered for itself."""

import asyncio
import threading

import pytest

from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.event import Event, EventKind
from dispatch.pipeline.events.record_in_parts import AT_ONCE
from dispatch.web.hooks.line import Line


def events(*ids):
    return [Event(kind=EventKind.DELIVERED, id=str(one)) for one in ids]


class Book:
    """Notes each group once it may; `fails` are groups that are not kept, by their numbers."""

    def __init__(self, *fails):
        self.groups = []
        self.go = threading.Event()
        self._fails = fails

    def record(self, channel, told):
        assert self.go.wait(30)
        self.groups.append((channel, [one.id for one in told]))
        if len(self.groups) in self._fails:
            raise StoreUnavailable("database: away - come back")


def kept(book, *calls, seconds=30.0):
    """What became of calls that came while the first group was being kept."""

    async def together():
        line = Line(book.record, seconds=seconds)
        waiting = [asyncio.create_task(line.keep(*one)) for one in calls]
        for _ in range(3):
            await asyncio.sleep(0)
        book.go.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    return asyncio.run(together())


def test_calls_that_wait_for_one_channel_are_kept_at_once():
    book = Book()

    answers = kept(
        book, ("a", events(1)), ("a", events(2, 3)), ("b", events(4)), ("a", events(5)), ("a", [])
    )

    assert answers == [None] * 5
    assert book.groups == [("a", ["1", "2", "3", "5"]), ("b", ["4"])]


def test_no_group_is_larger_than_others_can_wait_for():
    book = Book()

    answers = kept(book, ("a", events(*range(AT_ONCE + 7))), ("b", events(1)), ("a", events("x")))

    assert answers == [None] * 3
    assert [(channel, len(ids)) for channel, ids in book.groups] == [
        ("a", AT_ONCE),
        ("a", 8),
        ("b", 1),
    ]


def test_those_of_a_group_that_is_not_kept_are_told_so_and_no_others():
    book = Book(1)

    first, second, other = kept(book, ("a", events(1)), ("a", events(2)), ("b", events(3)))

    assert isinstance(first, StoreUnavailable)
    assert isinstance(second, StoreUnavailable)
    assert other is None


def test_who_has_waited_too_long_is_told_so_and_leaves_the_line():
    book = Book()

    async def hanging():
        line = Line(book.record, seconds=0.05)
        first = asyncio.create_task(line.keep("a", events(1)))
        for _ in range(3):
            await asyncio.sleep(0)
        with pytest.raises(StoreUnavailable, match="busy with other changes"):
            await line.keep("b", events(2))
        book.go.set()
        with pytest.raises(StoreUnavailable):
            await first
        await line.keep("b", events(3))

    asyncio.run(hanging())

    assert book.groups == [("a", ["1"]), ("b", ["3"])]
