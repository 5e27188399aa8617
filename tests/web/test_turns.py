"""Changes that readers make go a few at a time, and none waits for ever."""

import asyncio
import threading
from contextlib import contextmanager

import pytest

from dispatch.errors import StoreUnavailable
from dispatch.web.limits import CHANGES_AT_ONCE, LOOKS_AT_ONCE
from dispatch.web.turns import Turns


def test_few_changes_are_made_at_a_time_and_all_in_the_end():
    places = threading.Semaphore(CHANGES_AT_ONCE)

    def change(number):
        assert places.acquire(blocking=False)
        places.release()
        return number

    async def all_of_them():
        turns = Turns()
        return await asyncio.gather(*(turns.take(change, number) for number in range(50)))

    assert asyncio.run(all_of_them()) == list(range(50))


def test_few_look_at_a_time_and_who_would_wait_for_long_looks_all_the_same():
    go = threading.Event()

    async def long_looks_and_another():
        turns = Turns()
        long = [asyncio.create_task(turns.look(go.wait, 30)) for _ in range(LOOKS_AT_ONCE)]
        await asyncio.sleep(0)  # they have begun
        passed = await turns.look(lambda: "seen")
        go.set()
        await asyncio.gather(*long)
        return passed, await turns.look(lambda: "seen again")

    assert asyncio.run(long_looks_and_another()) == ("seen", "seen again")


def test_those_that_fail_leave_the_turn_to_the_next():
    async def failing():
        turns = Turns()
        for _ in range(CHANGES_AT_ONCE):
            with pytest.raises(ZeroDivisionError):
                await turns.take(lambda: 1 // 0)
        return await turns.take(lambda: "done")

    assert asyncio.run(failing()) == "done"


def test_those_that_hang_are_not_waited_for_for_ever():
    go = threading.Event()

    async def hanging_and_another():
        turns = Turns(seconds=0.1)
        hanging = [asyncio.create_task(turns.take(go.wait, 30)) for _ in range(CHANGES_AT_ONCE)]
        await asyncio.sleep(0)  # they have their turns
        with pytest.raises(StoreUnavailable, match="busy with other changes"):
            await turns.take(lambda: "never")
        go.set()
        await asyncio.gather(*hanging)
        return await turns.take(lambda: "done")

    assert asyncio.run(hanging_and_another()) == "done"


def test_short_changes_that_wait_are_made_in_one_go_and_each_is_answered_for_itself():
    made, gone = [], []
    go = threading.Event()

    @contextmanager
    def together():
        made.append([])
        yield
        gone.append(len(made[-1]))

    def change(number):
        if number == 0:
            go.wait(30)
        made[-1].append(number)
        return number // (number - 5)

    async def all_of_them():
        turns = Turns(together=together)
        first = asyncio.create_task(turns.share(change, 0))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(go.set)
        others = (turns.share(change, number) for number in range(1, 8))
        return await asyncio.gather(first, *others, return_exceptions=True)

    answers = asyncio.run(all_of_them())

    assert [one for one in answers if not isinstance(one, Exception)] == [0, -1, -1, -2, -4, 6, 3]
    assert isinstance(answers[5], ZeroDivisionError)
    assert len(gone) < 8
    assert sorted(number for some in made for number in some) == list(range(8))


def test_where_nothing_could_be_kept_all_of_them_are_told():
    @contextmanager
    def together():
        yield
        raise StoreUnavailable("database: full - make room")

    async def two():
        turns = Turns(together=together)
        both = (turns.share(lambda: "made"), turns.share(lambda: "made"))
        return await asyncio.gather(*both, return_exceptions=True)

    assert [str(one) for one in asyncio.run(two())] == ["database: full - make room"] * 2
