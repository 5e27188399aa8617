"""What journeys share: a blog to send from, and a stage on either database."""

import socket
from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from app_stage import change, opened, workspace_in
from dispatch.app.http_clients import HttpClient
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from dispatch.testing.smtp_server import SmtpServer
from feeds.feed_server import FeedServer
from journey_stage import Arrivals, Blog
from little_hub import LittleHub
from websub_stage import LocalParser, Stage, pages


@pytest.fixture
def blog() -> Iterator[Blog]:
    with Blog() as blog:
        yield blog


@pytest.fixture
def arrivals() -> Arrivals:
    """So slow that many mails are under way whenever something happens."""
    return Arrivals(0.05)


@pytest.fixture
def server(arrivals) -> Iterator[SmtpServer]:
    """A mail server that takes what arrives."""
    with SmtpServer(taken=arrivals) as server:
        yield server


@pytest.fixture
def stage(tmp_path, migrated_sqlite, clock) -> Iterator[Stage]:
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with (
        FeedServer().running() as blog,
        LittleHub().running() as hub,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        ours = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", ours)
        change(folder, "file:samples/atelier.rss.xml", blog.url())
        http = new_client(transport=FeedNetwork(allowed=[ip_network("127.0.0.1")]))
        with (
            opened(folder, clock, feed_http=HttpClient(lambda _: http), parse=LocalParser()) as app,
            pages(app, listener),
        ):
            yield Stage(app, blog, hub, clock, folder)
