"""A post's page is read if its site allows it, in a process of its own, and within limits."""

import re

import pytest

from dispatch.errors import FeedUnreachable, FeedUnreadable
from dispatch.feeds.pages.robots import Robots
from dispatch.feeds.pages.text import read_page_text, without_title
from dispatch.feeds.pages.visit import visit_page
from dispatch.feeds.subprocesses.parser import PAGE_READER, SubprocessParser

WORDS = "<p>It was a long day, the {}th, and there is more to say about it than a feed would.</p>"
PAGE = f"""<!doctype html><html><head><title>A day</title>
<meta property="og:image" content="/day.jpg"></head><body>
<nav><a href="/">Home</a> <a href="/about">About us</a></nav>
<article><h1>A day</h1>{"".join(map(WORDS.format, range(10)))}
<p>See <a href="/other">the other <b>day</b></a>. <img src="inside.png" alt="A tree"></p>
<script>alert(1)</script></article>
<footer>All rights reserved</footer></body></html>""".encode()


@pytest.fixture(scope="module")
def apart():
    with SubprocessParser(program=PAGE_READER, at_once=1) as read:
        yield read


@pytest.fixture
def visit(http, tmp_path, clock, apart):
    robots = Robots()
    return lambda url: visit_page(
        url, http=http, folder=tmp_path, clock=clock, robots=robots, read=apart
    )


def test_it_gives_the_main_text_and_the_picture(visit, server):
    url = server.gives(PAGE, "/posts/day", Content_Type="text/html; charset=utf-8")

    found, again = visit(url), visit(url)

    assert found == again
    assert found.content.startswith("<h1>A day</h1>")
    assert found.content.count("a long day") == 10
    assert f'<a href="{server.url("/other")}"' in found.content
    assert re.search(r'<img [^>]*src="[^"]*/posts/inside\.png"', found.content)
    assert not re.search("Home|About|rights reserved|alert", found.content)
    assert found.image.url == server.url("/day.jpg")


def test_a_page_that_programs_should_not_read_is_not_asked_for(visit, server):
    server.gives(b"User-agent: *\nDisallow: /posts", "/robots.txt")
    url = server.gives(PAGE, "/posts/day")

    with pytest.raises(FeedUnreadable, match=r"asks programs not to read it \(robots.txt\)"):
        visit(url)

    assert [path for path, _ in server.requests] == ["/robots.txt"]


def test_what_a_redirect_leads_to_must_be_allowed_too(visit, server):
    server.gives(b"User-agent: *\nDisallow: /posts", "/robots.txt")
    server.gives(PAGE, "/posts/day")

    with pytest.raises(FeedUnreadable, match=r"\(robots\.txt\)"):
        visit(server.redirects("/short", "/posts/day"))


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"%PDF-1.7", "application/pdf", "is no web page"),
        (b"x" * 2_100_000, "text/html", "larger than 2 MB"),
    ],
)
def test_other_things_than_pages_are_left_alone(visit, server, body, kind, problem):
    url = server.gives(body, "/file", Content_Type=kind)

    with pytest.raises(FeedUnreadable, match=problem):
        visit(url)


def test_no_page_is_read_where_feeds_may_not_come_from(visit, server):
    with pytest.raises(FeedUnreadable, match="no answer for robots"):
        visit("http://10.1.2.3/secret")
    with pytest.raises(FeedUnreadable, match="not a page of the web"):
        visit("file:schedules.yaml")
    with pytest.raises(FeedUnreachable):
        visit(server.url("/missing"))


def test_a_page_that_keeps_the_reader_busy_is_given_up(server):
    hostile = b"<html><body><article><p>" + b"<span>x</span> " * 14_000
    with (
        SubprocessParser(program=PAGE_READER, at_once=1, seconds=1) as read,
        pytest.raises(FeedUnreadable, match="takes too long"),
    ):
        read(hostile, "https://blog.example/", "text/html")


def test_a_page_of_tags_only_has_no_text():
    [entry] = read_page_text(b"<div>" * 400_000, url="https://blog.example/").entries

    assert (entry.content, entry.image) == ("", None)


def test_without_the_extra_there_is_still_the_picture(monkeypatch):
    monkeypatch.setattr("dispatch.feeds.pages.main_text.is_available", lambda: False)

    [entry] = read_page_text(PAGE, url="https://blog.example/").entries

    assert entry.content == ""
    assert entry.image.url == "https://blog.example/day.jpg"


def test_only_a_heading_that_repeats_the_title_is_taken_off():
    assert without_title("<h2>A  Day</h2><p>x</p>", "a day") == "<p>x</p>"
    assert without_title("<h2>One day</h2><p>x</p>", "A day") == "<h2>One day</h2><p>x</p>"
