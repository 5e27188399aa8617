"""Ask feeds what is new; one bad feed never stops another."""

import random
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from threading import Barrier, Thread

import httpx
import pytest

from dispatch.feeds.parse.document import parse
from dispatch.model.intake.feed import EVERYTHING, Backfill, Feed
from dispatch.model.intake.polling_interval import CEILING
from dispatch.pipeline.intake import poll as poll_module
from dispatch.pipeline.intake.poll import always, is_due, is_stale, poll_feeds
from dispatch.store.intake.feeds import FeedMemory

BLOG = Feed("blog", "https://blog.example/feed.xml", EVERYTHING)
OTHER = Feed("other", "https://other.example/feed.xml", EVERYTHING)


def rss(*titles):
    items = "".join(
        f"<item><title>{title}</title><link>https://blog.example/{title}</link></item>"
        for title in titles
    )
    return f'<rss version="2.0"><channel><title>The Blog</title>{items}</channel></rss>'


def dated(now, *, every, count):
    """A feed whose posts came so often, the last one just now."""
    items = "".join(
        f"<item><title>{n}</title><guid>{n}</guid>"
        f"<pubDate>{format_datetime(now - n * every)}</pubDate></item>"
        for n in range(count)
    )
    return f'<rss version="2.0"><channel><title>Dated</title>{items}</channel></rss>'


class Web:
    """Pages by address: a body, a response, or an exception."""

    def __init__(self):
        self.pages = {BLOG.url: rss("one"), OTHER.url: rss("two")}
        self.requests = []

    def answer(self, request):
        self.requests.append(request)
        page = self.pages[str(request.url)]
        if isinstance(page, Exception):
            raise page
        if not isinstance(page, httpx.Response):
            page = httpx.Response(200, text=page, headers={"ETag": '"1"'})
        # As from a network: a body that has not been read yet.
        return httpx.Response(page.status_code, headers=page.headers, content=iter([page.content]))


@pytest.fixture
def web():
    return Web()


@pytest.fixture
def poll(store, web, clock, tmp_path):
    http = httpx.Client(transport=httpx.MockTransport(web.answer))

    def poll(*feeds, wanted=always, **more):
        reports = poll_feeds(
            feeds,
            wanted=wanted,
            store=store,
            http=http,
            folder=tmp_path,
            clock=clock,
            rng=random.Random(1),
            **{"parse": parse, **more},
        )
        return sorted(reports, key=lambda report: report.feed)

    yield poll
    http.close()


def memory(store, feed=BLOG):
    with store.read() as tx:
        return tx.feeds.memory(feed.name, feed.url)


def test_a_poll_keeps_posts_and_the_feeds_own_title(poll, store):
    [report] = poll(BLOG)

    assert report.kept.new == 1
    assert memory(store).title == "The Blog"


def test_first_contact_says_how_many_it_takes(poll, web):
    web.pages[BLOG.url] = rss("one", "two", "three")

    [report] = poll(Feed("blog", BLOG.url, Backfill(newest=1)))

    assert report.notes == ("first contact, backfill: the newest 1 - 1 of 3 posts taken",)


def test_a_feed_that_has_not_changed_is_asked_but_not_read_again(poll, web):
    poll(BLOG)
    web.pages[BLOG.url] = httpx.Response(304)

    [report] = poll(BLOG)

    assert report.unchanged
    assert web.requests[-1].headers["If-None-Match"] == '"1"'


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("hanging"),
        httpx.Response(500),
        httpx.Response(200, text="<!doctype html><title>Blog</title><p>Hello"),
        httpx.Response(200, text=""),
        httpx.Response(200, content=b"\x89PNG\r\n\x1a\n" + bytes(100)),
    ],
    ids=["down", "hanging", "error", "web page", "empty", "not XML"],
)
def test_one_bad_feed_never_stops_another(poll, web, trouble):
    web.pages[BLOG.url] = trouble

    bad, good = poll(BLOG, OTHER)

    assert "https://blog.example/feed.xml" in bad.problem
    assert " - " in bad.problem
    assert (good.problem, good.kept.new) == ("", 1)


def test_trouble_keeps_what_was_known_and_comes_to_an_end(poll, web, store):
    poll(BLOG)
    web.pages[BLOG.url] = httpx.Response(503)
    poll(BLOG)
    failing = memory(store)
    web.pages[BLOG.url] = rss("two", "one")

    [report] = poll(BLOG)

    assert failing.failures == 1
    assert failing.problem
    assert report.kept.new == 1
    assert (memory(store).failures, memory(store).problem) == (0, "")


def test_a_service_polls_when_it_is_time_and_a_person_whenever_they_ask(poll, clock):
    poll(BLOG)

    assert poll(BLOG, wanted=is_due) == []
    assert len(poll(BLOG)) == 1
    clock.advance(CEILING)
    assert len(poll(BLOG, wanted=is_due)) == 1


