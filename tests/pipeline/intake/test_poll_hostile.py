"""Feeds that want to do harm: each is left alone for longer, and none holds up a good one."""

import gzip
import itertools
import random
import threading
import time
from datetime import timedelta
from ipaddress import ip_network

import pytest

from dispatch.errors import FeedTooCostly
from dispatch.feeds.subprocesses.parser import SubprocessParser
from dispatch.feeds.web.limits import Limits
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from dispatch.model.intake.feed import EVERYTHING, Feed
from dispatch.pipeline.intake.poll import always, is_due, poll_feeds
from dispatch.store.transactions import Store
from feeds.feed_server import FeedServer, chunks, reply
from patience import PATIENCE

HOUR = timedelta(hours=1)
FOR_EVER = 3_600.0


def rss(inside: bytes) -> bytes:
    return b'<rss version="2.0"><channel><title>B</title>%b</channel></rss>' % inside


GOOD = rss(b"<item><title>one</title></item>")
CATEGORIES = rss(
    b"<item>%b</item>" % b"".join(b"<category>%d</category>" % number for number in range(76_000))
)
BOMB = b"<!DOCTYPE rss [<!ENTITY x0 'boom'>%b]>%b" % (
    b"".join(
        b"<!ENTITY x%d '%b'>" % (level, b"&x%d;" % (level - 1) * 10) for level in range(1, 12)
    ),
    rss(b"<item><title>&x11;</title></item>"),
)


@pytest.fixture
def store(sqlite_url):
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def server():
    with FeedServer().running() as server:
        yield server


@pytest.fixture(scope="module")
def hasty():
    """Reads in a process of its own, and has little time."""
    with SubprocessParser(seconds=1) as parser:
        yield parser


@pytest.fixture
def poll(store, clock, tmp_path, hasty):
    here = FeedNetwork(allowed=[ip_network("127.0.0.1")], look_up=lambda *_: ["127.0.0.1"])
    with new_client(transport=here) as http:
        yield lambda *feeds, parse=hasty, **more: poll_feeds(
            feeds,
            **{
                "wanted": always,
                "store": store,
                "http": http,
                "folder": tmp_path,
                "clock": clock,
                "rng": random.Random(1),
                "parse": parse,
                **more,
            },
        )


def memory(store, feed):
    with store.read() as tx:
        return tx.feeds.memory(feed.name, feed.url)


def happens(what) -> bool:
    pause, give_up = threading.Event(), time.monotonic() + PATIENCE
    while not what() and time.monotonic() < give_up:
        pause.wait(0.01)
    return what()


def gives(body: bytes, **headers: str):
    return lambda handler: reply(handler, body, headers=headers)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (gives(rss(b"<item>" + b"<a>" * 1_000_000)), "takes too long to be read"),
        (gives(rss(b"<item><author>%b</author></item>" % (b"a" * 2_000_000))), "takes too long"),
        (gives(CATEGORIES), "takes too long"),
        (gives(rss(b"<item/>" * 1_000_000)), "takes too long"),
        (gives(b'{"items": [%b 1]}' % (b'{"":0},' * 1_400_000)), "takes too "),
        (gives(gzip.compress(bytes(50_000_000)), **{"Content-Encoding": "gzip"}), "larger than"),
        (gives(GOOD + b" " * 10_000_000), "larger than 10 MB"),
        (lambda handler: chunks(handler, itertools.repeat(b"<item/>" * 9_999)), "larger than"),
    ],
    ids=["deep", "one author", "categories", "items", "memory", "gzip bomb", "large", "endless"],
)
def test_a_feed_that_goes_over_a_limit_is_left_alone_for_longer(  # noqa: PLR0917
    poll, server, store, clock, answer, problem
):
    feed = Feed("hostile", server.on("/feed.xml", answer))

    [report] = poll(feed)

    known = memory(store, feed)
    assert problem in report.problem
    assert known.next_poll_why == "it went over a limit"
    assert 2 * HOUR <= known.next_poll_at - clock() <= 2.4 * HOUR


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n<"])
def test_a_slow_drip_goes_over_a_limit_too(poll, server, store, start):
    def drip(handler):
        handler.wfile.write(start)
        while not server.closing.wait(0.02):
            handler.wfile.write(b"X: y\r\n")

    feed = Feed("hostile", server.on("/feed.xml", drip))

    [report] = poll(feed, limits=Limits(silence=PATIENCE, total=0.3))

    assert "too slow, not done within 0.3 s" in report.problem
    assert memory(store, feed).next_poll_why == "it went over a limit"


