"""Files that people write, opened so that nothing can hang: a pipe or a device never ends."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

NO_FILE = "is not a regular file"


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading; raises OSError, also where it is no file but a pipe or a device.

    That one says NO_FILE as its `strerror`.
    """
    # Without waiting: to open a pipe would wait for somebody who writes to it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        check_regular(os.fstat(descriptor), path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def check_regular(state: os.stat_result, path: Path) -> None:
    """Raise OSError where this is neither a file nor a folder, which fails in its own words."""
    if stat.S_ISDIR(state.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(state.st_mode):
        raise OSError(errno.ENXIO, NO_FILE, str(path))


def why_unread(error: OSError, *, advice: str = "check its permissions") -> tuple[str, str]:
    """In words why a file cannot be read, and what to do; `advice` is for other causes.

    >>> why_unread(OSError(errno.ENXIO, NO_FILE))
    ('is not a regular file', 'put a file in its place')
    >>> why_unread(PermissionError(errno.EACCES, "Permission denied"))
    ('cannot be read (Permission denied)', 'check its permissions')
    """
    if error.strerror == NO_FILE:
        return NO_FILE, "put a file in its place"
    return f"cannot be read ({error.strerror})", advice
