"""What is the case when a database refuses: told by the codes of its driver, with what to do."""

import os
import re
import sqlite3
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

ADDRESS = "DISPATCH_DATABASE_URL"


FULL_BELOW = 1 << 20
"""Bytes: a disk with less room was full when something failed, though a part is free again."""


class Trouble(NamedTuple):
    """What is wrong, and what a person can do; `brief`: the same may succeed a moment later."""

    problem: str
    advice: str
    brief: bool = False


_ANOTHER_SHAPE = "restore it from a backup, or give dispatch a database of its own"
_BACKUP = "restore it from a backup"
_REPORT = "try again; if it stays so, it is a fault of dispatch: report it"
_TRY_AGAIN = "try again in a moment"
_WHO_RUNS_IT = "ask who runs it"


def trouble_of(error: BaseException, url: sa.URL, *, waited: float) -> Trouble | None:
    """What a driver's error says of the database; None where it is a mistake of ours.

    `waited` is how many seconds a lock of SQLite was waited for.
    """
    if url.get_backend_name() == "sqlite":
        return _of_sqlite(error, Path(url.database or ""), waited)
    return _of_postgres(error, url)


# SQLite


def _of_sqlite(error: BaseException, path: Path, waited: float) -> Trouble | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None if isinstance(error, sqlite3.ProgrammingError) else _unsorted(error)
    # The upper bits tell more of the same: https://www.sqlite.org/rescode.html
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            advice = "wait for the other program, such as a backup, or end it"
            return Trouble(f"is locked by another program for more than {waited:g} s", advice)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return _out_of_reach(error, path)
        case sqlite3.SQLITE_IOERR if os.path.isdir(path):  # noqa: PTH112
            return _out_of_reach(error, path)
        case sqlite3.SQLITE_ERROR if re.match("no such (table|column)|table .* has no", str(error)):
            return Trouble(f"its tables are not as dispatch makes them ({error})", _ANOTHER_SHAPE)
        case other:
            full = other == sqlite3.SQLITE_IOERR and _is_full(path.parent)
            return _SQLITE.get(sqlite3.SQLITE_FULL if full else other) or _unsorted(error)


_SQLITE = {
    sqlite3.SQLITE_FULL: Trouble("database or disk is full", "make room on its disk"),
    sqlite3.SQLITE_NOTADB: Trouble("file is not a database", f"{_BACKUP}, or correct {ADDRESS}"),
    sqlite3.SQLITE_CORRUPT: Trouble("is damaged (malformed)", _BACKUP),
    sqlite3.SQLITE_IOERR: Trouble(
        "cannot be read or written (disk I/O error)",
        "check that its disk is there, not full, and sound",
    ),
    sqlite3.SQLITE_NOMEM: Trouble("there is no memory left", "end other programs, and try again"),
    sqlite3.SQLITE_PROTOCOL: Trouble(
        "cannot be locked", "keep it on a disk of this machine, and not in a folder of the network"
    ),
    sqlite3.SQLITE_NOLFS: Trouble("has grown too large for its disk", "move it to another one"),
    sqlite3.SQLITE_TOOBIG: Trouble("does not take a text so long", "make it shorter"),
}


MOVED = Trouble("was moved or deleted while it was in use", "put it back, and start dispatch anew")


def _out_of_reach(error: BaseException, path: Path) -> Trouble:
    """Why a file cannot be opened or written, which SQLite does not say."""
    path = Path(os.path.realpath(path))  # where a link leads, as that is what is missing
    folder = path.parent
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY_DBMOVED:
        return MOVED
    if not os.path.isdir(folder):  # noqa: PTH112 - Path raises where it may not look
        advice = f"check that it is there, or correct {ADDRESS}"
        return Trouble(f"there is no folder {folder}", advice)
    if os.path.isdir(path):  # noqa: PTH112
        return Trouble("is a folder", f"name a file in {ADDRESS}")
    if _is_read_only(folder):
        return Trouble("is on a disk that may only be read", "put it where it can be written")
    return _not_permitted(path) or (
        Trouble(
            f"cannot be used ({error})", "check who may open it, and how many files may be open"
        )
        if os.path.exists(path)  # noqa: PTH110
        else MOVED
    )


