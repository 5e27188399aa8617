"""What a fetch says when the other side does not behave."""

import gzip
import itertools
import re
import socket
from datetime import timedelta

import httpx
import pytest

from dispatch.errors import FeedError, FeedGone, FeedUnreachable, FeedUnreadable
from dispatch.feeds.limits import Limits
from dispatch.http import new_client
from feeds.feed_server import chunks

HASTY = Limits(silence=0.2, total=0.5)


def refusal(get, url, kind=FeedUnreachable, **more):
    """The sentence with which a fetch fails, checked for its form."""
    with pytest.raises(FeedError) as caught:
        get(url, **more)
    assert type(caught.value) is kind
    assert re.fullmatch(r"\S+: [^\n]+ - [^\n]+", str(caught.value))
    return caught.value


def test_a_server_that_is_down(get):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/feed"

        error = refusal(get, url)

    assert str(error) == f"{url}: the server refuses connections - try the address in a browser"


def test_a_server_that_hangs(get, server):
    url = server.hangs()

    error = refusal(get, url, limits=HASTY)

    assert "the server does not answer (no reply within 0.2 s) - try the address" in str(error)


def test_a_server_that_drips_is_given_up_when_the_time_is_over(get, server):
    url = server.on("/feed.xml", lambda handler: chunks(handler, itertools.repeat(b"x")))
    ticks = itertools.count(0, 10)

    error = refusal(get, url, ticks=lambda: float(next(ticks)))

    assert "too slow, not done within 60 s" in str(error)


def test_fifty_megabytes_without_end_are_not_read(get, server):
    given = itertools.count()
    pieces = (b"<item/>" * 10_000 for _ in given)
    url = server.on("/feed.xml", lambda handler: chunks(handler, pieces))

    error = refusal(get, url, FeedUnreadable)

    assert "larger than 10 MB" in str(error)
    assert next(given) < 1_000


def test_a_gzip_bomb_is_not_unpacked(get, server):
    url = server.gives(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    error = refusal(get, url, FeedUnreadable)

    assert "larger than 10 MB" in str(error)


@pytest.mark.parametrize(
    "packed", [gzip.compress(b"<rss/>" * 99, mtime=0)[:-20], b"\x1f\x8bno", b"plain"]
)
def test_packed_bytes_that_are_damaged(get, server, packed):
    url = server.gives(packed, Content_Encoding="gzip")

    error = refusal(get, url, FeedUnreadable)

    assert "damaged or cut off on the way" in str(error)


def test_a_packing_nobody_asked_for(get, server):
    url = server.gives(b"x", Content_Encoding="br")

    error = refusal(get, url, FeedUnreadable)

    assert "packed in a way we did not ask for" in str(error)


def test_an_answer_that_breaks_off(get, server):
    url = server.gives(b"<rss>", Content_Length="500")

    error = refusal(get, url)

    assert "the answer broke off before its end" in str(error)


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"HTTP/1.1 200 OK\r\n\x00: \r\n\r\n"]
)
def test_something_that_is_no_web_server(get, server, answer):
    url = server.on("/feed.xml", lambda handler: handler.wfile.write(answer))

    error = refusal(get, url, limits=HASTY)

    assert "the answer broke off" in str(error)


def test_a_redirect_in_a_circle(get, server):
    url = server.redirects("/feed.xml", "/feed.xml")

    error = refusal(get, url)

    assert "redirects more than 5 times" in str(error)
    assert len(server.requests) == 6


@pytest.mark.parametrize("target", ["ftp://example.org/feed", "file:///etc/passwd"])
def test_a_redirect_to_what_is_no_web_address(get, server, target):
    url = server.redirects("/feed.xml", target, status=302)

    error = refusal(get, url)

    assert f"redirects to {target}, which is no address of the web" in str(error)


@pytest.mark.parametrize(
    "target", ["javascript:go", "data:,x", "http://[::1", "http://a:b:c/", "\x00"]
)
def test_a_redirect_to_what_is_no_address_at_all(get, server, target):
    url = server.redirects("/feed.xml", target, status=302)

    error = refusal(get, url)

    assert "redirects to" in str(error) or "broke off" in str(error)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "asks for a password"),
        (403, "refuses to show it to us"),
        (404, "there is no such page"),
        (418, "the server will not answer (418)"),
        (500, "the server has a fault (500)"),
        (301, "the server will not answer (301)"),
    ],
)
def test_a_status_that_says_no(get, server, status, words):
    url = server.gives(b"<p>sorry</p>", status=status)

    error = refusal(get, url)

    assert words in str(error)
    assert error.retry_after is None


def test_a_feed_that_is_gone(get, server):
    url = server.gives(b"", status=410)

    error = refusal(get, url, FeedGone)

    assert "gone for good" in str(error)


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("Tue, 24 Nov 2026 08:30:00 GMT", timedelta(minutes=30)),
        ("Tue, 24 Nov 2026 08:30:00 -0000", timedelta(minutes=30)),
        ("Tue, 24 Nov 2020 08:30:00 GMT", timedelta(0)),
        ("9" * 5_000, timedelta(days=7)),
        ("soon", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_patience(get, server, status, asked, pause):
    url = server.gives(b"", status=status, Retry_After=asked)

    error = refusal(get, url)

    assert error.retry_after == pause


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.org/feed",
        "example.org/feed",
        "https://",
        "https://[::1/feed",
        "https://example.org:99999/feed",
        "https://ada:s3/cret@example.org/feed",
    ],
)
def test_an_address_that_cannot_be_meant(get, url):
    with pytest.raises(
        FeedUnreachable, match="not an address of the web - begin it with https://"
    ) as caught:
        get(url)

    assert "cret" not in str(caught.value)


@pytest.mark.parametrize("host", ["a" * 64 + ".invalid", "a..invalid", "nobody.invalid", "xn--.x"])
def test_a_host_that_does_not_exist(get, host):
    error = refusal(get, f"http://{host}/feed")

    assert "check how" in str(error) or "cannot be reached" in str(error)


def test_a_certificate_that_is_not_valid(get):
    import ssl

    def fail(request):
        try:
            raise ssl.SSLCertVerificationError("expired")
        except ssl.SSLError as cause:
            raise httpx.ConnectError("handshake failed") from cause

    with new_client(transport=httpx.MockTransport(fail)) as http:
        error = refusal(get, "https://example.org/feed", http=http)

    assert "the server's certificate is not valid" in str(error)


def test_passwords_and_tokens_are_never_shown(get, server):
    server.gives(b"", "/feed.xml?api_key=t0ken", status=500)

    error = refusal(get, server.url("/feed.xml?api_key=t0ken", userinfo="ada:s3cret@"))

    shown = f"{error} {error!r}"
    assert "s3cret" not in shown
    assert "t0ken" not in shown
