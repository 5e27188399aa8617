"""One process that reads feeds for us, seen from our side, and how we talk to it."""

import os
import pickle
import re
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, cast

from dispatch.errors import FeedTooCostly, FeedUnreadable
from dispatch.feeds.address import shown
from dispatch.model.feed import FeedDocument

COMMAND = (sys.executable, "-P", "-m")  # -P: nothing from this folder
LENGTH = struct.Struct(">Q")
READY = b"!"  # what it says once it can read
START_SECONDS = 60.0  # it takes 0.15, on a machine that has nothing else to do
FULL = 3  # the exit code of a process that ran out of memory
KILLED = -9  # and of one that the system has killed, as it does when it is out of memory

# Of our environment, where secrets are, it gets what Python itself goes by.
_NEEDED = re.compile(
    r"PYTHON\w*|PATH|LANG|LC_\w+|LD_LIBRARY_PATH|DYLD_\w+|SYSTEMROOT", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read, and how many seconds that may take in all."""

    body: bytes
    url: str
    content_type: str
    seconds: float


class TurnOver(Exception):
    """It takes longer than it may."""


class Child:
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

    @property
    def has_died(self) -> bool:
        """Whether it is gone, perhaps since somebody used it."""
        return self._process.poll() is not None

    def get_ready(self) -> bool:
        """Wait until it can read, which is on no feed's account; False if it never can."""
        timer = threading.Timer(START_SECONDS, self.kill)
        timer.daemon = True
        timer.start()
        try:
            return self._stdout.read(len(READY)) == READY
        finally:
            timer.cancel()
            timer.join()

    def read(
        self, request: Request, *, quick: float, may_go_on: Callable[[], bool]
    ) -> FeedDocument | Exception:
        """What `parse` makes of the body: a document, or what it raises; or a FeedTooCostly.

        Raises TurnOver if it takes more than `quick` seconds, unless it `may_go_on` then.
        """
        self.is_done = True  # unless it answers
        answered, went_on, too_late = threading.Event(), threading.Event(), threading.Event()

        def watch() -> None:
            if answered.wait(quick):
                return
            if may_go_on():
                went_on.set()
                if answered.wait(request.seconds - quick):
                    return
            too_late.set()
            self.kill()

        watcher = threading.Thread(target=watch, name="watch", daemon=True)
        watcher.start()
        try:
            send(self._stdin, pickle.dumps((request.url, request.content_type, request.seconds)))
            send(self._stdin, request.body)
            # Bytes of our own process: whoever has made it write others can do all we can.
            result, last = pickle.loads(receive(self._stdout))  # noqa: S301
        except (EOFError, OSError):
            self.end()
            if too_late.is_set() and not went_on.is_set():
                raise TurnOver from None
            return self._refusal(request.url, too_late=too_late.is_set())
        finally:
            answered.set()
            watcher.join()  # so that it cannot end the reading of the next feed
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

    def _refusal(self, url: str, *, too_late: bool) -> FeedUnreadable:
        code = self._process.returncode
        if too_late:
            return FeedTooCostly(f"{shown(url)}: takes too long to be read - tell the feed's owner")
        if code in {FULL, -signal.SIGABRT, -signal.SIGSEGV}:
            return FeedTooCostly(
                f"{shown(url)}: takes too much memory to be read - "
                "ask its owner for a feed with fewer posts"
            )
        kind = FeedTooCostly if code == KILLED else FeedUnreadable
        return kind(f"{shown(url)}: could not be read to its end - it is tried again later")

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
