"""What a workspace remembers of its database, in a file beside it, so that a loss is noticed."""

import json
import os
from pathlib import Path

from dispatch.config.files.locks import locked, opened_for_adding
from dispatch.config.files.problems import FileProblem
from dispatch.errors import BadInput
from dispatch.model.workspace.database_identity import FINE, Identity, Known, standing

FILE = ".dispatch-database"

WIDTH = 120
"""Bytes of its one line, always: written over in one go, it is never half of one and half of
another."""


class KnownDatabase:
    """The file, which several processes may read and change."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def read(self) -> Known | None:
        """What is remembered; None where nothing is. Raises BadInput."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(error.strerror) from error
        try:
            with locked(descriptor):
                return _known(os.pread(descriptor, WIDTH, 0))
        except (OSError, ValueError) as error:
            raise self._unreadable(getattr(error, "strerror", None)) from error
        finally:
            os.close(descriptor)

    def note(self, identity: Identity) -> bool:
        """Remember how old the database is by now, on the disk when this returns.

        False where another database is remembered by now: then nothing is changed. Raises
        BadInput where it cannot be written.
        """
        return self._write(identity, adopt=False)

    def adopt(self, identity: Identity) -> None:
        """Remember this database, whatever was known before. Raises BadInput."""
        self._write(identity, adopt=True)

    def _write(self, identity: Identity, *, adopt: bool) -> bool:
        line = json.dumps({"database": identity.id, "age": identity.age}).ljust(WIDTH - 1) + "\n"
        try:
            with opened_for_adding(self._path) as descriptor:
                known = None if adopt else _known(os.pread(descriptor, WIDTH, 0))
                if known is not None and known.id == identity.id and known.age >= identity.age:
                    return True
                if standing(identity, known) not in FINE:
                    return False
                os.pwrite(descriptor, line.encode("ascii"), 0)
                os.ftruncate(descriptor, WIDTH)
                os.fsync(descriptor)
        except OSError as error:
            raise self._unwritable(error.strerror) from error
        except ValueError as error:
            raise self._unreadable(None) from error
        return True

    def _unreadable(self, why: str | None) -> BadInput:
        problem = f"cannot be read ({why or 'it is not as dispatch has written it'})"
        advice = "without it nobody knows whether the database is the right one: put it back from "
        advice += "a backup, or say that it is, with 'dispatch db adopt'"
        return BadInput([FileProblem(FILE, None, "", problem, advice)])

    def _unwritable(self, why: str | None) -> BadInput:
        problem = f"cannot be written ({why or 'no reason given'})"
        advice = "nothing is sent without it: make the workspace's folder writable, or name "
        advice += "another one by DISPATCH_STATE_FOLDER"
        return BadInput([FileProblem(FILE, None, "", problem, advice)])


def _known(line: bytes) -> Known | None:
    if not line.strip():
        return None  # it was made just now
    match json.loads(line):
        case {"database": str(database), "age": int(age)}:
            return Known(database, age)
    raise ValueError
