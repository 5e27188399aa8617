"""What a site's robots.txt allows us, by RFC 9309."""

from datetime import timedelta

import pytest

from dispatch.feeds.pages import robots as robots_module
from dispatch.feeds.pages.robots import Robots, read_rules


def allowed(text, path):
    return read_rules(text).allow(path)


@pytest.mark.parametrize(
    ("rules", "path", "allows"),
    [
        ("Disallow: /private", "/private/a", False),
        ("Disallow: /private", "/public", True),
        ("Disallow:", "/a", True),
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("Allow: /a/b\nDisallow: /a/", "/a/c", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /*.pdf$", "/x/y.pdf?z=1", True),
        ("Disallow: /a*b*c", "/a-b-c-d", False),
        ("Disallow: /a*b*c", "/a-c-b", True),
        ("Disallow: /x$", "/xy", True),
        ("Disallow: /*?print=", "/a?print=1", False),
        ("Disallow: /caf%C3%A9", "/café", False),
        ("Disallow: /café", "/caf%c3%a9", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        ("Disallow: /  # all of it", "/a", False),
    ],
)
def test_the_longest_rule_that_fits_counts(rules, path, allows):
    assert allowed(f"User-agent: *\n{rules}\n", path) == allows


def test_rules_for_us_replace_those_for_everybody():
    text = """
        User-agent: *
        Disallow: /

        user-agent: OtherBot
        USER-AGENT: Dispatch/1.0
        Disallow: /drafts
        Crawl-delay: 5

        User-agent: dispatch
        Disallow: /tmp
    """

    assert allowed(text, "/posts")
    assert not allowed(text, "/drafts/1")
    assert not allowed(text, "/tmp/1")


def test_rules_for_others_are_not_ours():
    assert allowed("User-agent: dispatcher\nDisallow: /\nUser-agent: x\nDisallow: /", "/a")
    assert allowed("Disallow: /\nUser-agent: *\nAllow: /b", "/a")


def test_naming_everybody_again_and_again_does_not_repeat_the_rules():
    text = "User-agent: *\n" * 20_000 + "Disallow: /a\n" * 20_000  # half a megabyte, at once

    assert read_rules(text).pairs == (("/a", False),) * 2_000


@pytest.fixture
def ask(http, tmp_path, clock):
    robots = Robots()
    return lambda url: not robots.why_not(url, http=http, folder=tmp_path, clock=clock)


def test_it_is_asked_once_a_day(ask, server, clock):
    server.gives(b"User-agent: *\nDisallow: /no", "/robots.txt")

    said = [ask(server.url("/yes")), ask(server.url("/no")), ask(server.url("/no?x=1"))]
    clock.advance(timedelta(hours=25))
    ask(server.url("/yes"))

    assert said == [True, False, False]
    assert [path for path, _ in server.requests] == ["/robots.txt", "/robots.txt"]


@pytest.mark.parametrize(
    ("status", "allows"), [(404, True), (403, True), (410, True), (429, False), (500, False)]
)
def test_a_site_without_one_allows_everything_and_one_in_trouble_nothing(
    ask, server, status, allows
):
    server.gives(b"User-agent: *\nDisallow: /", "/robots.txt", status=status)

    assert ask(server.url("/a")) == allows


def test_no_more_of_them_is_kept_than_there_is_room_for(ask, server, other_server, monkeypatch):
    monkeypatch.setattr(robots_module, "_MOST_LETTERS", 1_000)
    rules = b"User-agent: *\nDisallow: /" + b"a" * 600
    for site in (server, other_server):
        site.gives(rules, "/robots.txt")

    said = [ask(site.url("/b")) for site in (server, other_server, other_server, server)]

    assert said == [True] * 4
    assert [len(site.requests) for site in (server, other_server)] == [2, 1]


def test_a_redirect_is_followed(ask, server):
    server.gives(b"User-agent: *\nDisallow: /no", "/rules.txt")
    server.redirects("/robots.txt", "/rules.txt")

    assert not ask(server.url("/no"))


def test_one_that_is_very_long_allows_nothing(ask, server):
    server.gives(b"#" * 600_000, "/robots.txt")

    assert not ask(server.url("/a"))
