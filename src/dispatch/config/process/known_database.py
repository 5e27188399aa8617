"""What a workspace remembers of its database, in a file beside it, so that a loss is noticed."""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path

from dispatch.boot import boot_id
from dispatch.config.files.locks import locked, opened_for_changing
from dispatch.config.files.problems import FileProblem
from dispatch.disk_sync import to_disk
from dispatch.errors import BadInput
from dispatch.model.workspace.database_identity import FINE, Identity, Known, recognise
from dispatch.private_files import create_private

FILE = ".dispatch-database"

WIDTH = 240
"""Bytes of its one line, always: written over in one go, it is never half of one and half of
another."""


class KnownDatabase:
    """The file, which several processes may read and change."""

    def __init__(self, folder: Path, *, boot: str | None = None) -> None:
        """`boot` is the start of this machine, as the system tells it unless it is given."""
        self._path = folder / FILE
        self.boot = boot_id() if boot is None else boot
        self._last: _Line | None = None  # the one that was written last

    def read(self) -> Known | None:
        """What is remembered; None where nothing is. Raises BadInput."""
        memory = self._memory()
        return memory.known if memory else None

    def workspace(self) -> str:
        """Who this workspace is, so that a database can tell who had it grow; empty before `note`.

        Raises BadInput.
        """
        memory = self._memory()
        return memory.workspace if memory else ""

    def note(self, identity: Identity, *, durable: bool = True, on_disk: int | None = None) -> bool:
        """Remember how old the database is by now, on the disk when this returns.

        Without `durable` it outlives the process, and not a power cut. False where another database
        is remembered by now: then nothing is changed. Raises BadInput where it cannot be written.
        `on_disk` is the age that the database has after a power cut, too; None: this one.
        """
        on_disk = identity.age if on_disk is None else on_disk
        if not durable and self._write_next(identity, on_disk):
            return True
        return self._write(identity, adopt=False, durable=durable, on_disk=on_disk)

    def adopt(self, identity: Identity) -> None:
        """Remember this database, whatever was known before. Raises BadInput."""
        self._write(identity, adopt=True, on_disk=identity.age)

    def _memory(self) -> "_Memory | None":
        try:
            descriptor = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(error.strerror) from error
        try:
            with locked(descriptor):
                return _read(os.pread(descriptor, WIDTH, 0))
        except (OSError, ValueError) as error:
            raise self._unreadable(getattr(error, "strerror", None)) from error
        finally:
            os.close(descriptor)

    def _write(
        self, identity: Identity, *, adopt: bool, on_disk: int, durable: bool = True
    ) -> bool:
        try:
            with suppress(FileNotFoundError):
                return self._change(identity, adopt=adopt, durable=durable, on_disk=on_disk)
            # Made whole: one that is there and empty has lost what it said.
            known = self._known(identity, None, on_disk=on_disk)
            if create_private(self._path, _Line(_Memory(known, _new_name())).line):
                return True
            return self._change(identity, adopt=adopt, durable=durable, on_disk=on_disk)
        except OSError as error:
            raise self._unwritable(error.strerror) from error
        except ValueError as error:
            raise self._unreadable(None) from error

    def _write_next(self, identity: Identity, on_disk: int) -> bool:
        """Write a greater age over the line that we wrote last, as is usual before each hand-over.

        False where anything is not as usual: then nothing was written, or it can be done once more.
        """
        if self._last is None:
            return False
        with suppress(OSError), opened_for_changing(self._path) as descriptor:
            last = self._last  # here, as other threads write it, too
            if os.pread(descriptor, WIDTH + 1, 0) != last.line:
                return False
            if not last.is_before(identity, self.boot):
                return False
            os.pwrite(descriptor, last.grow(identity.age, on_disk), 0)
            return True
        return False

    def _change(self, identity: Identity, *, adopt: bool, durable: bool, on_disk: int) -> bool:
        with opened_for_changing(self._path) as descriptor:
            found = None if adopt else _read(os.pread(descriptor, WIDTH, 0))
            known = found.known if found else None
            name = found.workspace if found else ""
            # Who else had it grow is compared by whoever looks at the database (guard.py).
            alone = identity if identity.grown is None else replace(identity, grown=None)
            # Another process may have had it grow since, and have said so.
            if name and known and self._has(known, identity):
                if known.on_disk >= on_disk:
                    if durable:  # who has written it may not have waited
                        to_disk(descriptor)
                    return True
            elif recognise(alone, known, boot=self.boot) not in FINE:
                return False
            new = _Memory(self._known(identity, known, on_disk=on_disk), name or _new_name())
            line = _Line(new)
            os.pwrite(descriptor, line.line, 0)
            self._last = line
            if os.fstat(descriptor).st_size != WIDTH:  # as written by a version before
                os.ftruncate(descriptor, WIDTH)
            if durable:
                to_disk(descriptor)
        return True

    def _has(self, known: Known, identity: Identity) -> bool:
        """Whether so much is remembered already, under this start of the machine."""
        return known.id == identity.id and known.boot == self.boot and known.age >= identity.age

    def _known(self, identity: Identity, before: Known | None, *, on_disk: int) -> Known:
        """What is to be remembered of a database, with who had it grow last."""
        same = before if before is not None and before.id == identity.id else None
        # Of another start of the machine only what is on the disk holds.
        age = max(identity.age, same.least(self.boot)) if same else identity.age
        sure = max(on_disk, same.on_disk) if same else on_disk
        if identity.grown:
            by, by_age = max(identity.grown.items(), key=itemgetter(1))
        else:
            by, by_age = (same.by, same.by_age) if same else ("", 0)
        return Known(identity.id, age, by, by_age, self.boot, sure)

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


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the line says: the database that is known, and the name of this workspace."""

    known: Known
    workspace: str


class _Line:
    """The line that says what is remembered, and can be made to say a greater age."""

    def __init__(self, memory: _Memory) -> None:
        known = memory.known
        said: dict[str, str | int] = {"database": known.id, "workspace": memory.workspace}
        if known.by:
            said |= {"by": known.by, "by_age": known.by_age}
        if known.boot:
            said["boot"] = known.boot
        self._start = json.dumps(said).removesuffix("}")
        self._known = known
        self._write(known.age, known.on_disk)

    def is_before(self, identity: Identity, boot: str) -> bool:
        """Whether it is of the same database under the same start, which has only grown since."""
        known = self._known
        is_same = identity.id == known.id and boot == known.boot and identity.grown is None
        return is_same and identity.age > self._age

    def grow(self, age: int, on_disk: int) -> bytes:
        """The line from now on."""
        self._write(age, max(on_disk, self._on_disk))
        return self.line

    def _write(self, age: int, on_disk: int) -> None:
        self._age, self._on_disk = age, on_disk
        sure = f', "on_disk": {on_disk}' if self._known.boot else ""
        said = f'{self._start}, "age": {age}{sure}}}'
        self.line = (said.ljust(WIDTH - 1) + "\n").encode("ascii")


def _new_name() -> str:
    return secrets.token_hex(8)


def _read(line: bytes) -> _Memory:
    """What a line says; one of before workspaces had names has none."""
    match json.loads(line):
        case {"database": str(database), "age": int(age), **more}:
            by, by_age = more.get("by", ""), more.get("by_age", 0)
            boot, on_disk = more.get("boot", ""), more.get("on_disk", age)
            workspace = more.get("workspace", "")
            match by, by_age, boot, on_disk, workspace:
                case str(by), int(by_age), str(boot), int(on_disk), str(workspace):
                    return _Memory(Known(database, age, by, by_age, boot, on_disk), workspace)
    raise ValueError
