"""Waiting until the disk has what a file says: here, or in a thread while work goes on."""

import os
from pathlib import Path
from threading import Thread


def to_disk(descriptor: int) -> None:
    """Wait until what an open file says is on the disk, and not for when it was changed."""
    getattr(os, "fdatasync", os.fsync)(descriptor)


class DiskSync:
    """One wait, until the disk has all that was written into a file before this was made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._failed: OSError | None = None
        # The system may take its time, and nobody who ends is to wait for it.
        self._thread = Thread(target=self._work, name="disk-sync", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether `wait` returns at once."""
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Return once the disk has it. Raises OSError where it does not take it."""
        self._thread.join()
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
