"""Write a text of the workspace: whole or not at all, and so that one can go back."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from dispatch.config.files.text_file import (
    TextFile,
    check_text,
    fingerprint_of,
    path_of,
    read_text_file,
)
from dispatch.errors import ChangedMeanwhile, NotWritable
from dispatch.os_errors import in_words
from dispatch.private_files import whole_file
from dispatch.store.transactions import Store

COPY = "copy what is to be written into the file by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the audit log says of it."""

    name: str
    kind: str
    subject: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """What the file said before, and what it says now; both are the same where nothing changed."""

    before: TextFile
    after: TextFile

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return self.before.text != self.after.text or self.before.is_there != self.after.is_there


def write_file(
    name: str,
    text: str,
    *,
    folder: Path,
    seen: str | None,
    act: Act,
    by: str,
    store: Store,
    now: datetime,
) -> Written:
    """Put a text in the place of what a file says, in one step.

    `seen` is the fingerprint that the change was made from, empty where there was no file, and None
    where it counts whatever the file says. What was there before is kept as a version, also where
    somebody has written it by hand; who did it is in the audit log, in the same transaction.

    Called with the workspace to oneself (`alone`). Raises Conflict where the file says something
    else by now, NotWritable where it cannot be written from here, and BadInput where either text is
    none.
    """
    check_text(name, text.encode("utf-8", "surrogatepass"))
    path = path_of(folder, name)
    after = TextFile(name, text, fingerprint_of(text))
    before = None
    try:
        with store.begin() as tx:
            before = read_text_file(folder, name)
            check_seen(before, seen)
            if before.fingerprint == after.fingerprint:
                return Written(before, before)
            if before.is_there:
                tx.file_versions.add(name, before.text, before.fingerprint, by="", now=now)
            tx.file_versions.add(name, text, after.fingerprint, by=by, now=now)
            detail = {"file": name, **act.detail}
            tx.audit.add(act.name, by=by, now=now, kind=act.kind, subject=act.subject, **detail)
            _put(path, text)
    except OSError as error:
        raise not_writable(name, error) from error
    except Exception:
        _take_back(path, before, after)
        raise
    return Written(before, after)


def check_seen(file: TextFile, seen: str | None) -> None:
    """Raise ChangedMeanwhile where a file is not what somebody has looked at."""
    if seen is not None and file.fingerprint != seen:
        raise ChangedMeanwhile(f"{file.name}: has changed meanwhile - look at it again")


def why_not(folder: Path, name: str, *, edit_files: bool) -> str:
    """Why a file is not written from here, and what to do; empty where it probably can be."""
    if not edit_files:
        return f"{name}: is not written by these pages (DISPATCH_EDIT_FILES is no) - {COPY}"
    target = Path(os.path.realpath(path_of(folder, name)))
    with suppress(OSError):
        if not target.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            return f"{name}: may only be read (its permissions say so) - {COPY}"
    around = target.parent
    while not around.exists():
        around = around.parent
    if not os.access(around, os.W_OK):
        return f"{name}: its folder may only be read - {COPY}"
    return ""


def not_writable(name: str, error: OSError) -> NotWritable:
    """An error of the disk as a sentence that names the file as people do."""
    problem, advice = in_words(error)
    return NotWritable(f"{name}: {problem} - {advice}; or {COPY}")


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(text.encode())


def _take_back(path: Path, before: TextFile | None, after: TextFile) -> None:
    """What is not in the database was not done: the file says again what it said."""
    if before is None:
        return
    with suppress(OSError, ValueError):
        if path.read_bytes() != after.text.encode():
            return
        if before.is_there:
            _put(path, before.text)
        else:
            path.unlink()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes texts of this workspace; disks without locks go without."""
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415 - not everywhere

    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
