"""Bodies of calls have room in one process, and who finds none comes again."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from starlette.requests import Request

from dispatch.web.hooks.body import BodyRefused, NoRoom, Room


def request(*pieces, **headers):
    messages = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, start=1)
    ]

    async def receive():
        return messages.pop(0)

    named = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": named}, receive)


def test_room_is_taken_as_long_as_a_call_is_worked_on():
    async def full():
        room = Room(most=10, each=6)
        async with AsyncExitStack() as stack:
            held = await stack.enter_async_context(room.body(request(b"abc", b"def")))
            with pytest.raises(NoRoom):
                async with room.body(request(b"abc", b"de")):
                    pass
            async with room.body(request(b"abcd")) as little:
                assert (held, little) == (b"abcdef", b"abcd")
        async with room.body(request(b"abcdef")) as again, room.body(request(b"wxyz")) as more:
            return again + more

    assert asyncio.run(full()) == b"abcdefwxyz"


@pytest.mark.parametrize(
    "sent",
    [
        request(b"abc", b"defg"),
        request(b"", **{"content-length": "7"}),
        request(b"", **{"content-length": "9" * 5_000}),
    ],
    ids=["more", "says", "says a lot"],
)
def test_what_is_too_large_is_not_waited_for_and_takes_no_room(sent):
    async def refused():
        room = Room(most=6, each=6)
        with pytest.raises(BodyRefused):
            async with room.body(sent):
                pass
        async with room.body(request(b"abcdef")) as body:
            return body

    assert asyncio.run(refused()) == b"abcdef"


def test_a_length_that_is_no_number_is_not_believed():
    async def odd():
        async with Room().body(request(b"abc", **{"content-length": "²"})) as body:
            return body

    assert asyncio.run(odd()) == b"abc"
