"""Changes that readers make go one after the other, and none waits for ever."""

import asyncio
import threading

import pytest

from dispatch.errors import StoreUnavailable
from dispatch.web.turns import Turns


def test_changes_are_made_one_at_a_time_in_the_order_in_which_they_came():
    made, at_work = [], threading.Lock()

    def change(number):
        assert at_work.acquire(blocking=False)
        made.append(number)
        at_work.release()
        return number

    async def all_of_them():
        turns = Turns()
        return await asyncio.gather(*(turns.take(change, number) for number in range(50)))

    assert asyncio.run(all_of_them()) == made == list(range(50))


def test_one_that_fails_leaves_the_turn_to_the_next():
    async def two():
        turns = Turns()
        with pytest.raises(ZeroDivisionError):
            await turns.take(lambda: 1 // 0)
        return await turns.take(lambda: "done")

    assert asyncio.run(two()) == "done"


def test_one_that_hangs_is_not_waited_for_for_ever():
    go = threading.Event()

    async def two():
        turns = Turns(seconds=0.1)
        hanging = asyncio.create_task(turns.take(go.wait, 30))
        await asyncio.sleep(0)  # it has its turn
        with pytest.raises(StoreUnavailable, match="busy with one change"):
            await turns.take(lambda: "never")
        go.set()
        await hanging
        return await turns.take(lambda: "done")

    assert asyncio.run(two()) == "done"
