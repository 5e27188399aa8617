"""Calls to one channel hold up those to no other, however long it takes to check them."""

import asyncio
import threading

from dispatch.web.hooks.reception import Reception
from dispatch.web.limits import HOOKS_AT_ONCE, HOOKS_OF_CHANNEL


def test_a_channel_whose_calls_hang_leaves_threads_to_the_others(app):
    go = threading.Event()
    begun = []

    def hang():
        begun.append(1)
        return go.wait(30)

    async def hanging():
        reception = Reception(app)
        calls = [asyncio.create_task(reception.read("bell", hang)) for _ in range(HOOKS_AT_ONCE)]
        others = [await reception.read("latin", lambda: "read") for _ in range(3)]
        number = len(begun)
        go.set()
        return others, number, await asyncio.gather(*calls)

    others, number, hung = asyncio.run(hanging())

    assert others == ["read"] * 3
    assert number <= HOOKS_OF_CHANNEL < HOOKS_AT_ONCE
    assert hung == [True] * HOOKS_AT_ONCE