def test_an_edition_does_not_miss_what_was_published_since_the_last_poll(poll, clock):
    poll(BLOG)

    assert poll(BLOG, wanted=is_stale) == []
    clock.advance(timedelta(minutes=5))
    assert len(poll(BLOG, wanted=is_stale)) == 1


def test_a_feed_that_fails_is_polled_ever_less_often(poll, web, store, clock):
    web.pages[BLOG.url] = httpx.Response(500)
    pauses = []

    for _ in range(3):
        poll(BLOG)
        pauses.append(memory(store).next_poll_at - clock())

    assert pauses == sorted(pauses)
    assert pauses[2] > 2 * pauses[0]


def test_a_server_that_asks_for_patience_gets_it(poll, web, store, clock):
    web.pages[BLOG.url] = httpx.Response(429, headers={"Retry-After": "86400"})

    poll(BLOG)

    assert memory(store).next_poll_at - clock() >= timedelta(days=1)


def test_a_feed_that_is_gone_for_good_is_not_polled_by_itself_again(poll, web, clock):
    web.pages[BLOG.url] = httpx.Response(410)
    [report] = poll(BLOG)

    clock.advance(timedelta(days=30))

    assert "gone" in report.problem
    assert poll(BLOG, wanted=is_due) == []


def test_a_feed_that_moved_is_asked_at_its_new_address(poll, web):
    new = "https://blog.example/new.xml"
    web.pages[BLOG.url] = httpx.Response(301, headers={"Location": new})
    web.pages[new] = rss("one")
    [report] = poll(BLOG)

    poll(BLOG)

    assert str(web.requests[-1].url) == new
    assert f"moved to {new} - change the address in schedules.yaml" in report.notes


def test_a_new_address_in_the_configuration_starts_the_http_memory_anew(poll, web, store):
    poll(BLOG)
    moved = Feed("blog", "https://blog.example/atom.xml", Backfill(newest=0))
    web.pages[moved.url] = rss("two", "one")

    [report] = poll(moved)

    assert "If-None-Match" not in web.requests[-1].headers
    assert (report.kept.new, report.kept.known) == (0, 1)


def test_a_new_address_does_not_bring_the_archive_back_but_what_is_newer_counts(
    poll, web, store, clock
):
    poll(BLOG)
    moved = Feed("blog", "https://blog.example/atom.xml", EVERYTHING)
    items = "".join(
        f"<item><title>{name}</title><guid>{name}</guid><pubDate>{date}</pubDate></item>"
        for name, date in (
            ("fresh", "Tue, 24 Nov 2026 09:00:00 GMT"),
            ("archived", "Mon, 06 Jan 2025 09:00:00 GMT"),
        )
    )
    web.pages[moved.url] = f'<rss version="2.0"><channel><title>B</title>{items}</channel></rss>'
    clock.advance(timedelta(hours=3))

    [report] = poll(moved)

    assert (report.kept.new, report.kept.backlog) == (1, 1)


def test_a_bug_that_one_feed_brings_out_does_not_stop_another(poll):
    def stumble(body, *, url, content_type):
        if url == BLOG.url:
            raise RecursionError
        return parse(body, url=url, content_type=content_type)

    bad, good = poll(BLOG, OTHER, parse=stumble)

    assert "RecursionError while reading it" in bad.problem
    assert good.kept.new == 1


def test_a_post_that_cannot_be_kept_does_not_stop_another_feed(poll, monkeypatch):
    def stumble(feed, *given, **more):
        if feed == "blog":
            raise ValueError
        return keep(feed, *given, **more)

    keep = poll_module.keep_entries
    monkeypatch.setattr(poll_module, "keep_entries", stumble)

    bad, good = poll(BLOG, OTHER)

    assert "ValueError while reading it" in bad.problem
    assert good.kept.new == 1


class CountingParser:
    """Parses, and counts how often."""

    def __init__(self):
        self.count = 0

    def __call__(self, body, *, url, content_type):
        self.count += 1
        return parse(body, url=url, content_type=content_type)


def test_a_body_that_has_not_changed_is_never_parsed_again(poll, web):
    counting = CountingParser()
    web.pages[BLOG.url] = httpx.Response(200, text=rss("one"))
    poll(BLOG, parse=counting)
    [same] = poll(BLOG, parse=counting)
    after_two = counting.count
    web.pages[BLOG.url] = httpx.Response(200, text=rss("two", "one"))

    [changed] = poll(BLOG, parse=counting)

    assert (same.unchanged, after_two) == (True, 1)
    assert (changed.kept.new, counting.count) == (1, 2)


def test_the_same_bytes_in_another_encoding_are_another_body(poll, web):
    body = rss("d\xe9j\xe0 vu").encode("latin-1")
    wrong, right = ({"Content-Type": f"text/xml; charset={name}"} for name in ("utf-8", "latin-1"))
    web.pages[BLOG.url] = httpx.Response(200, content=body, headers=wrong)
    poll(BLOG)
    web.pages[BLOG.url] = httpx.Response(200, content=body, headers=right)

    [report] = poll(BLOG)

    assert not report.unchanged


