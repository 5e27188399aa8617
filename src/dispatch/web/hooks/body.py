"""What a caller sends: no more than there is room for, and unpacked where it comes packed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.requests import Request

from dispatch.http_body import Damaged, unpacked
from dispatch.web.limits import HOOK_BYTES, HOOK_BYTES_TOGETHER

PLAIN = frozenset({"", "identity"})
PACKED = frozenset({"gzip", "x-gzip", "deflate"})
ENCODINGS = "gzip, deflate"


class BodyRefused(Exception):
    """The body cannot be used; `status` is what to answer, the text says why."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        self.status = status
        super().__init__(message)


class NoRoom(Exception):
    """So much else is held that there is no room now."""


TOO_LARGE = f"the call has more than {HOOK_BYTES:,} bytes"


class Room:
    """Holds the bodies of calls while they are worked on; only for the thread of the loop."""

    def __init__(self, *, most: int = HOOK_BYTES_TOGETHER, each: int = HOOK_BYTES) -> None:
        self._free = most
        self._each = each

    @asynccontextmanager
    async def body(self, request: Request) -> AsyncIterator[bytes]:
        """All of a body, held until the end; raises BodyRefused and NoRoom."""
        said = request.headers.get("content-length", "")
        if said.isdecimal() and int(said) > self._each:
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
        pieces: list[bytes] = []
        size = 0
        try:
            async for piece in request.stream():
                if size + len(piece) > self._each:
                    raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
                if len(piece) > self._free:
                    raise NoRoom
                size += len(piece)
                self._free -= len(piece)
                pieces.append(piece)
            yield b"".join(pieces)
        finally:
            self._free += size


def unpack(body: bytes, encoding: str, *, most: int = HOOK_BYTES) -> bytes:
    """The body as it was before it was packed, which is what services sign.

    Raises BodyRefused: 415 for another packing, 413 for what has more than `most` bytes.
    """
    encoding = encoding.strip().lower()
    if encoding in PLAIN:
        return body
    if encoding not in PACKED:
        why = f"the body is packed in a way that is not known here - use {ENCODINGS}, or none"
        raise BodyRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why)
    plain = bytearray()
    try:
        for piece in unpacked(iter([body]), most + 1):
            plain += piece
            if len(plain) > most:
                raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
    except Damaged as error:
        why = "the body cannot be unpacked"
        raise BodyRefused(HTTPStatus.BAD_REQUEST, why) from error
    return bytes(plain)
