"""Events go on past the time that an answer may take, and end with the client or the server."""

import asyncio
import threading

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.web.events import EventStream, event
from dispatch.web.limits import ConnectionLimits
from web_stage import GET, serving

IMPATIENT = ConnectionLimits(work_seconds=0.1, unread_seconds=30)


class Streams:
    """A page of events, which tells when somebody has left."""

    def __init__(self) -> None:
        self.left = threading.Event()
        self.app = Starlette(routes=[Route("/page", self.page)])

    async def page(self, _request: Request) -> Response:
        return EventStream(self._events())

    async def _events(self):
        try:
            for number in range(1_000):
                yield event("tick", str(number))
                await asyncio.sleep(0.02)
        finally:
            self.left.set()


def test_they_are_not_cut_by_the_limit_of_an_answer():
    streams = Streams()
    with serving(streams.app, IMPATIENT) as server, server.open() as client:
        client.sendall(GET)
        said = b""
        while b"data: 20\n" not in said:
            said += client.recv(65_536)

    head, _, body = said.partition(b"\r\n\r\n")
    assert b"content-type: text/event-stream" in head
    assert b"content-length" not in head
    assert b"event: tick\ndata: 0\n\n" in body


def test_who_leaves_is_told_no_more():
    streams = Streams()
    with serving(streams.app, IMPATIENT) as server:
        with server.open() as client:
            client.sendall(GET)
            client.recv(100)
        assert streams.left.wait(20)
        server.wait_until(lambda server: not server.inside)


def test_a_server_that_stops_waits_for_nobody_who_watches():
    streams = Streams()
    with serving(streams.app, IMPATIENT) as server:
        client = server.open()
        client.sendall(GET)
        client.recv(100)
    with client:
        assert streams.left.wait(1)
