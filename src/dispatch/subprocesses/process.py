"""One process that works for us, seen from our side."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, cast

from dispatch.subprocesses.messages import FULL, READY, receive, send

COMMAND = (sys.executable, "-P", "-m")  # -P: nothing from this folder
START_SECONDS = 60.0  # it takes 0.15, on a machine that has nothing else to do

# Of our environment, where secrets are, it gets what Python itself goes by.
_NEEDED = re.compile(
    r"PYTHON\w*|PATH|LANG|LC_\w+|LD_LIBRARY_PATH|DYLD_\w+|SYSTEMROOT", re.IGNORECASE
)


def start_trusted(program: str) -> subprocess.Popen[bytes]:
    """Start a module of ours that does what we would do, with all of our environment.

    It is spoken to by its input and output. What it has to know of secrets it is told there.
    """
    return subprocess.Popen(  # noqa: S603 - our own program
        (*COMMAND, program),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=None if sys.platform == "win32" else 0,  # Ctrl-C is for us
    )


class Process:
    """A module that runs as a program of its own, and answers one request at a time."""

    def __init__(self, program: str) -> None:
        # Not a fork: ours has threads, connections, and memory that the limit should not count.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            (*COMMAND, program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in os.environ if _NEEDED.fullmatch(name)},
            process_group=None if sys.platform == "win32" else 0,  # Ctrl-C is for us
        )

    @property
    def has_died(self) -> bool:
        """Whether it is gone, perhaps since somebody used it."""
        return self._process.poll() is not None

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether it ended, and did so over its own limit: of memory, or of nesting."""
        return self._process.returncode in {FULL, -signal.SIGABRT, -signal.SIGSEGV}

    @property
    def was_killed(self) -> bool:
        """Whether it ended as the system ends those that take too much; or as `kill` ends it."""
        return self._process.returncode == -9  # Windows has no such signal

    def get_ready(self) -> bool:
        """Wait until it can work, which is on no request's account; False if it never can."""
        with self.limited(START_SECONDS):
            return self._stdout.read(len(READY)) == READY

    @contextmanager
    def limited(self, seconds: float) -> Iterator[threading.Event]:
        """Kill it if it takes longer than that; the event says whether it did."""
        too_late = threading.Event()

        def stop() -> None:
            too_late.set()
            self.kill()

        watcher = threading.Timer(seconds, stop)
        watcher.daemon = True
        watcher.start()
        try:
            yield too_late
        finally:
            watcher.cancel()
            watcher.join()  # so that it cannot end what is asked next

    def ask(self, *request: bytes) -> bytes:
        """Its answer. Raises EOFError or an OSError if it is gone, or killed meanwhile."""
        for part in request:
            send(self._stdin, part)
        return receive(self._stdout)

    def kill(self) -> None:
        """Stop whatever it does; who waits for it finds it gone."""
        self._process.kill()

    def end(self) -> None:
        """Let go of the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._stdin, self._stdout):
            with suppress(OSError):  # what was not written yet has nowhere to go
                stream.close()

    @property
    def _stdin(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdin)

    @property
    def _stdout(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdout)
