"""Parsing in a process of its own, so that no feed can stall or kill the service.

feedparser is quadratic in places: 2 MB in one element keep it busy for hours. A thread cannot be
stopped, a process can; and what it takes of memory never was ours.
"""

import os
import pickle
import re
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, LifoQueue
from types import TracebackType
from typing import IO, Protocol, Self, cast

from dispatch.errors import FeedUnreadable
from dispatch.feeds.address import shown
from dispatch.model.feed import FeedDocument

SECONDS = 20.0  # a feed of 1,000 long posts takes two
AT_ONCE = 2  # processes: more would only share the processor
COMMAND = (sys.executable, "-P", "-m")  # -P: nothing from this folder
READER = "dispatch.feeds.reader"
PAGE_READER = "dispatch.feeds.page_reader"
LENGTH = struct.Struct(">Q")
FULL = 3  # the exit code of a process that ran out of memory

# Of our environment, where secrets are, it gets what Python itself goes by.
_NEEDED = re.compile(
    r"PYTHON\w*|PATH|LANG|LC_\w+|LD_LIBRARY_PATH|DYLD_\w+|SYSTEMROOT", re.IGNORECASE
)


class Parse(Protocol):
    """Bytes to FeedDocument, as `dispatch.feeds.parse.parse` has it."""

    def __call__(self, body: bytes, *, url: str, content_type: str = "") -> FeedDocument: ...


class ParseApart:
    """`dispatch.feeds.parse.parse` with limits on time and memory, for any number of threads.

    A process is started when one is needed, kept for the next feeds, and replaced when it dies.
    While all are busy, callers wait. To be closed.

    Raises FeedUnreadable also where a limit was hit; other feeds are not affected.
    """

    def __init__(
        self, *, seconds: float = SECONDS, at_once: int = AT_ONCE, program: str = READER
    ) -> None:
        """`program` is the module that runs there, with a `parse` of its own."""
        self._seconds = seconds
        self._program = program
        self._idle: LifoQueue[_Reader | None] = LifoQueue()  # the warm one first
        for _ in range(at_once):
            self._idle.put(None)
        self._running: set[_Reader] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __call__(self, body: bytes, url: str, content_type: str = "") -> FeedDocument:
        with self._reader(url) as reader:
            result = reader.read(body, url, content_type, seconds=self._seconds)
        if isinstance(result, FeedDocument):
            return result
        raise result

    def close(self) -> None:
        """End the processes, also one that is reading; what still wants to parse is refused."""
        with self._lock:
            self._closed = True
            readers = list(self._running)
        for reader in readers:
            reader.kill()
        idle: list[_Reader | None] = []
        with suppress(Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for seat in idle:  # those that are busy are let go of by who waits for them
            if seat:
                self._forget(seat)
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _reader(self, url: str) -> Iterator["_Reader"]:
        reader = self._idle.get()
        try:
            if self._closed:  # perhaps while we waited
                raise FeedUnreadable(f"{shown(url)}: not read, dispatch stops - it is tried later")
            reader = reader or self._start()
            yield reader
        finally:
            if reader is not None and (reader.is_done or self._closed):
                self._forget(reader)
                reader = None
            self._idle.put(reader)

    def _start(self) -> "_Reader":
        reader = _Reader(self._program)
        with self._lock:
            self._running.add(reader)
            if self._closed:
                reader.kill()
        return reader

    def _forget(self, reader: "_Reader") -> None:
        reader.end()
        with self._lock:
            self._running.discard(reader)


class _Reader:
    """One process, which reads one feed at a time."""

    def __init__(self, program: str) -> None:
        # Not a fork: ours has threads, connections, and memory that the limit should not count.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            (*COMMAND, program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in os.environ if _NEEDED.fullmatch(name)},
            process_group=None if sys.platform == "win32" else 0,  # Ctrl-C is for us
        )
        self.is_done = False

    def read(
        self, body: bytes, url: str, content_type: str, *, seconds: float
    ) -> FeedDocument | Exception:
        """What `parse` makes of the body: a document, or what it raises."""
        self.is_done = True  # unless it answers
        too_late = threading.Event()

        def stop() -> None:
            too_late.set()
            self.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            send(self._stdin, pickle.dumps((url, content_type, seconds)))
            send(self._stdin, body)
            # Bytes of our own process: whoever has made it write others can do all we can.
            result, last = pickle.loads(receive(self._stdout))  # noqa: S301
        except (EOFError, OSError):
            self.end()
            return FeedUnreadable(f"{shown(url)}: {self._why(too_late=too_late.is_set())}")
        finally:
            timer.cancel()
            timer.join()  # so that it cannot end the reading of the next feed
        self.is_done = last or too_late.is_set()
        return cast("FeedDocument | Exception", result)

    def kill(self) -> None:
        """Stop whatever it does; who waits for it finds it gone."""
        self._process.kill()

    def end(self) -> None:
        """Let go of the process."""
        self.is_done = True
        self._process.kill()
        self._process.wait()
        for stream in (self._stdin, self._stdout):
            with suppress(OSError):  # what was not written yet has nowhere to go
                stream.close()

    def _why(self, *, too_late: bool) -> str:
        code = self._process.returncode
        if too_late:
            return "takes too long to be read - tell the feed's owner"
        if code in {FULL, -signal.SIGABRT, -signal.SIGSEGV}:
            return "takes too much memory to be read - ask its owner for a feed with fewer posts"
        return "could not be read to its end - it is tried again later"

    @property
    def _stdin(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdin)

    @property
    def _stdout(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdout)


def send(stream: IO[bytes], data: bytes) -> None:
    """Write bytes with their length before them."""
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read what `send` wrote. Raises EOFError if the other side is gone."""
    [length] = LENGTH.unpack(_exactly(stream, LENGTH.size))
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
