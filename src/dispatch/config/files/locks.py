"""Files that several processes change, one at a time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dispatch.private_files import open_private, sync_folder


@contextmanager
def opened_for_adding(path: Path) -> Iterator[int]:
    """The file's descriptor, while nobody else may change it; a new file is empty and private.

    Raises OSError.
    """
    with suppress(FileExistsError):
        open_private(path).close()
    with opened_for_changing(path) as descriptor:
        if not os.fstat(descriptor).st_size:
            sync_folder(path.parent)  # so that a new name outlives a power cut, too
        yield descriptor


@contextmanager
def opened_for_changing(path: Path) -> Iterator[int]:
    """The descriptor of a file that is there, while nobody else may change it. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        with locked(descriptor):
            yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked(descriptor: int) -> Iterator[None]:
    """Wait until nobody else has the open file locked, and keep it so; Windows goes without."""
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415 - not everywhere

    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
