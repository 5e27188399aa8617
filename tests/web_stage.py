"""A web server as `dispatch up` starts it, and clients that speak to it byte by byte."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from dispatch.web.limits import PATIENCE as LONGER
from dispatch.web.limits import ConnectionLimits
from dispatch.web.serving.server import WebServer
from dispatch.web.unexpected import Unexpected

PATIENCE = 30
"""In seconds; what is waited for comes much sooner."""

LONGER_SECONDS = 0.7
"""How long a page waits for a body that may take longer."""

GET = b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n"
LAST_GET = b"GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class SmallWeb:
    """A few pages; the one that is slow waits for `go`, after it has told `waiting`."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.waiting = threading.Semaphore(0)
        self.app = Starlette(
            routes=[
                Route("/page", self.page, methods=["GET", "POST"]),
                Route("/page/{size:int}", self.page),
                Route("/form", self.form, methods=["POST"]),
                Route("/patient", self.patient, methods=["POST"]),
                Route("/slow", self.slow, methods=["GET", "POST"]),
            ],
            middleware=[Middleware(Unexpected)],
        )

    def page(self, request: Request) -> Response:
        return PlainTextResponse("x" * request.path_params.get("size", 10))

    async def form(self, request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    async def patient(self, request: Request) -> Response:
        request.scope[LONGER] = LONGER_SECONDS
        return await self.form(request)

    def slow(self, _request: Request) -> Response:
        self.waiting.release()
        self.go.wait(PATIENCE)
        return PlainTextResponse("at last")


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs in this process, and where."""

    server: WebServer
    address: tuple[str, int]

    def open(self, *, receive_bytes: int = 0) -> socket.socket:
        """A new connection, which nothing has been said on."""
        client = socket.socket()
        if receive_bytes:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        client.settimeout(PATIENCE)
        client.connect(self.address)
        return client

    def say(self, *pieces: bytes) -> bytes:
        """All that is answered on a new connection until the server ends it."""
        with self.open() as client:
            for piece in pieces:
                client.sendall(piece)
            return read(client)

    def drip(self, begin: bytes, drop: bytes = b"x") -> bytes:
        """The same for somebody who goes on, a drop at a time."""
        with self.open() as client:
            client.sendall(begin)
            done = threading.Event()

            def drips() -> None:
                try:
                    while not done.wait(0.02):
                        client.sendall(drop)
                except OSError:
                    return

            dripping = threading.Thread(target=drips)
            dripping.start()
            try:
                return read(client)
            finally:
                done.set()
                dripping.join()

    @property
    def inside(self) -> int:
        """How many connections are open, or being answered."""
        return len(self.server._house.crowd)

    def wait_until(self, happened: Callable[["Serving"], bool]) -> None:
        pause, begin = threading.Event(), time.monotonic()
        while not happened(self):
            assert time.monotonic() - begin < PATIENCE, f"{self.inside} are inside"
            pause.wait(0.01)


def read(client: socket.socket) -> bytes:
    """What comes until the end, whether that is polite or not."""
    said = b""
    try:
        while piece := client.recv(65_536):
            said += piece
    except ConnectionError:
        pass
    return said


def one_answer(client: socket.socket) -> bytes:
    """One whole answer, however many pieces it comes in; the connection goes on."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += _more(client)
    head, _, body = said.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    while len(body) < length:
        body += _more(client)
    return head + b"\r\n\r\n" + body


def _more(client: socket.socket) -> bytes:
    piece = client.recv(65_536)
    assert piece, "the server has ended the connection"
    return piece


def status(answer: bytes) -> int:
    """Of the first answer in it; 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer else 0


@contextmanager
def serving(
    web: ASGIApp,
    limits: ConnectionLimits | None = None,
    *,
    listener: socket.socket | None = None,
) -> Iterator[Serving]:
    listener = listener or socket.create_server(("127.0.0.1", 0))
    server = WebServer(web, listener, limits=limits)
    address = listener.getsockname()
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        running = Serving(server, address)
        running.wait_until(lambda one: one.server.started)
        yield running
    finally:
        server.should_exit = True
        thread.join()
