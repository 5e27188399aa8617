"""Files that cannot be written, said by their own name: a full disk is no fault of another file."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_COPY = "is no copy of a database - name what 'dispatch db backup' has made"

_NOT_WRITTEN = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR_WRITE: errno.EIO,
    sqlite3.SQLITE_IOERR_FSYNC: errno.EIO,
    sqlite3.SQLITE_IOERR_TRUNCATE: errno.EIO,
}
"""What SQLite says of a file that it cannot write, as the system would."""


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Have whatever says that a file cannot be written be an OSError that names this one."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
    except Exception as error:
        number = _why_not_written(error)
        if number is None:
            raise
        raise OSError(number, os.strerror(number), str(file)) from error


def _why_not_written(error: BaseException | None) -> int | None:
    while error is not None:
        number = _NOT_WRITTEN.get(getattr(error, "sqlite_errorcode", None) or 0)
        if number is not None:
            return number
        error = getattr(error, "orig", None) or error.__cause__
    return None


def beside(file: Path) -> list[Path]:
    """The files that SQLite keeps beside a database."""
    return [file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-shm", "-journal")]
