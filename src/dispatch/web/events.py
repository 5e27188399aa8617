"""Server-sent events: an answer that goes on, one block of text after the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep them until it has many
    "X-Content-Type-Options": "nosniff",
}


def event(name: str, data: str) -> bytes:
    r"""One event as it goes over the wire.

    >>> event("progress", "<p>\nhalf")
    b'event: progress\ndata: <p>\ndata: half\n\n'
    """
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {name}\n{lines}\n".encode()


SILENCE = b": still here\n\n"
"""Says nothing, and shows whether somebody is there."""


class EventStream(Response):
    """Sends what `events` gives until that ends, or the client has gone."""

    def __init__(self, events: AsyncIterator[bytes]) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        telling = asyncio.ensure_future(self._tell(send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, leaving):
                task.cancel()
            for task in (telling, leaving):
                with suppress(asyncio.CancelledError):
                    await task
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, send: Send) -> None:
        async with aclosing(self._events) as events:  # type: ignore[type-var]
            async for one in events:
                await send({"type": "http.response.body", "body": one, "more_body": True})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
