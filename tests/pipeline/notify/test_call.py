"""Where a call may lead: to no private address, however it is written or looked up."""

import socket
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from itertools import repeat

import httpx
import pytest

from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from dispatch.model.notify.notification import Notification, NotificationState
from dispatch.pipeline.notify.call import call
from dispatch.pipeline.notify.sign import key_of
from notify_stage import SECRET, plan

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
ONE = Notification(
    1, "msg_1", "crm", "test.ping", "{}", NotificationState.WAITING, NOW, NOW, 0, None, 0, ""
)
SENT = []
LOOPBACK = [ip_network("127.0.0.0/8")]


def called(url: str, **how):
    with new_client(transport=FeedNetwork(**how)) as http:
        return call(ONE, plan(url=url), keys=[key_of(SECRET)], http=http, now=NOW)


@contextmanager
def answering(status: int, location: str = "", pieces=()):
    """A receiver on this machine; the paths that were asked for. It answers in these pieces."""
    asked = []
    SENT.clear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            if not pieces:
                self.send_header("Content-Length", "0")
            self.end_headers()
            with suppress(OSError):
                for piece in pieces:
                    self.wfile.write(piece)
                    SENT.append(len(piece))

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0.0.0.0", "10.0.0.1", "192.168.1.1", "169.254.169.254"),
        *("[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1]", "[fd00:ec2::254]"),
        *("0x7f.1", "0x7f000001", "2130706433", "localhost"),
        *("127.0.0.1:8443", "ada@127.0.0.1", "[2002:7f00:1::]", "[::]", "[fe80::1%25lo]"),
    ],
)
def test_no_private_address_is_called(host):
    answer = called(f"https://{host}/hook")

    assert answer.status == 0
    assert "which it may not" in answer.reason


@pytest.mark.parametrize("name", ["crm.example", "localhost."])
def test_a_name_that_leads_inside_is_not_called(name):
    answer = called(f"https://{name}/hook", look_up=lambda *_: ["192.168.0.7"])

    assert answer.reason.startswith("leads to 192.168.0.7, which it may not")


def test_a_name_is_looked_up_once_so_that_what_was_checked_is_what_is_called():
    with answering(204) as (at, asked):
        port = int(at.rpartition(":")[2])
        # Public to who asks first, and inside to who asks again.
        answers = iter([["192.0.2.7", "10.0.0.1"], ["127.0.0.1"]])
        answer = called(f"https://crm.example:{port}/", look_up=lambda *_: next(answers))

    assert answer.reason.startswith("leads to 192.0.2.7, which it may not")
    assert (asked, next(answers)) == ([], ["127.0.0.1"])


def test_no_proxy_of_the_environment_calls_for_us(monkeypatch):
    with answering(204) as (proxy, asked):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy)
        answer = called("http://127.0.0.1:9/hook")

    assert (asked, answer.status) == ([], 0)
    assert "which it may not" in answer.reason


def test_a_name_that_nobody_has_is_told_from_a_server_that_is_down():
    def look_up(*_):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    answer = called("https://crm.example/hook", look_up=look_up)

    assert answer.reason == "there is no server of this name"


def test_a_private_receiver_is_called_in_the_networks_of_this_machine_alone():
    with answering(204) as (at, asked):
        inside = called(f"{at}/hook", allowed=LOOPBACK, public=False)
    beside = called("http://10.0.0.1/hook", allowed=LOOPBACK, public=False)
    outside = called(
        "http://crm.example/hook", allowed=LOOPBACK, public=False, look_up=lambda *_: ["1.1.1.1"]
    )

    assert (inside.took, asked) == (True, ["/hook"])
    assert "which it may not" in beside.reason
    assert "which it may not" in outside.reason


def test_a_redirect_to_another_place_is_not_followed():
    with (
        answering(204) as (inside, asked),
        answering(307, location=f"{inside}/secret") as (at, redirected),
    ):
        answer = called(f"{at}/hook", allowed=LOOPBACK, public=False)

    assert (answer.status, redirected, asked) == (307, ["/hook"], [])


@pytest.mark.parametrize("location", ["http://10.0.0.1/hook", "http://crm.example/hook", "/hook"])
def test_a_call_is_one_call_whatever_redirects_it(location):
    with answering(308, location=location) as (at, asked):  # "/hook": round and round for ever
        answer = called(f"{at}/hook", allowed=LOOPBACK, public=False)

    assert asked == ["/hook"]
    assert answer.reason.startswith("answered 308: redirects are not followed")


def test_of_an_answer_of_many_megabytes_little_is_read():
    with answering(500, pieces=[b"x" * 65_536] * 160) as (at, _):
        answer = called(f"{at}/hook", allowed=LOOPBACK, public=False)

    assert (answer.status, answer.words) == (500, "")
    assert sum(SENT) < 10_000_000  # the connection was closed before


def test_an_answer_that_never_ends_is_left_once_its_time_is_over():
    seconds = iter(range(1000))  # of each look at the time one goes by
    with (
        answering(200, pieces=repeat(b"x")) as (at, _),
        new_client(transport=FeedNetwork(allowed=LOOPBACK, public=False)) as http,
    ):
        how = {"keys": [key_of(SECRET)], "http": http, "now": NOW}
        answer = call(ONE, plan(url=f"{at}/hook"), ticks=lambda: next(seconds), **how)

    assert answer.took  # its status counts
    assert next(seconds) < 30


def test_behind_a_proxy_numbers_are_checked_by_us():
    with (
        pytest.raises(httpx.ConnectError),
        new_client(
            transport=FeedNetwork(proxy="http://127.0.0.1:9", allowed=LOOPBACK, public=False)
        ) as http,
    ):
        http.post("http://1.1.1.1/hook")
