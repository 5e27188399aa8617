"""Clients that hold more connections than the service may have files, while readers read."""

import json
import re
import resource
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest

from dispatch.testing.smtp_server import SmtpServer
from journey_stage import Arrivals, Stage, check_promises, log, readers, wait_until

DESCRIPTORS = 1_024
"""What many systems allow."""

CLIENTS = 1_100
AT_ONCE = 20
"""How many of them come at once, up to 50 times a second."""

PEOPLE = 1_000
PAGES = 30
MOST_SAID = 10_000
"""Bytes of log: some lines for the edition, and a few for all that the clients did."""

HEAD = b"GET /health HTTP/1.1\r\nHost: x\r\n"
BODY = b"POST /unsubscribe/forged HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx"


class Flood:
    """Holds CLIENTS connections on which a request has begun; one that is ended is opened anew."""

    def __init__(self, port: int, begin: bytes) -> None:
        self._address = ("127.0.0.1", port)
        self._begin = begin
        self._open = selectors.DefaultSelector()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._hold)
        self.opened = 0

    def _hold(self) -> None:
        while not self._stop.wait(0.02):
            for _ in range(min(AT_ONCE, CLIENTS - len(self._open.get_map()))):
                self._knock()
            for key, _events in self._open.select(0):
                self._look(key.fileobj)
        for key in tuple(self._open.get_map().values()):
            key.fileobj.close()
        self._open.close()

    def _knock(self) -> None:
        client = socket.socket()
        client.setblocking(False)
        with suppress(BlockingIOError):
            client.connect(self._address)
        self._open.register(client, selectors.EVENT_WRITE)
        self.opened += 1

    def _look(self, client: socket.socket) -> None:
        try:
            if self._open.get_key(client).events == selectors.EVENT_WRITE:
                client.send(self._begin)
                self._open.modify(client, selectors.EVENT_READ)
                return
            if client.recv(4096):
                return
        except OSError:
            pass
        self._open.unregister(client)
        client.close()

    def __enter__(self) -> "Flood":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@pytest.fixture
def arrivals() -> Iterator[Arrivals]:
    return Arrivals(0.02)


@pytest.fixture
def stage(tmp_path, blog, arrivals, sqlite_url) -> Iterator[Stage]:
    with SmtpServer(taken=arrivals) as server:
        stage = Stage(
            tmp_path / "workspace",
            feed=blog.address,
            port=server.port,
            database_url=sqlite_url,
            approval=True,
        )
        stage.environ |= {"DISPATCH_LOG_JSON": "true"}
        stage.subscribe(*readers(PEOPLE))
        blog.publish("First light")
        stage.approve()
        yield stage


@contextmanager
def up(stage: Stage) -> Iterator[tuple[int, list[str]]]:
    """The service with few descriptors: its port, and what it says."""
    said: list[str] = []
    with stage.running("up", "--port", "0") as process:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        first = process.stderr.readline()
        listener = threading.Thread(target=lambda: said.extend(process.stderr))
        listener.start()
        yield int(re.search(r":(\d+) ", first)[1]), said
        process.terminate()
        assert process.wait(30) == 0
        listener.join()


@pytest.mark.parametrize("begin", [HEAD, BODY], ids=["head", "body"])
def test_pages_answer_and_an_edition_goes_out_while_others_hold_all_connections(
    stage, arrivals, begin
):
    with up(stage) as (port, said), Flood(port, begin) as flood:
        wait_until(lambda: flood.opened > CLIENTS, seconds=60, what="some had to make room")
        answers = [httpx.get(f"http://127.0.0.1:{port}/health", timeout=30) for _ in range(PAGES)]
        wait_until(stage.has_finished, seconds=120, what="the edition ends")

    assert [answer.status_code for answer in answers] == [200] * PAGES
    slowest = max(answer.elapsed.total_seconds() for answer in answers)
    log.info("%d connections, the slowest page took %.1f s", flood.opened, slowest)
    check_promises(stage, readers(PEOPLE), arrivals.copies, unknown_at_most=0)
    assert len("".join(said)) < MOST_SAID
    lines = [json.loads(line) for line in said if line.startswith("{")]
    [let_go, *_] = [line for line in lines if line["event"] == "web.connection_let_go"]
    assert let_go["times"] == 1


def test_garbage_is_counted_and_told_as_json(stage):
    with up(stage) as (port, said):
        for garbage in (b"\x16\x03\x01\x02\x00", b"GET /\r\n\r\n", b"\r\n\r\n") * 100:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
                client.sendall(garbage)
                assert client.recv(100).startswith(b"HTTP/1.1 400 ")

    lines = [json.loads(line) for line in said if line.startswith("{")]
    told = [line for line in lines if line["event"] == "web.request_refused"]
    assert [(line["status"], line["times"]) for line in told] == [(400, 1), (400, 299)]
    assert "Traceback" not in "".join(said)
