"""Waiting until the disk has what a file says: here, or in a thread while work goes on."""

import os
from _thread import allocate_lock, start_new_thread
from pathlib import Path


def to_disk(descriptor: int) -> None:
    """Wait until what an open file says is on the disk, and not for when it was changed."""
    getattr(os, "fdatasync", os.fsync)(descriptor)


class DiskSync:
    """One wait, until the disk has all that was written into a file before this was made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._failed: OSError | None = None
        self._at_work = allocate_lock()
        self._at_work.acquire()
        # Nobody who ends waits for such a thread, and nobody who starts it until it runs: each of
        # these waits would cost as much as some mails.
        start_new_thread(self._work, ())

    @property
    def is_over(self) -> bool:
        """Whether `wait` returns at once."""
        return not self._at_work.locked()

    def wait(self) -> None:
        """Return once the disk has it. Raises OSError where it does not take it."""
        with self._at_work:
            pass
        if self._failed is not None:
            raise self._failed

    def _work(self) -> None:
        try:
            descriptor = os.open(self._path, os.O_RDWR)
            try:
                to_disk(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            self._failed = error
        finally:
            self._at_work.release()
