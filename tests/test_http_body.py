"""No answer is larger or slower than it may be, however it is packed."""

import gzip
import zlib
from itertools import chain, count, repeat

import httpx
import pytest

from dispatch.http_body import Damaged, PackedOtherwise, TooLarge, TooSlow, read_body

WORDS = b"a feed, or a provider's answer " * 1000
SIZE = len(WORDS)
RAW_DEFLATE = zlib.compressobj(wbits=-zlib.MAX_WBITS)
HEADLESS = RAW_DEFLATE.compress(WORDS) + RAW_DEFLATE.flush()


class Pieces(httpx.SyncByteStream):
    """A body that comes piece by piece; it counts those that were asked for."""

    def __init__(self, pieces):
        self._pieces = pieces
        self.read = 0

    def __iter__(self):
        for piece in self._pieces:
            self.read += 1
            yield piece


def answer(*pieces, encoding=""):
    headers = {"Content-Encoding": encoding} if encoding else {}
    return httpx.Response(200, headers=headers, stream=Pieces(pieces))


def read(response, *, size=SIZE, left=lambda: 1.0, **more):
    return read_body(response, size=size, left=left, **more)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (WORDS, ""),
        (WORDS, "identity"),
        (WORDS, "utf-8"),
        (gzip.compress(WORDS), "gzip"),
        (gzip.compress(WORDS), "X-GZIP"),
        (zlib.compress(WORDS), "deflate"),
        (HEADLESS, "deflate"),
        (gzip.compress(WORDS[:99]) + gzip.compress(WORDS[99:]), "gzip"),
    ],
)
def test_a_body_is_unpacked_whatever_its_pieces(body, encoding):
    assert read(answer(body, encoding=encoding)) == WORDS
    assert (
        read(answer(*(body[i : i + 7] for i in range(0, len(body), 7)), encoding=encoding)) == WORDS
    )


def test_a_file_that_was_packed_beforehand_is_unpacked_for_those_who_ask():
    packed = gzip.compress(WORDS)

    assert read(answer(packed)) == packed
    assert read(answer(packed), plain_gzip=True) == WORDS


@pytest.mark.parametrize(
    ("body", "encoding", "problem"),
    [
        (WORDS + b"!", "", TooLarge),
        (gzip.compress(WORDS + b"!"), "gzip", TooLarge),
        (gzip.compress(b"0" * 50_000_000), "gzip", TooLarge),
        (gzip.compress(WORDS)[:-9], "gzip", Damaged),
        (b"not gzip", "gzip", Damaged),
        (WORDS, "br", PackedOtherwise),
    ],
)
def test_a_body_that_cannot_be_had_says_why(body, encoding, problem):
    with pytest.raises(problem):
        read(answer(body, encoding=encoding))


def test_a_stream_without_end_is_read_no_further_than_it_may_be():
    empty = Pieces(chain([gzip.compress(b"")], repeat(b"\0" * 1000)))
    endless = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=empty)

    with pytest.raises(TooLarge):
        read(endless)

    assert empty.read <= SIZE // 1000 + 2


def test_a_slow_stream_ends_with_its_time():
    drops = Pieces(repeat(b"."))
    seconds = count(10, -1)

    with pytest.raises(TooSlow):
        read(httpx.Response(200, stream=drops), left=lambda: next(seconds))

    assert drops.read == 11


def test_a_body_that_was_read_already_has_its_limit_too():
    assert read(httpx.Response(200, content=WORDS)) == WORDS
    with pytest.raises(TooLarge):
        read(httpx.Response(200, content=WORDS), size=9)
