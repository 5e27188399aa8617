"""New posts get what their pages say, where their feed asks for it and says too little."""

import itertools
import random
from dataclasses import replace

import httpx
import pytest

from dispatch.errors import FeedTooCostly, FeedUnreadable
from dispatch.feeds.parse.document import parse
from dispatch.http import new_client
from dispatch.model.intake.feed import EVERYTHING, NOTHING, Entry, Feed, Image
from dispatch.pipeline.intake.complete import complete_entries
from dispatch.pipeline.intake.poll import always, poll_feeds

BLOG = Feed("blog", "https://blog.example/feed", EVERYTHING, fulltext=True, page_images=True)
LONG = "<p>" + "a long text " * 200 + "</p>"
PICTURE = Image("https://blog.example/own.jpg")


def entry(number, **more):
    link = f"https://blog.example/{number}"
    return Entry(guid=f"g{number}", link=link, title=f"Post {number}", position=number, **more)


def page(content="", image=""):
    return replace(entry(0), content=content, image=Image(image) if image else None)


class Pages:
    """Pages by address; each visit is noted. One that is an exception is raised."""

    def __init__(self, default=None):
        self.default = default or page(LONG, "https://blog.example/page.jpg")
        self.by_url = {}
        self.visited = []

    def __call__(self, url):
        self.visited.append(url)
        found = self.by_url.get(url, self.default)
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def pages():
    return Pages()


@pytest.fixture
def complete(pages, clock):
    def call(*entries, feed=BLOG, seen=(), backfill=None, ticks=lambda: 0.0):
        return complete_entries(
            entries,
            feed=feed,
            seen=set(seen),
            backfill=backfill,
            visit=pages,
            now=clock(),
            ticks=ticks,
        )

    return call


def test_a_summary_is_completed_and_the_feeds_own_text_stays_beside_it(complete):
    short = entry(1, content="<p>It begins…</p>")

    [found] = complete(short).entries

    assert (found.content, found.full_text) == (short.content, LONG)
    assert found.page_image == "https://blog.example/page.jpg"


def test_a_text_that_breaks_off_is_a_summary_however_long(complete):
    [found] = complete(
        entry(1, content=LONG[:-4] + " [...] Continue reading</p>"), feed=BLOG
    ).entries

    assert found.full_text == ""  # the page's is hardly longer

    [found] = complete(entry(1, content="<p>" + "text " * 300 + "[…]</p>")).entries

    assert found.full_text == LONG


def test_what_is_whole_and_has_a_picture_is_left_alone(complete, pages):
    whole = entry(1, content=LONG, image=PICTURE)

    assert complete(whole).entries == (whole,)
    assert pages.visited == []


@pytest.mark.parametrize(
    ("feed", "full_text", "page_image"),
    [
        (replace(BLOG, page_images=False), LONG, ""),
        (replace(BLOG, fulltext=False), "", "https://blog.example/page.jpg"),
    ],
)
def test_only_what_the_feed_asks_for_is_taken(complete, feed, full_text, page_image):
    [found] = complete(entry(1), feed=feed).entries

    assert (found.full_text, found.page_image) == (full_text, page_image)


def test_posts_we_have_and_an_archive_nobody_wants_are_not_visited(complete, pages):
    complete(entry(1), entry(2), seen=["g1", "https://blog.example/2"])
    complete(entry(3), backfill=NOTHING)
    complete(replace(entry(4), link=""))

    assert pages.visited == []


def test_a_page_that_says_no_more_changes_nothing(complete, pages):
    pages.default = page("<p>Accept our cookies</p>")
    own = entry(1, content="<p>The beginning of a story…</p>")

    assert complete(own).entries == (own,)


def test_a_page_that_fails_leaves_its_post_and_is_noted(complete, pages):
    pages.by_url["https://blog.example/1"] = FeedUnreadable("https://blog.example/1: no - wait")

    found = complete(entry(1), entry(2))

    assert [one.full_text for one in found.entries] == ["", LONG]
    assert found.notes == ("1 page of a new post was not read: https://blog.example/1: no - wait",)


def test_a_page_that_brings_out_a_mistake_of_ours_leaves_its_feed_well(complete, pages):
    pages.by_url["https://blog.example/1"] = RuntimeError("of somebody else's library")

    found = complete(entry(1), entry(2))

    assert [one.full_text for one in found.entries] == ["", LONG]
    assert "https://blog.example/1: RuntimeError while reading it - report it" in found.notes[0]


def test_a_site_that_always_refuses_is_asked_three_times(complete, pages):
    pages.default = FeedUnreadable("no")

    found = complete(*map(entry, range(10)))

    assert len(pages.visited) == 3
    assert "7 new posts keep the feed's own text" in found.notes[1]


def test_a_page_that_goes_over_a_limit_ends_the_visits(complete, pages):
    pages.default = FeedTooCostly("https://blog.example/0: takes too long to be read - tell them")

    found = complete(*map(entry, range(5)))

    assert len(pages.visited) == 1
    assert found.over_limit == str(pages.default)
    assert len(found.entries) == 5


def test_pages_are_limited_in_number_and_in_time(complete, pages):
    found = complete(*map(entry, range(25)))
    clock = itertools.count(step=50.0)
    complete(*map(entry, range(10)), ticks=lambda: next(clock))

    assert len(pages.visited) == 20 + 2
    assert "5 new posts keep" in found.notes[0]


class TestPolling:
    """Two polls of a feed of summaries, with a store."""

    @pytest.fixture
    def poll(self, store, clock, tmp_path, pages):
        feed = (
            '<rss version="2.0"><channel><title>Blog</title><item><title>One</title>'
            "<guid>g1</guid><link>https://blog.example/1</link>"
            "<description>{}</description></item></channel></rss>"
        )

        def poll(summary):
            answer = feed.format(summary)
            transport = httpx.MockTransport(
                lambda _: httpx.Response(200, content=iter([answer.encode()]))
            )
            with new_client(transport=transport) as http:
                [report] = poll_feeds(
                    [BLOG],
                    wanted=always,
                    store=store,
                    http=http,
                    folder=tmp_path,
                    clock=clock,
                    rng=random.Random(1),
                    parse=parse,
                    visit=pages,
                )
            with store.read() as tx:
                [post] = tx.posts.latest()
            return report, post

        return poll

    def test_a_post_keeps_its_pages_text_and_its_page_is_visited_once(self, poll, pages):
        first, post = poll("It begins")
        second, same = poll("It  begins")
        third, edited = poll("It began")

        assert [one.problem for one in (first, second, third)] == ["", "", ""]
        assert (post.full_text, same.full_text, edited.full_text) == (LONG, LONG, LONG)
        assert (second.kept.revised, third.kept.revised) == (0, 1)
        assert post.whole.content == LONG
        assert post.whole.image.url == "https://blog.example/page.jpg"
        assert pages.visited == ["https://blog.example/1"]

    def test_a_bug_in_reading_pages_costs_their_text_and_not_the_feed(self, poll, pages):
        pages.default = RuntimeError("bug")

        report, post = poll("It begins")

        assert (report.problem, report.kept.new, post.full_text) == ("", 1, "")
        assert "RuntimeError while reading it - report it" in report.notes[-1]
