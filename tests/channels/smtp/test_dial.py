"""Finding and reaching a mail server takes a limited time, whatever the DNS and the network do."""

import socket
import time
from contextlib import contextmanager
from threading import Event

import pytest

from dispatch.channels.smtp.dial import dial, in_time, own_name

SECONDS = 0.3
PATIENCE = 6.0


@contextmanager
def mute(address, port=0):
    """A port of this machine where nobody picks up and the queue is full; its number."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((address, port))
        server.listen(0)
        port = server.getsockname()[1]
        waiting = []
        for _ in range(4):  # what has no room in the queue is not answered at all
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex((address, port))
            waiting.append(one)
        yield port
        for one in waiting:
            one.close()


def found(*addresses):
    """A resolver that knows these."""
    return lambda _host, port: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
    ]


def test_all_addresses_together_have_one_deadline():
    began = time.monotonic()
    with mute("127.0.0.1") as port, pytest.raises(TimeoutError):
        dial("mail.example", port, SECONDS, look_up=found(*["127.0.0.1"] * 50))

    assert SECONDS / 2 < time.monotonic() - began < PATIENCE


def test_an_address_that_does_not_answer_leaves_time_for_the_others():
    with mute("127.0.0.1") as port, socket.create_server(("127.0.0.2", port)):
        line = dial("mail.example", port, 1, look_up=found("127.0.0.1", "127.0.0.2"))
        reached = line.getpeername()[0]
        line.close()

    assert reached == "127.0.0.2"


def test_a_resolver_that_does_not_answer_is_not_waited_for():
    never = Event()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        dial("mail.example", 25, SECONDS, look_up=lambda *_: never.wait(PATIENCE) or [])
    never.set()

    assert time.monotonic() - began < PATIENCE


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "..", "a\0b"])
def test_a_name_that_cannot_be_is_no_host(host):
    with pytest.raises(socket.gaierror):
        dial(host, 25, 5)


def test_says_why_the_last_address_could_not_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(ConnectionRefusedError):
        dial("mail.example", port, SECONDS, look_up=found("127.0.0.1", "127.0.0.2"))


def test_a_host_without_addresses_is_no_host():
    with pytest.raises(socket.gaierror):
        dial("mail.example", 25, SECONDS, look_up=found())


def test_gives_what_was_asked_for_or_why_not():
    assert in_time(lambda: 7, 5) == 7
    with pytest.raises(ZeroDivisionError):
        in_time(lambda: 1 / 0, 5)


@pytest.fixture
def line():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as line,
    ):
        yield line


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mail.news.example", "mail.news.example"),
        ("localhost", "[127.0.0.1]"),
        ("sly.example\r\nRSET", "[127.0.0.1]"),
        ("bücher.example", "[127.0.0.1]"),
    ],
)
def test_introduces_itself_by_a_name_that_can_be_said(line, name, expected):
    assert own_name(line, ask=lambda: name) == expected


def test_introduces_itself_by_its_address_where_the_resolver_does_not_answer(line):
    never = Event()

    assert own_name(line, ask=lambda: str(never.wait(PATIENCE)), seconds=0.05) == "[127.0.0.1]"
    never.set()
