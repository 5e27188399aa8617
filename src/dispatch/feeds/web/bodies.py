"""An answer's body, read and unpacked piece by piece so that neither size nor time run away."""

import zlib
from collections.abc import Callable, Iterator
from itertools import chain

import httpx

from dispatch.errors import FeedTooCostly, FeedUnreadable
from dispatch.feeds.web.address import shown
from dispatch.feeds.web.answers import too_slow
from dispatch.feeds.web.limits import Limits

# Unpacked here and not by httpx, which unpacks a whole piece at once: of a gzip bomb that is
# a thousand times as much.
ACCEPTED_ENCODINGS = "gzip, deflate"

# The last ones are no packings at all, but servers say them and send the body as it is.
_UNPACKED = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "8bit"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_EITHER_HEADER = zlib.MAX_WBITS | 32  # zlib finds out whether it is gzip or zlib
_GZIP = b"\x1f\x8b"
_NO_HEADER = -zlib.MAX_WBITS  # what some servers send as "deflate"


class Damaged(Exception):
    """The packed bytes cannot be unpacked."""


def read_body(
    url: str, answer: httpx.Response, *, limits: Limits, left: Callable[[], float]
) -> bytes:
    """The whole body, unpacked; `left` says how many seconds remain.

    Raises FeedTooCostly when time runs out or it is too large, FeedUnreadable when it is damaged.
    """
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _PACKED | _UNPACKED:
        raise FeedUnreadable(
            f"{shown(url)}: packed in a way we did not ask for - tell the feed's owner"
        )
    pieces = _within(url, answer.iter_raw(), limits, left)
    first = next(pieces, b"")
    pieces = chain([first], pieces)
    # A file that was packed beforehand may come without a word about it; no feed begins like this.
    packed = encoding in _PACKED or first.startswith(_GZIP)
    body = bytearray()
    try:
        for piece in unpacked(pieces, limits.size + 1) if packed else pieces:
            body += piece
            if len(body) > limits.size:
                raise _too_large(url, limits)
    except Damaged as failure:
        raise FeedUnreadable(
            f"{shown(url)}: damaged or cut off on the way - it is tried again later"
        ) from failure
    return bytes(body)


def unpacked(pieces: Iterator[bytes], step: int) -> Iterator[bytes]:
    """The gzip or deflate stream unpacked, at most `step` bytes at a time.

    Raises Damaged if the stream is not what it says, or ends early.
    """
    unpack = None
    for packed in pieces:
        rest = packed
        while rest:
            if unpack is None:
                unpack = zlib.decompressobj(_EITHER_HEADER if _has_header(rest) else _NO_HEADER)
            elif unpack.eof and rest.startswith(_GZIP):  # a gzip file may have several members
                unpack = zlib.decompressobj(_EITHER_HEADER)
            elif unpack.eof:  # padding
                break
            try:
                yield unpack.decompress(rest, step)
            except zlib.error as failure:
                raise Damaged(str(failure)) from failure
            rest = unpack.unconsumed_tail or unpack.unused_data
    if unpack is not None and not unpack.eof:
        raise Damaged("it ends early")


def _has_header(start: bytes) -> bool:
    # gzip begins with 1F 8B; zlib with a byte whose low half is 8 and a pair that divides by 31.
    if start.startswith(_GZIP):
        return True
    return start[0] & 0x0F == 8 and (len(start) < 2 or int.from_bytes(start[:2]) % 31 == 0)


def _within(
    url: str, pieces: Iterator[bytes], limits: Limits, left: Callable[[], float]
) -> Iterator[bytes]:
    # Counted before unpacking too: there are endless streams that unpack to nothing.
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limits.size:
            raise _too_large(url, limits)
        yield piece
        if left() <= 0:
            raise FeedTooCostly(f"{shown(url)}: {too_slow(limits)}")


def _too_large(url: str, limits: Limits) -> FeedTooCostly:
    return FeedTooCostly(
        f"{shown(url)}: larger than {limits.size / 1e6:g} MB - "
        "ask its owner for a feed with fewer posts"
    )
