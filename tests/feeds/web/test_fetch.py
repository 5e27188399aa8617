"""What a fetch brings back when the other side behaves."""

import gzip
import zlib
from datetime import timedelta

import pytest

from dispatch.errors import FeedUnreachable, FeedUnreadable
from dispatch.feeds.web.fetch import NotModified
from dispatch.feeds.web.limits import Limits

FEED = b"<rss version='2.0'><channel><title>News</title></channel></rss>"


def test_brings_the_body_and_what_the_next_fetch_needs(get, server):
    url = server.gives(
        FEED,
        Content_Type="application/rss+xml",
        ETag='"v1"',
        Last_Modified="Sun, 22 Nov 2026 08:00:00 GMT",
        Cache_Control="public, max-age=600",
    )

    answer = get(url)

    assert answer.body == FEED
    assert answer.content_type == "application/rss+xml"
    assert (answer.url, answer.moved_to) == (url, "")
    assert (answer.etag, answer.last_modified) == ('"v1"', "Sun, 22 Nov 2026 08:00:00 GMT")
    assert answer.fresh_for == timedelta(minutes=10)


def test_asks_only_for_what_has_changed(get, server):
    url = server.gives(b"", status=304)

    answer = get(url, etag='"v1"', last_modified="Sun, 22 Nov 2026 08:00:00 GMT")

    assert answer == NotModified()
    [(_, headers)] = server.requests
    assert headers["If-None-Match"] == '"v1"'
    assert headers["If-Modified-Since"] == "Sun, 22 Nov 2026 08:00:00 GMT"


def test_refuses_not_modified_when_nothing_was_there_to_compare_with(get, server):
    url = server.gives(b"", status=304)

    with pytest.raises(FeedUnreachable, match=r"\(304\)"):
        get(url)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(FEED)),
        ("gzip", gzip.compress(FEED[:20]) + gzip.compress(FEED[20:]) + bytes(8)),
        ("deflate", zlib.compress(FEED)),
        ("deflate", zlib.compress(FEED)[2:-4]),
        ("identity", FEED),
        ("utf-8", FEED),
        ("", gzip.compress(FEED)),
    ],
    ids=[
        "gzip",
        "gzip in members, padded",
        "deflate",
        "deflate without its header",
        "plain",
        "plain, and called something",
        "gzip, and not called so",
    ],
)
def test_unpacks_what_servers_pack(get, server, encoding, packed):
    url = server.gives(packed, Content_Encoding=encoding)

    answer = get(url)

    assert answer.body == FEED


class TestRedirects:
    def test_gives_the_new_address_when_the_feed_has_moved_for_good(self, get, server):
        server.gives(FEED, "/new.xml")
        server.redirects("/between.xml", "new.xml", status=308)
        url = server.redirects("/feed.xml", "/between.xml", status=301)

        answer = get(url)

        assert answer.body == FEED
        assert answer.url == answer.moved_to == server.url("/new.xml")

    @pytest.mark.parametrize(("first", "second"), [(302, 301), (301, 307), (303, 303)])
    def test_keeps_the_address_when_any_step_is_for_now_only(self, get, server, first, second):
        server.gives(FEED, "/new.xml")
        server.redirects("/between.xml", "/new.xml", status=second)
        url = server.redirects("/feed.xml", "/between.xml", status=first)

        answer = get(url)

        assert (answer.body, answer.moved_to) == (FEED, "")

    def test_never_passes_on_an_address_with_a_password(self, get, server):
        server.gives(FEED, "/new.xml")
        server.redirects("/feed.xml", "/new.xml")

        answer = get(server.url(userinfo="ada:s3cret@"))

        assert "s3cret" not in repr(answer)
        assert server.requests[-1][1]["Authorization"].startswith("Basic ")

    def test_does_not_carry_a_password_to_another_server(self, get, server):
        url = server.gives(FEED, "/new.xml")
        server.redirects("/feed.xml", url.replace("127.0.0.1", "localhost"))

        get(server.url(userinfo="ada:s3cret@"))

        assert "Authorization" not in server.requests[-1][1]


class TestFilesOfTheWorkspace:
    def test_reads_a_file_and_knows_it_again(self, get, tmp_path):
        (tmp_path / "samples").mkdir()
        (tmp_path / "samples" / "my blog.xml").write_bytes(FEED)

        first = get("file:samples/my%20blog.xml")
        second = get("file:samples/my%20blog.xml", etag=first.etag)

        assert first.body == FEED
        assert second == NotModified()

    def test_reads_it_again_when_it_has_changed(self, get, tmp_path):
        (tmp_path / "blog.xml").write_bytes(FEED)
        etag = get("file:blog.xml").etag
        (tmp_path / "blog.xml").write_bytes(FEED + b"\n")

        answer = get("file:blog.xml", etag=etag)

        assert answer.body == FEED + b"\n"

    @pytest.mark.parametrize(
        "url", ["file:../secret.xml", "file:/etc/passwd", "file:///etc/passwd", "file:out.xml"]
    )
    def test_stays_inside_the_workspace(self, get, tmp_path, url):
        folder = tmp_path / "workspace"
        folder.mkdir()
        (tmp_path / "secret.xml").write_bytes(FEED)
        (folder / "out.xml").symlink_to(tmp_path / "secret.xml")

        with pytest.raises(FeedUnreachable, match="outside the workspace - put the file"):
            get(url, folder=folder)

    @pytest.mark.parametrize(
        ("url", "problem"),
        [
            ("file:missing.xml", "there is no such file in the workspace - check the path"),
            ("file:", "cannot be read"),
            ("file:a%00b.xml", "not a path"),
        ],
    )
    def test_says_what_is_wrong_with_a_path(self, get, url, problem):
        with pytest.raises(FeedUnreachable, match=problem):
            get(url)

    def test_refuses_a_file_that_is_too_large(self, get, tmp_path):
        (tmp_path / "blog.xml").write_bytes(FEED)

        with pytest.raises(FeedUnreadable, match=r"larger than 1e-05 MB"):
            get("file:blog.xml", limits=Limits(size=10))