def test_a_body_that_could_not_be_read_is_read_again(poll, web):
    def broken(_body, **_more):
        raise MemoryError

    poll(BLOG, parse=broken)

    [report] = poll(BLOG)

    assert report.kept.new == 1


def test_a_feed_is_polled_as_often_as_it_publishes(poll, web, store, clock):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(days=2), count=12)

    poll(BLOG)

    remembered = memory(store)
    assert remembered.next_poll_why == "the feed publishes about every 2 days"
    assert timedelta(hours=6) <= remembered.next_poll_at - clock() <= timedelta(hours=7.5)


def test_a_feed_on_whose_new_posts_a_campaign_runs_is_asked_every_half_hour(
    poll, web, store, clock
):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(days=2), count=12)

    poll(replace(BLOG, eager=True))

    remembered = memory(store)
    assert remembered.next_poll_why == "a campaign runs on its new posts"
    assert timedelta(minutes=30) <= remembered.next_poll_at - clock() <= timedelta(minutes=36)


def test_what_a_feed_asks_for_is_remembered_where_its_body_is_not_read_again(
    poll, web, store, clock
):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(hours=1), count=12)

    def patient(body, *, url, content_type):
        document = parse(body, url=url, content_type=content_type)
        return replace(document, every=timedelta(hours=5))

    poll(BLOG, parse=patient)
    web.pages[BLOG.url] = httpx.Response(304)

    poll(BLOG)

    assert memory(store).next_poll_why == "the feed asks for 5 hours between two polls"
    assert memory(store).next_poll_at - clock() >= timedelta(hours=5)


def test_a_feed_that_tells_us_by_itself_is_asked_rarely(poll, web, store, clock):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(hours=1), count=12)

    poll(BLOG, notified={"blog"})

    assert memory(store).next_poll_at - clock() >= CEILING


def test_two_machines_poll_a_feed_once(poll, web, store):
    start, reports = Barrier(2), []

    def machine():
        start.wait()
        reports.extend(poll(BLOG, OTHER, wanted=is_due, claim=True))

    threads = [Thread(target=machine) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(report.feed for report in reports) == ["blog", "other"]
    assert len(web.requests) == 2


def test_a_person_polls_what_a_machine_has_claimed(poll, store, clock):
    with store.begin() as tx:
        [known] = tx.feeds.memories([BLOG])
        tx.feeds.claim([known], until=clock() + timedelta(minutes=15))

    by_machine = poll(BLOG, wanted=is_due, claim=True)
    [by_person] = poll(BLOG)

    assert by_machine == []
    assert by_person.kept.new == 1


def test_a_feed_whose_poller_died_is_due_again(poll, store, clock):
    with store.begin() as tx:
        tx.feeds.claim(tx.feeds.memories([BLOG]), until=clock() + timedelta(minutes=15))
    clock.advance(timedelta(minutes=15))

    [report] = poll(BLOG, wanted=is_due, claim=True)

    assert report.notes[0].startswith("first contact")


def test_a_machine_that_stops_leaves_the_feeds_it_has_not_polled_to_others(poll, store):
    stopped = poll(BLOG, OTHER, wanted=is_due, claim=True, keep_going=lambda: False)

    by_another = poll(BLOG, OTHER, wanted=is_due, claim=True)

    assert stopped == []
    assert [report.feed for report in by_another] == ["blog", "other"]


def test_a_feed_that_is_gone_is_tried_again_when_a_person_asks(poll, web, store):
    web.pages[BLOG.url] = httpx.Response(410)
    poll(BLOG)
    gone = memory(store)
    web.pages[BLOG.url] = rss("one")

    [report] = poll(BLOG)

    assert gone.next_poll_at is None
    assert "gone for good" in gone.next_poll_why
    assert report.kept.new == 1
    assert not memory(store).gone


def test_a_feed_that_falls_silent_is_told_once(poll, web, clock):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(days=3), count=12)
    poll(BLOG)
    web.pages[BLOG.url] = httpx.Response(304)
    told = []
    for _ in range(40):
        clock.advance(timedelta(days=1))
        told += [report.silent for report in poll(BLOG) if report.silent]

    assert told == [
        "silent for 7 days, usually a post every 3 days - look whether it still publishes there"
    ]


def test_many_feeds_without_news_are_written_down_in_few_transactions(poll, web, store):
    many = [Feed(f"f{number}", f"https://f{number}.example/feed") for number in range(300)]
    for feed in many:
        web.pages[feed.url] = httpx.Response(304)
    with store.begin() as tx:
        tx.feeds.remember(*(FeedMemory(feed.name, feed.url, etag='"1"') for feed in many))
    begun = []
    begin = store.begin
    store.begin = lambda: (begun.append(1), begin())[1]

    reports = poll(*many)

    assert all(report.unchanged for report in reports)
    assert len(begun) <= 5
