"""Ask feeds what is new; one bad feed never stops another."""

from datetime import timedelta

import httpx
import pytest

from dispatch.feeds.parse.document import parse
from dispatch.model.intake.feed import EVERYTHING, Backfill, Feed
from dispatch.pipeline.intake import poll as poll_module
from poll_stage import BLOG, OTHER, memory, rss


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
