"""Changes that readers make go a few at a time, and none waits for ever."""

import asyncio
import threading

import pytest

from dispatch.errors import StoreUnavailable
from dispatch.web.limits import CHANGES_AT_ONCE
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
