"""A disk that can lose whatever nobody has waited for, and a machine that starts again.

For example, with a folder that has a workspace and its SQLite database in it:

    disk = ForgetfulDisk(kept, watched=folder)
    process = subprocess.Popen([...], env=os.environ | disk.environ())
    ...  # kill it, and all the others
    disk.cut(random.Random(1))
    # whoever is started now, with disk.environ() again, finds the folder as after a power cut

Each sync of a file in the folder copies it into `kept`, as it is at that moment: that the disk has.
SQLite is asked by the functions that it has for that, so that no compiler is needed.
"""

import ctypes
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from dispatch import boot

KEPT, WATCHED, BOOT, PAGES = (
    f"FORGETFUL_DISK_{name}" for name in ("KEPT", "WATCHED", "BOOT", "PAGES")
)
SECTOR = 512
"""Bytes that a disk has written whole or not at all; SQLite relies on no more than that."""

CANNOT_BE_WATCHED = "this Python's SQLite is built in, so that nobody else can be told of its syncs"


def can_be_watched() -> bool:
    """Whether SQLite's own functions can be reached here."""
    return hasattr(ctypes.CDLL(_module()), "sqlite3_vfs_find")


class ForgetfulDisk:
    """What is under a folder, and what a disk would have of it after a power cut.

    `pages` is after how many pages of its log SQLite writes them into the file; 1,000 by itself.
    """

    def __init__(self, kept: Path, *, watched: Path, pages: int = 1000) -> None:
        self._kept = kept / "files"
        self._watched = watched
        self._pages = pages
        self._starts = 0
        self._code = kept / "code"
        self._boot = kept / "boot_id"
        self._kept.mkdir(parents=True)
        self._code.mkdir()
        # Python runs a module of this name in each process, before anything else.
        (self._code / "sitecustomize.py").write_text(f"import {__name__} as disk\ndisk.install()\n")
        self._start()

    def environ(self) -> dict[str, str]:
        """What processes need in their environment, so that they write to this disk."""
        return {
            "PYTHONPATH": str(self._code),
            KEPT: str(self._kept),
            WATCHED: str(self._watched),
            BOOT: str(self._boot),
            PAGES: str(self._pages),
        }

    def begin(self) -> None:
        """All that is there by now is on the disk; nobody may be at work."""
        for file in self._kept.iterdir():
            file.unlink()
        for file in self._files():
            shutil.copyfile(file, self._kept / _flat(file))

    def cut(self, rng: random.Random) -> None:
        """Lose what was not waited for: of each file all of it, or any of its sectors, or nothing.

        Nobody may be at work; and another start of the machine begins.
        """
        kept = {_named(file): file.read_bytes() for file in self._kept.iterdir()}
        for path in kept.keys() | set(self._files()):
            now = path.read_bytes() if path.exists() else None
            path.unlink(missing_ok=True)
            left = _left(kept.get(path), now, rng)
            if left is not None and not path.name.endswith("-shm"):  # that is memory
                path.write_bytes(left)
        self.begin()
        self._start()

    def _files(self) -> list[Path]:
        return [one for one in self._watched.rglob("*") if one.is_file() and not one.is_symlink()]

    def _start(self) -> None:
        self._starts += 1
        self._boot.write_text(f"{self._starts:032}\n")


def _left(kept: bytes | None, now: bytes | None, rng: random.Random) -> bytes | None:
    """What is found of a file, of which the disk had `kept` for sure, and would have had `now`."""
    how = rng.choice(("kept", "kept", "some", "now"))
    if kept is None or now is None or how != "some":
        return now if how == "now" else kept
    size = rng.choice((len(kept), len(now)))
    longest = max(len(kept), len(now))
    before, after = kept.ljust(longest, b"\0"), now.ljust(longest, b"\0")
    starts = range(0, size, SECTOR)
    sectors = [rng.choice((before, after))[one : one + SECTOR] for one in starts]
    return b"".join(sectors)[:size]


def _flat(path: Path) -> str:
    return str(path).replace("%", "%%").replace("/", "%1")


