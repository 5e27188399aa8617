"""What the tests of feeds share: a server, a client, and a fetch with everything handed in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dispatch.feeds.fetch import Fetched, NotModified, fetch
from dispatch.http import new_client
from dispatch.testing.clock import FakeClock
from feeds.feed_server import FeedServer

Fetch = Callable[..., Fetched | NotModified]


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer().running() as server:
        yield server


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with new_client() as client:
        yield client


@pytest.fixture
def get(http: httpx.Client, tmp_path: Path) -> Fetch:
    """`fetch` with a client, a workspace folder and a clock that stands still."""

    def call(url: str, **more: Any) -> Fetched | NotModified:
        return fetch(url, **{"http": http, "folder": tmp_path, "clock": FakeClock(), **more})

    return call
