"""From the address of a page to the feeds of its site, asked for over a real connection."""

from datetime import UTC, datetime

import httpx
import pytest

from dispatch.errors import FeedTooCostly, FeedUnreachable, FeedUnreadable
from dispatch.feeds.pages.discover import find_feeds
from dispatch.feeds.parse.document import parse
from dispatch.http import new_client

RSS = """<rss version="2.0"><channel><title>{title}</title>
<item><title>One</title><link>https://blog.example/{title}/1</link>
<pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title></feed>"""
PAGE = b"<!doctype html><html><title>Blog</title><p>Hello</html>"


def rss(title="Blog"):
    return RSS.format(title=title).encode()


def parse_here(body, url, kind):
    return parse(body, url=url, content_type=kind)


def page(*links):
    return "<!doctype html><html><head>{}</head><body>Hello</body></html>".format(
        "".join(f'<link rel="alternate" type="{kind}" href="{href}">' for kind, href in links)
    ).encode()


@pytest.fixture
def find(http, tmp_path, clock):
    def find(address, http=http, parse=parse_here):
        return find_feeds(address, http=http, folder=tmp_path, clock=clock, parse=parse)

    return find


def test_an_address_that_is_a_feed_is_its_own_answer(find, server):
    url = server.gives(rss())

    [found] = find(url)

    assert (found.url, found.title, found.kind, found.entries) == (url, "Blog", "RSS", 1)
    assert found.newest == datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_the_feeds_a_page_offers_are_read_and_those_of_comments_come_last(find, server):
    server.gives(rss("Comments for Blog"), "/comments/feed/")
    server.gives(b"<html>gone</html>", "/old.xml")
    server.gives(ATOM, "/atom.xml")
    server.gives(rss(), "/feed/")
    url = server.gives(
        page(
            ("application/rss+xml", "/comments/feed/"),
            ("application/rss+xml", "/old.xml"),
            ("application/rss+xml", "/missing.xml"),
            ("application/atom+xml", "/atom.xml"),
            ("application/rss+xml", "/feed/"),
        ),
        "/blog/",
    )

    found = find(url)

    assert [(one.title, one.kind, one.comments) for one in found] == [
        ("Blog", "RSS", False),
        ("Atom", "Atom", False),
        ("Comments for Blog", "RSS", True),
    ]


def test_a_feed_that_the_header_names_is_found(find, server):
    server.gives(rss(), "/hidden")
    url = server.gives(PAGE, "/", Link='</hidden>; rel="alternate"; type="application/rss+xml"')

    assert [one.url for one in find(url)] == [server.url("/hidden")]


def test_common_places_are_tried_below_the_page_first_and_then_on_its_host(find, server):
    server.gives(PAGE, "/")
    server.gives(PAGE, "/blog/")
    server.gives(rss("All"), "/rss.xml")
    server.gives(rss("Blog"), "/blog/atom.xml")

    assert [one.title for one in find(server.url("/"))] == ["All"]
    assert [one.title for one in find(server.url("/blog/"))] == ["Blog"]


def test_the_same_feed_under_two_addresses_is_named_once(find, server):
    server.gives(rss(), "/a")
    server.gives(rss(), "/b")
    url = server.gives(page(("application/rss+xml", "/a"), ("application/rss+xml", "/b")), "/")

    assert [one.url for one in find(url)] == [server.url("/a")]


def test_a_feed_that_has_moved_is_named_by_its_new_address(find, server):
    server.gives(rss(), "/new")
    server.redirects("/old", "/new")
    url = server.gives(page(("application/rss+xml", "/old")), "/")

    assert [one.url for one in find(url)] == [server.url("/new")]


def test_without_any_feed_it_says_so_and_has_asked_little(find, server):
    url = server.gives(PAGE, "/blog/")

    with pytest.raises(FeedUnreadable, match="no feed was found there - ask whoever runs the site"):
        find(url)

    assert len(server.requests) < 15


@pytest.mark.parametrize("address", ["", "not an address", "file:samples/x.xml", "ftp://x.example"])
def test_what_is_no_address_of_the_web_is_refused(find, address):
    with pytest.raises(FeedUnreachable, match="not an address of the web"):
        find(address)