def _named(file: Path) -> Path:
    return Path("%".join(part.replace("%1", "/") for part in file.name.split("%%")))


# In the processes that are watched.


def install() -> None:
    """Have this process write to the disk that its environment names, if it does.

    A process that is told of none of it has no business with the disk.
    """
    if BOOT not in os.environ:
        return
    boot.BOOT_ID = Path(os.environ[BOOT])
    os.fsync = os.fdatasync = _sync_descriptor  # type: ignore[assignment]
    _connect_with_pages(int(os.environ[PAGES]))
    _watch_sqlite()


def _sync_descriptor(descriptor: int) -> None:
    path = Path(f"/proc/self/fd/{descriptor}").readlink()
    if path.is_file():  # and no folder
        _keep(path, path.read_bytes)


def _keep(path: Path, read: Callable[[], bytes]) -> None:
    """Note that the disk has a file as it is now."""
    import fcntl  # noqa: PLC0415 - not everywhere

    if not path.is_relative_to(os.environ[WATCHED]):
        return
    folder = Path(os.environ[KEPT])
    with (folder.parent / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # so that what was synced last is what is kept
        draft = folder.parent / "draft"
        draft.write_bytes(read())
        draft.replace(folder / _flat(path))  # who is killed before has not been told of a sync


def _connect_with_pages(pages: int) -> None:
    connect = sqlite3.connect

    def connected(*arguments: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **more)
        connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        return connection

    sqlite3.connect = connected  # type: ignore[assignment]


# SQLite's own tables of functions (https://sqlite.org/c3ref/vfs.html, c3ref/io_methods.html).

_Open = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_void_p,
    ctypes.c_void_p,
    ctypes.c_int,
    ctypes.c_void_p,
)
_Sync = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_Methods = ctypes.c_void_p * 19
_X_SYNC = 5
"""Which of them it is, where the first is the version."""


class _System(ctypes.Structure):
    """How SQLite reaches files; what comes after `open` is not for us."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
    )


def _watch_sqlite() -> None:
    library = ctypes.CDLL(_module())
    library.sqlite3_initialize()
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_System)
    system = library.sqlite3_vfs_find(None).contents
    open_file = _Open(system.open)
    paths: dict[int, Path] = {}
    readers: dict[tuple[int, int], int] = {}
    ours: dict[int, Any] = {}  # functions, by where SQLite has those they are made of

    # The name is passed on as it is: SQLite keeps where it stands, and not what it says.
    def opened(vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        result: int = open_file(vfs, name, file, flags, out)
        methods = ctypes.c_void_p.from_address(file)
        if result == 0 and name and methods.value:
            paths[file] = Path(os.fsdecode(ctypes.string_at(name)))
            if methods.value not in ours:
                copied = _Methods.from_buffer_copy(_Methods.from_address(methods.value))
                copied[_X_SYNC] = ctypes.cast(for_sync, ctypes.c_void_p).value
                ours[methods.value] = copied
            methods.value = ctypes.addressof(ours[methods.value])
        return result

    def synced(file: int, _flags: int) -> int:
        path = paths[file]
        _keep(path, partial(_read_and_stay, path, readers))
        return 0

    for_open, for_sync = _Open(opened), _Sync(synced)
    system.open = ctypes.cast(for_open, ctypes.c_void_p)
    _alive.extend((for_open, for_sync, ours))


def _read_and_stay(path: Path, readers: dict[tuple[int, int], int]) -> bytes:
    """All of a file that SQLite has open.

    What reads it is never closed: with that, the system would take SQLite's locks from it, too
    (https://sqlite.org/howtocorrupt.html, 2.2).
    """
    found = path.stat()
    which = found.st_dev, found.st_ino
    if which not in readers:
        readers[which] = os.open(path, os.O_RDONLY)
    return os.pread(readers[which], found.st_size, 0)


_alive: list[object] = []
"""What SQLite points to, and Python would throw away."""


def _module() -> str:
    import _sqlite3  # noqa: PLC0415 - for where it is

    return str(_sqlite3.__file__)
