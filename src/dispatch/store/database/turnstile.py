"""The order in which processes write to a SQLite database: who waits is not overtaken.

SQLite keeps none. Whoever waits sleeps and asks again, and whoever has just written asks at once:
beside a program that makes one change after another, a sender would wait for many of them.
"""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PATIENCE = 1.0
"""Seconds after which nobody waits here any longer: who is in it may have been stopped."""

_READ = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Turnstile:
    """One process at a time waits in it for SQLite's own lock, and the others wait behind it.

    It is a lock on the folder of the database, so that no file is needed; the system lets go of it
    when a process ends. It only keeps the order: where a folder cannot be locked there is none, and
    SQLite's own lock is what keeps two from writing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def __del__(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def enter(self, *, wait: Callable[[], None], most: int) -> None:
        """Come in, calling `wait` while another process is in it, up to `most` times."""
        for _ in range(most):
            try:
                if self._descriptor is None:
                    self._descriptor = os.open(self._folder, _READ)
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                wait()
            except OSError:
                return  # this folder cannot be locked
            else:
                return

    def leave(self) -> None:
        """Let the next one in."""
        if self._descriptor is not None:
            with suppress(OSError):
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