def _not_permitted(path: Path) -> Trouble | None:
    # Beside it SQLite keeps two files more, and so does their folder have to be writable.
    beside = [path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm")]
    for one in (path.parent, path, *beside):
        if os.path.exists(one) and not os.access(one, os.W_OK | os.R_OK):  # noqa: PTH110
            problem = f"permission denied: this user may not read and write {one}"
            return Trouble(problem, "give the file and its folder to whoever runs dispatch")
    return None


def _is_full(folder: Path) -> bool:
    try:
        disk = os.statvfs(folder)
    except (AttributeError, OSError):  # Windows has no such thing
        return False
    return disk.f_bavail * disk.f_frsize < FULL_BELOW


def _is_read_only(folder: Path) -> bool:
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except (AttributeError, OSError):  # Windows has no such thing
        return False


# PostgreSQL


def _of_postgres(error: BaseException, url: sa.URL) -> Trouble | None:
    state = getattr(error, "sqlstate", None) or ""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if not state:
        for pattern, trouble in _WHILE_CONNECTING:
            if re.search(pattern, str(error)):
                return _named(trouble, url)
        if "ProgrammingError" in kinds:
            return None
        if "OperationalError" in kinds:
            problem = f"cannot be reached ({_first_line(error)})"
            advice = f"check that it is there, and its address, user and password in {ADDRESS}"
            return Trouble(problem, advice)
    for length in (5, 2):
        if state[:length] in _STATES:
            trouble = _STATES[state[:length]]
            return trouble._replace(problem=trouble.problem.format(said=_first_line(error)))
    return None if "ProgrammingError" in kinds else _unsorted(error)


def _named(trouble: Trouble, url: sa.URL) -> Trouble:
    names = {"host": url.host or "this machine", "user": url.username, "name": url.database}
    return Trouble(trouble.problem.format(**names), trouble.advice)


_STARTING = Trouble("the server is starting or stopping", _TRY_AGAIN)
_LOST = Trouble("the connection was lost", "try again; if it stays so, check server and network")
_NO_CONNECTION_LEFT = Trouble(
    "the server has no connection left", "run fewer workers, or let it have more (max_connections)"
)
_READ_ONLY = Trouble("the server may only be read", f"name the one that is written in {ADDRESS}")

_WHILE_CONNECTING = (
    # Without a code, as long as there is no connection; the server's own words may be in another
    # language, and then come out as "cannot be reached" with these words.
    (r"closed the connection|connection (is|has been|was) (lost|closed|bad$)", _LOST),
    (r"could not (receive|send) data|consuming input failed|[Ee][Oo][Ff] detected", _LOST),
    (
        r"Connection refused|No such file or directory",
        Trouble("no server answers at {host}", f"check that it is there, or correct {ADDRESS}"),
    ),
    (
        r"resolve host|translate host name|Name or service not known",
        Trouble("there is no host {host}", f"correct {ADDRESS}, or check the name service"),
    ),
    (
        r"timed? ?out|timeout expired|No route to host|[Nn]etwork is unreachable",
        Trouble("{host} does not answer", f"check that it is there, the network, and {ADDRESS}"),
    ),
    (
        r"password authentication failed|no password supplied",
        Trouble("does not accept the password of user {user}", f"correct {ADDRESS}"),
    ),
    (r'role ".*" does not exist', Trouble("there is no user {user}", f"correct {ADDRESS}")),
    (
        r'database ".*" does not exist',
        Trouble("there is no database {name}", f"make it on the server, or correct {ADDRESS}"),
    ),
    (
        r"pg_hba\.conf|authentication failed|permitted to log in",
        Trouble("does not let user {user} in from here", _WHO_RUNS_IT),
    ),
    (r"too many (clients|connections)|connection slots", _NO_CONNECTION_LEFT),
    (r"starting up|shutting down|recovery mode|accepting connections$", _STARTING),
    (
        r"SSL|certificate",
        Trouble("no encrypted connection is made", f"check sslmode in {ADDRESS}, and certificates"),
    ),
    (
        r"invalid (connection option|URI|connection)",
        Trouble("its address has something that is not understood", f"correct {ADDRESS}"),
    ),
    (r"NUL \(0x00\)", Trouble("does not take a text with a NUL in it", "remove the character")),
)

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES = {
    "08": _LOST,
    "22": Trouble("does not take a value ({said})", _REPORT),
    "25006": _READ_ONLY,
    "25P03": Trouble("has let go of us, who stood still for too long", _TRY_AGAIN),
    "28": Trouble("does not let the user in", f"correct {ADDRESS}"),
    "3D000": Trouble("there is no such database", f"make it on the server, or correct {ADDRESS}"),
    "3F000": Trouble("its tables are not as dispatch makes them ({said})", _ANOTHER_SHAPE),
    "40": Trouble(
        "others wanted the same at once, and what was done is taken back", _TRY_AGAIN, brief=True
    ),
    "42501": Trouble("this user may not do that ({said})", f"{_WHO_RUNS_IT} to allow it"),
    "42703": Trouble("its tables are not as dispatch makes them ({said})", _ANOTHER_SHAPE),
    "42P01": Trouble("its tables are not as dispatch makes them ({said})", _ANOTHER_SHAPE),
    "53100": Trouble("the server's disk is full", "make room on it"),
    "53200": Trouble("the server has no memory left", f"{_WHO_RUNS_IT}, and try again"),
    "53300": _NO_CONNECTION_LEFT,
    "53": Trouble("the server has not enough of something ({said})", _WHO_RUNS_IT),
    "55P03": Trouble("is locked by somebody else for too long", "wait for them, or end them"),
    "57014": Trouble("it took longer than the server allows", "look what else it is doing"),
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": _STARTING,
    "57P04": Trouble("the database was deleted", _BACKUP),
    "57P05": _LOST,
    "58": Trouble("the server cannot read or write its files ({said})", "check its disk"),
    "XX001": Trouble("is damaged ({said})", _BACKUP),
    "XX002": Trouble("an index is damaged ({said})", f"{_WHO_RUNS_IT} to build it anew"),
}


def _unsorted(error: BaseException) -> Trouble:
    return Trouble(_first_line(error), _REPORT)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
