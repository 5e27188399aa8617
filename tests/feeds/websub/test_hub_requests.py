"""A request to a hub, over a real network and a made-up one."""

import socket
from datetime import timedelta

import httpx
import pytest

from dispatch.errors import FeedUnreachable
from dispatch.feeds.web.limits import Limits
from dispatch.feeds.websub.hub_requests import ask_hub
from dispatch.http import new_client
from dispatch.testing.clock import FakeClock
from little_hub import LittleHub

FORM = {"hub.mode": "subscribe", "hub.topic": "https://blog.example/feed?a=é&b=1"}


@pytest.fixture
def hub():
    with LittleHub().running() as hub:
        yield hub


def ask(url, http, **more):
    ask_hub(url, FORM, http=http, clock=FakeClock(), **more)


def test_the_hub_gets_the_form_as_it_is(hub, http):
    ask(hub.url, http)

    assert hub.requests == [FORM]


@pytest.mark.parametrize("status", [307, 308])
def test_a_hub_that_has_moved_is_followed(hub, http, status):
    with LittleHub().running() as old:
        old.status, old.location = status, hub.url
        ask(old.url, http)

    assert (old.requests, hub.requests) == ([FORM], [FORM])


@pytest.mark.parametrize("status", [301, 302, 303, 400, 403, 404, 500])
def test_a_hub_that_does_not_take_it_is_named_with_its_status(hub, http, status):
    hub.status = status

    with pytest.raises(FeedUnreachable, match=rf"/hub: the hub .* \({status}\) - new posts"):
        ask(hub.url, http)


def test_the_patience_a_hub_asks_for_is_passed_on():
    answer = httpx.Response(429, headers={"Retry-After": "7200"})
    with (
        new_client(transport=httpx.MockTransport(lambda _: answer)) as http,
        pytest.raises(FeedUnreachable) as caught,
    ):
        ask("https://hub.example/", http)

    assert caught.value.retry_after == timedelta(hours=2)


def test_a_hub_that_redirects_for_ever_is_left(hub, http):
    hub.status, hub.location = 307, hub.url

    with pytest.raises(FeedUnreachable, match="redirects to nowhere"):
        ask(hub.url, http, limits=Limits(redirects=3))

    assert len(hub.requests) == 4


def test_https_is_tried_first_where_http_is_advertised():
    asked = []

    def answer(request):
        asked.append(str(request.url))
        if request.url.scheme == "https":
            raise httpx.ConnectError("nobody there", request=request)
        return httpx.Response(202)

    with new_client(transport=httpx.MockTransport(answer)) as http:
        ask("http://hub.example/", http)

    assert asked == ["https://hub.example/", "http://hub.example/"]


def test_a_firewall_that_drops_https_leaves_time_for_the_address_that_was_advertised():
    seconds = [0.0]

    def answer(request):
        left = request.extensions["total"]
        if request.url.scheme == "https":
            seconds[0] += left
            raise httpx.ConnectTimeout("nobody there", request=request)
        assert left == 5.0
        return httpx.Response(202)

    with new_client(transport=httpx.MockTransport(answer)) as http:
        ask("http://hub.example/", http, ticks=lambda: seconds[0])


def test_a_hub_that_hangs_costs_a_moment(http):
    with socket.create_server(("127.0.0.1", 0)) as nobody_answers:
        url = f"http://127.0.0.1:{nobody_answers.getsockname()[1]}/"

        with pytest.raises(FeedUnreachable, match=r"does not answer|too slow"):
            ask(url, http, limits=Limits(silence=0.1, total=0.2))