def test_entities_that_multiply_cost_nothing_and_the_feed_is_read(poll, server):
    with SubprocessParser() as parser:
        [report] = poll(Feed("bomb", server.gives(BOMB), EVERYTHING), parse=parser)

    assert (report.problem, report.kept.new) == ("", 1)


def test_it_is_asked_less_and_less_often_until_it_gives_a_good_answer(poll, server, store, clock):
    feed = Feed("hostile", server.gives(GOOD + b" " * 10_000))
    small = Limits(size=5_000)
    pauses = []
    for _ in range(4):
        assert len(list(poll(feed, wanted=is_due, claim=True, limits=small))) == 1
        pauses.append(memory(store, feed).next_poll_at - clock())
        clock.advance(pauses[-1] - timedelta(seconds=1))
        assert list(poll(feed, wanted=is_due, claim=True, limits=small)) == []
        clock.advance(timedelta(seconds=1))
    server.gives(GOOD)

    [report] = poll(feed, wanted=is_due, claim=True, limits=small)

    assert all(
        least <= pause / HOUR <= 1.2 * least
        for pause, least in zip(pauses, (2, 8, 24, 24), strict=True)
    )
    assert report.problem == ""
    well = memory(store, feed)
    assert (well.failures, well.problem) == (0, "")
    assert well.next_poll_at - clock() <= 1.2 * HOUR


def test_any_number_of_hostile_feeds_hold_up_no_good_one(poll, server):
    address = server.gives(CATEGORIES, "/hostile")
    hostile = [
        Feed(f"hostile{number}", address.replace("127.0.0.1", f"host{number}.example"))
        for number in range(4)
    ]

    with SubprocessParser(seconds=FOR_EVER, quick=3, patience=PATIENCE) as parser:

        def answer_late(handler):
            assert happens(lambda: sum(child.is_done for child in parser._running.copy()) == 2)
            reply(handler, GOOD)

        good = Feed("good", server.on("/good", answer_late), EVERYTHING)
        reports = poll(*hostile, good, parse=parser)
        first = next(reports)
        parser.close()
        rest = list(reports)

    assert (first.feed, first.problem, first.kept.new) == ("good", "", 1)
    assert {report.feed for report in rest} == {feed.name for feed in hostile}


def test_feeds_in_trouble_are_asked_last(poll, server, store, clock):
    server.gives(b"", "/bad", status=500)
    bad = Feed("bad", server.url("/bad"))
    list(poll(bad))
    asked_before = len(server.requests)
    good = [Feed(f"good{number}", server.gives(GOOD, f"/{number}")) for number in range(20)]

    list(poll(bad, *good))

    asked = [path for path, _ in server.requests[asked_before:]]
    assert asked[-1] == "/bad"


def test_a_page_that_goes_over_a_limit_costs_its_feed_patience_and_no_post(
    poll, server, store, clock
):
    linked = b"<item><title>%d</title><link>https://blog.example/%d</link></item>"
    feed = Feed("hostile", server.gives(rss(linked % (1, 1))), EVERYTHING, fulltext=True)
    visited = []

    def visit(url):
        visited.append(url)
        raise FeedTooCostly(f"{url}: takes too long to be read - tell the feed's owner")

    server.gives(rss(b"".join(linked % (number, number) for number in range(9))))
    [report] = poll(feed, visit=visit)
    ill = memory(store, feed)
    [again] = poll(feed)

    assert (report.problem, report.kept.new) == ("", 9)
    assert report.over_limit == f"{visited[0]}: takes too long to be read - tell the feed's owner"
    assert len(visited) == 1
    assert ill.problem == f"the page {report.over_limit}"
    assert ill.next_poll_why == "it went over a limit"
    assert 2 * HOUR <= ill.next_poll_at - clock() <= 2.4 * HOUR
    assert again.unchanged
    assert memory(store, feed).problem == ""
