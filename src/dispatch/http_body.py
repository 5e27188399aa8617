"""An answer's body, read and unpacked piece by piece so that neither size nor time run away."""

import zlib
from collections.abc import Callable, Iterator
from itertools import chain

import httpx

# Unpacked here and not by httpx, which unpacks a whole piece at once: of a gzip bomb that is
# a thousand times as much.
ACCEPTED_ENCODINGS = "gzip, deflate"

# The last ones are no packings at all, but servers say them and send the body as it is.
_UNPACKED = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "8bit"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_EITHER_HEADER = zlib.MAX_WBITS | 32  # zlib finds out whether it is gzip or zlib
_GZIP = b"\x1f\x8b"
_NO_HEADER = -zlib.MAX_WBITS  # what some servers send as "deflate"


class Unread(Exception):
    """The body cannot be had; each kind says why."""


class PackedOtherwise(Unread):
    """It is packed in a way that we did not ask for."""


class Damaged(Unread):
    """The packed bytes cannot be unpacked."""


class TooLarge(Unread):
    """It has more bytes than it may, as they came or unpacked."""


class TooSlow(Unread):
    """The time is over."""


def read_body(
    answer: httpx.Response, *, size: int, left: Callable[[], float], plain_gzip: bool = False
) -> bytes:
    """The whole body, unpacked, of at most `size` bytes; `left` says how many seconds remain.

    The answer is a streamed one, asked for with ACCEPTED_ENCODINGS. A piece is waited for as long
    as the client allows. With `plain_gzip`, a file that was packed beforehand is unpacked, too.
    Raises Unread, and what httpx raises where the line breaks.
    """
    if answer.is_stream_consumed:  # as in tests, whose answers are made of one piece
        return _whole(answer.content, size)
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _PACKED | _UNPACKED:
        raise PackedOtherwise(encoding)
    pieces = _within(answer.iter_raw(), size, left)
    first = next(pieces, b"")
    pieces = chain([first], pieces)
    packed = encoding in _PACKED or (plain_gzip and first.startswith(_GZIP))
    body = bytearray()
    for piece in unpacked(pieces, size + 1) if packed else pieces:
        body += piece
        if len(body) > size:
            raise TooLarge
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


def _within(pieces: Iterator[bytes], size: int, left: Callable[[], float]) -> Iterator[bytes]:
    # Counted before unpacking too: there are endless streams that unpack to nothing.
    read = 0
    for piece in pieces:
        read += len(piece)
        if read > size:
            raise TooLarge
        yield piece
        if left() <= 0:
            raise TooSlow


def _whole(body: bytes, size: int) -> bytes:
    if len(body) > size:
        raise TooLarge
    return body
