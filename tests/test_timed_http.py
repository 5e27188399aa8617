"""All of a request has a time limit, whatever a server says meanwhile: over real sockets."""

import socket
import threading
from contextlib import closing, suppress
from ipaddress import ip_network

import httpcore
import httpx
import pytest

from dispatch.channels.http.calls import Api
from dispatch.errors import OutcomeUnknown, ProviderUnavailable
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from dispatch.testing.clock import FakeClock

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


def still_at_it(line):
    """One interim answer after the other: none of them is a silence."""
    while True:
        line.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")


@pytest.fixture
def server():
    """A function from what to do with a connection to the server's address, and what it was asked.

    The requests are kept as they came.
    """
    listening = []

    def start(deed):
        here = socket.create_server(("127.0.0.1", 0))
        asked = []

        def serve():
            with suppress(OSError):
                while True:
                    line, _ = here.accept()
                    with closing(line), suppress(OSError):
                        asked.append(line.recv(65536))
                        deed(line)

        worker = threading.Thread(target=serve, daemon=True)
        worker.start()
        listening.append((here, worker))
        return f"http://127.0.0.1:{here.getsockname()[1]}", asked

    yield start
    for here, worker in listening:
        with suppress(OSError):
            here.shutdown(socket.SHUT_RDWR)
        here.close()
        worker.join(5)


@pytest.mark.parametrize(
    ("method", "limit", "error"),
    [
        ("POST", "dispatch.http.TOTAL_SECONDS", OutcomeUnknown),
        ("GET", "dispatch.channels.http.calls.MOST_LOOKING", ProviderUnavailable),
    ],
)
def test_a_call_ends_though_a_service_says_that_it_is_still_at_it(
    server, monkeypatch, method, limit, error
):
    monkeypatch.setattr(limit, 0.5)  # enough to connect, also on a busy machine
    url, _ = server(still_at_it)
    with new_client() as http:
        api = Api(name="acme", url=url, http=http, clock=FakeClock())

        with pytest.raises(error, match="no answer in time"):
            api.call(method, "/posts")


def test_the_time_of_one_request_is_not_that_of_the_next(server, monkeypatch):
    monkeypatch.setattr("dispatch.http.TOTAL_SECONDS", 5.0)
    hanging, _ = server(still_at_it)
    url, _ = server(lambda line: line.sendall(HELLO))
    with new_client() as http:
        with pytest.raises(httpx.ReadTimeout):
            http.get(hanging, extensions={"total": 0.5})

        assert http.get(url).text == "hello"


@pytest.mark.parametrize(
    "network", [lambda: None, lambda: FeedNetwork(allowed=[ip_network("127.0.0.0/8")])]
)
def test_a_connection_that_comes_when_all_is_over_is_not_left_behind(server, monkeypatch, network):
    connect = httpcore.SyncBackend.connect_tcp
    made, connected, over, failures = [], threading.Event(), threading.Event(), []

    def slowly(*arguments):
        stream = connect(*arguments)
        made.append(stream.get_extra_info("socket"))
        connected.set()
        over.wait(5)
        return stream

    def ask():
        try:
            http.get(url)
        except httpx.ConnectError as failure:
            failures.append(str(failure))

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", slowly)
    url, _ = server(lambda line: line.sendall(HELLO.replace(b"close", b"keep-alive")))
    http = new_client(transport=network())
    asking = threading.Thread(target=ask)
    asking.start()
    connected.wait(5)

    http.close()
    over.set()
    asking.join(5)

    assert failures == ["connected after all was over"]
    assert [one.fileno() for one in made] == [-1]


class TestProxy:
    @pytest.fixture
    def proxy(self, server, monkeypatch):
        url, asked = server(lambda line: line.sendall(HELLO))
        monkeypatch.setenv("http_proxy", url.replace("http://", "http://ada:key@"))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        return asked

    def test_calls_go_through_the_proxy_of_the_environment(self, proxy):
        with new_client() as http:
            found = http.get("http://network.example/posts")

        assert found.text == "hello"
        [request] = proxy
        assert request.startswith(b"GET http://network.example/posts HTTP/1.1\r\n")
        assert b"Proxy-Authorization: Basic YWRhOmtleQ==" in request

    def test_and_past_it_where_the_environment_says_so(self, proxy, server):
        url, asked = server(lambda line: line.sendall(HELLO))
        with new_client() as http:
            http.get(url)

        assert (len(asked), proxy) == (1, [])
