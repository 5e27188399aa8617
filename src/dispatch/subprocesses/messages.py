"""What both sides say to each other: bytes with their length before them."""

import struct
from typing import IO

LENGTH = struct.Struct(">Q")

READY = b"!"
"""What a process says once it can work."""

FULL = 3
"""The exit code of a process that ran out of memory."""


def send(stream: IO[bytes], data: bytes) -> None:
    """Write bytes with their length before them."""
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read what `send` wrote. Raises EOFError if the other side is gone."""
    [length] = LENGTH.unpack(_exactly(stream, LENGTH.size))
    return _exactly(stream, length)


def cut_off_first(received: bytearray) -> bytes | None:
    """Take the first message off what was received so far; None: it is not whole yet."""
    if len(received) < LENGTH.size:
        return None
    [length] = LENGTH.unpack_from(received)
    end = LENGTH.size + length
    if len(received) < end:
        return None
    message = bytes(received[LENGTH.size : end])
    del received[:end]
    return message


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
