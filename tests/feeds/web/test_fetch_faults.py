"""What a fetch says when the other side does not behave."""

import gzip
import itertools
import os
import re
import socket
import struct
from datetime import timedelta

import httpx
import pytest

from dispatch.errors import FeedError, FeedGone, FeedTooCostly, FeedUnreachable, FeedUnreadable
from dispatch.feeds.web.limits import Limits
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

    error = refusal(get, url, FeedTooCostly, ticks=lambda: float(next(ticks)))

    assert "too slow, not done within 60 s" in str(error)


def drip(handler, server, *pieces):
    """These, and then the last one again and again, slowly, until the client hangs up."""
    for piece in itertools.chain(pieces, itertools.repeat(pieces[-1])):
        handler.wfile.write(piece)
        if server.closing.wait(0.02):
            break


@pytest.mark.parametrize(
    "pieces",
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Filler: x\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x"),
    ],
    ids=["headers", "answers before the answer", "chunks", "a chunk's length", "a body"],
)
def test_a_server_that_always_says_something_and_never_ends(get, server, pieces):
    url = server.on("/feed.xml", lambda handler: drip(handler, server, *pieces))

    error = refusal(get, url, FeedTooCostly, limits=Limits(silence=10, total=0.3))

    assert "too slow, not done within 0.3 s - it is tried again later" in str(error)


def test_redirects_do_not_begin_the_time_anew(get, server):
    server.hangs("/2.xml")
    server.redirects("/1.xml", "/2.xml")
    url = server.redirects("/feed.xml", "/1.xml")

    error = refusal(get, url, FeedTooCostly, limits=Limits(silence=10, total=0.3))

    assert "too slow, not done within 0.3 s" in str(error)


@pytest.mark.parametrize("header", [b"X: %b\r\n" % (b"x" * 300_000), b"X: x\r\n" * 100_000])
def test_headers_without_end(get, server, header):
    answer = b"HTTP/1.1 200 OK\r\n" + header
    url = server.on("/feed.xml", lambda handler: handler.wfile.write(answer))

    error = refusal(get, url)

    assert "the answer broke off before its end" in str(error)


def test_a_connection_that_is_reset(get, server):
    def reset(handler):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(handler.connection.detach())

    url = server.on("/feed.xml", reset)

    error = refusal(get, url)

    assert "the answer broke off before its end - it is tried again later" in str(error)


def test_a_charset_that_is_wrong_is_no_matter_of_the_fetch(get, server):
    url = server.gives("<rss>é</rss>".encode("latin-1"), Content_Type="text/xml; charset=klingon")

    answer = get(url)

    assert (answer.body, answer.content_type) == (b"<rss>\xe9</rss>", "text/xml; charset=klingon")


def test_fifty_megabytes_without_end_are_not_read(get, server):
    given = itertools.count()
    pieces = (b"<item/>" * 10_000 for _ in given)
    url = server.on("/feed.xml", lambda handler: chunks(handler, pieces))

    error = refusal(get, url, FeedTooCostly)

    assert "larger than 10 MB" in str(error)
    assert next(given) < 1_000


def test_a_gzip_bomb_is_not_unpacked(get, server):
    url = server.gives(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    error = refusal(get, url, FeedTooCostly)

    assert "larger than 10 MB" in str(error)


@pytest.mark.parametrize(
    "packed", [gzip.compress(b"<rss/>" * 99, mtime=0)[:-20], b"\x1f\x8bno", b"plain"]
)
def test_packed_bytes_that_are_damaged(get, server, packed):
    url = server.gives(packed, Content_Encoding="gzip")

    error = refusal(get, url, FeedUnreadable)

    assert "damaged or cut off on the way" in str(error)


def test_packed_bytes_without_end_that_unpack_to_nothing(get, server):
    nothing = gzip.compress(b"") * 1_000
    url = server.on(
        "/feed.xml",
        lambda handler: chunks(handler, itertools.repeat(nothing), Content_Encoding="gzip"),
    )

    error = refusal(get, url, FeedTooCostly, limits=Limits(size=200_000))

    assert "larger than 0.2 MB" in str(error)


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


def test_what_is_gone_somewhere_else_is_not_the_end_of_the_feed(get, server):
    server.gives(b"", "/elsewhere.xml", status=410)
    url = server.redirects("/feed.xml", "/elsewhere.xml", status=302)

    error = refusal(get, url)

    assert "the server will not answer (410)" in str(error)


def test_what_is_gone_where_the_feed_has_moved_for_good_is_its_end(get, server):
    server.gives(b"", "/new.xml", status=410)
    url = server.redirects("/feed.xml", "/new.xml", status=301)

    refusal(get, url, FeedGone)


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("Tue, 24 Nov 2026 08:30:00 GMT", timedelta(minutes=30)),
        ("Tue, 24 Nov 2026 08:30:00 -0000", timedelta(minutes=30)),
        ("Tue, 24 Nov 2020 08:30:00 GMT", timedelta(0)),
        ("9" * 5_000, timedelta(days=7)),
        ("soon", None),
        ("Fri, 01 Jan 99999999999 00:00:00 GMT", None),
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