@pytest.mark.parametrize("scheme", ["feed:", "FEED:", "feed:http:", "feed://http:"])
def test_what_browsers_put_before_a_feed_is_taken_off(find, server, scheme):
    url = server.gives(rss())

    [found] = find(f"{scheme}{url.removeprefix('http:')}")

    assert found.url == url


def test_the_address_of_a_person_is_told_from_that_of_a_site(find):
    with pytest.raises(
        FeedUnreachable, match=r"of a person - write that of the site, such as b\.c"
    ):
        find("a@b.c")


def test_a_site_whose_feeds_go_over_limits_is_not_asked_for_long(find, server):
    read = []

    def give_up(body, url, kind):
        if body.startswith(b"<!doctype"):
            return parse_here(body, url, kind)
        read.append(url)
        raise FeedTooCostly(f"{url}: takes too long to be read - tell the feed's owner")

    paths = [f"/{number}.xml" for number in range(9)]
    for path in paths:
        server.gives(rss(path), path)
    url = server.gives(page(*(("application/rss+xml", path) for path in paths)), "/")

    with pytest.raises(FeedTooCostly, match=r"/0\.xml: takes too long"):
        find(url, parse=give_up)

    assert len(read) == 2


def test_a_page_that_does_not_answer_is_told_as_such(find, server):
    with pytest.raises(FeedUnreachable, match=r"there is no such page \(404\)"):
        find(server.url("/nothing"))


def test_a_password_in_the_address_is_not_passed_on(find, server):
    server.gives(rss())

    [found] = find(server.url(userinfo="ada:s3cret@"))

    assert found.url == server.url()


class TestKnownSites:
    """Answered without a network, under the real names."""

    @pytest.fixture
    def web(self):
        pages = {}

        def answer(request):
            found = pages.get(str(request.url))
            return httpx.Response(200, content=iter([found])) if found else httpx.Response(404)

        with new_client(transport=httpx.MockTransport(answer)) as client:
            yield pages, client

    def test_its_feed_is_asked_for_without_reading_the_page(self, find, web):
        pages, client = web
        pages["https://social.example/@ada.rss"] = rss("Ada")

        [found] = find("@ada@social.example", http=client)

        assert (found.url, found.title) == ("https://social.example/@ada.rss", "Ada")

    def test_a_channel_with_a_handle_is_found_through_its_page(self, find, web):
        pages, client = web
        channel = "UC" + "x" * 22
        pages["https://www.youtube.com/@ada"] = f'<html>"externalId":"{channel}"'.encode()
        feed = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
        pages[feed] = ATOM

        assert [one.url for one in find("www.youtube.com/@ada", http=client)] == [feed]

    def test_a_special_feed_of_such_a_site_is_not_replaced_by_its_usual_one(self, find, web):
        pages, client = web
        pages["https://ada.blogspot.com/feeds/posts/default"] = rss("All")
        special = "https://ada.blogspot.com/feeds/posts/default/-/cats"
        pages[special] = rss("Cats")

        assert [one.url for one in find(special, http=client)] == [special]


def test_an_address_without_a_scheme_is_asked_by_http_where_https_does_not_answer(find):
    asked = []

    def answer(request):
        asked.append(str(request.url))
        if request.url.scheme == "https":
            raise httpx.ConnectError("no TLS here", request=request)
        return httpx.Response(200, content=rss())

    http = new_client(transport=httpx.MockTransport(answer))

    [found] = find("blog.example/feed", http=http)
    with pytest.raises(FeedUnreachable, match=r"https://blog\.example/feed"):
        find("https://blog.example/feed", http=http)

    assert found.url == "http://blog.example/feed"
    assert asked[:2] == ["https://blog.example/feed", "http://blog.example/feed"]


def test_a_list_of_feeds_is_told_as_one(find, server):
    url = server.gives(b'<?xml version="1.0"?><opml version="2.0"><body/></opml>')

    with pytest.raises(FeedUnreadable, match=r"a list of feeds .* 'dispatch feeds import FILE'"):
        find(url)
