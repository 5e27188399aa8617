"""What the tests of feeds share: a server, a client, and a fetch with everything handed in."""

from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest

from dispatch.feeds.web.fetch import Fetched, NotModified, fetch
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from dispatch.testing.clock import FakeClock
from feeds.feed_server import FeedServer

Fetch = Callable[..., Fetched | NotModified]


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer().running() as server:
        yield server


@pytest.fixture
def other_server() -> Iterator[FeedServer]:
    with FeedServer().running() as server:
        yield server


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A client that may use this machine, which no feed may otherwise."""
    network = FeedNetwork(allowed=[ip_network("127.0.0.1")])
    with new_client(transport=network) as client:
        yield client


@pytest.fixture
def get(http: httpx.Client, tmp_path: Path) -> Fetch:
    """`fetch` with a client, a workspace folder and a clock that stands still."""

    def call(url: str, **more: Any) -> Fetched | NotModified:
        return fetch(url, **{"http": http, "folder": tmp_path, "clock": FakeClock(), **more})

    return call
