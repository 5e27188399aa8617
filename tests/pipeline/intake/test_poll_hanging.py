"""A real server that hangs, and others that wait for nobody."""

import random
from ipaddress import ip_network
from itertools import islice

import pytest

from dispatch.feeds.parse.document import parse
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from dispatch.model.intake.feed import EVERYTHING, Feed
from dispatch.pipeline.intake.poll import always, poll_feeds
from feeds.feed_server import FeedServer
from patience import PATIENCE

RSS = b'<rss version="2.0"><channel><title>B</title><item><title>one</title></item></channel></rss>'


@pytest.fixture
def server():
    with FeedServer().running() as server:
        yield server


@pytest.fixture
def http():
    with new_client(transport=FeedNetwork(allowed=[ip_network("127.0.0.1")])) as client:
        yield client


@pytest.mark.parametrize("hanging", [1, 3])
def test_a_feed_that_hangs_delays_no_other(  # noqa: PLR0917
    store, server, http, clock, tmp_path, hanging
):
    def hang(handler):
        assert server.closing.wait(PATIENCE)
        handler.close_connection = True

    slow = [
        Feed(f"slow{number}", server.on(f"/slow{number}", hang).replace("127.0.0.1", "localhost"))
        for number in range(hanging)
    ]
    quick = [Feed(f"f{n}", server.gives(RSS, f"/{n}"), EVERYTHING) for n in range(20)]

    reports = poll_feeds(
        [*slow, *quick],
        wanted=always,
        store=store,
        http=http,
        folder=tmp_path,
        clock=clock,
        rng=random.Random(1),
        parse=parse,
    )
    first = list(islice(reports, len(quick)))
    server.closing.set()
    rest = list(reports)

    assert {report.feed for report in first} == {feed.name for feed in quick}
    assert sum(report.kept.new for report in first) == 20
    assert {report.feed for report in rest} == {feed.name for feed in slow}
