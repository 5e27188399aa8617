"""The file beside the database that says who has left: it is only ever added to.

Each line has a time, what happened, the name of a key and a mark made with it; no address.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dispatch.config.files.locks import opened_for_adding
from dispatch.config.files.problems import FileProblem, Severity
from dispatch.disk_sync import to_disk
from dispatch.errors import BadInput
from dispatch.model.people.ending import Ending, What

FILE = ".dispatch-endings"
TITLE = "dispatch endings 1"
"""Begins the first line, before the file's own id."""

FIRST_LINE = 200
"""Bytes in which it ends."""

LONGEST = 64
"""Characters of an id, a mark and a key's name: they are keys of a database."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says from some place on: the file's id, its endings, and where they end.

    `unreadable` is how many lines made no sense, such as one that a power cut has cut off.
    """

    file_id: str
    endings: tuple[Ending, ...]
    size: int
    unreadable: int = 0


class EndingsFile:
    """One file; several processes may add to it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, *endings: Ending) -> None:
        """Add a line for each, on the disk when this returns.

        Raises OSError, and BadInput where what is there is another kind of file, which is left.
        """
        line = "".join(
            f"{one.at.isoformat()} {one.what.value} {one.key} {one.mark}\n" for one in endings
        )
        if not line:
            return
        with opened_for_adding(self.path) as descriptor:
            size = os.fstat(descriptor).st_size
            if not size:
                line = f"{TITLE} {secrets.token_hex(8)}\n{line}"
            else:
                self._id_in(os.pread(descriptor, FIRST_LINE, 0).partition(b"\n")[0])
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = f"\n{line}"  # what was cut off there stays a line of its own
            os.pwrite(descriptor, line.encode("ascii"), size)
            to_disk(descriptor)

    def size(self) -> int:
        """How many bytes it has by now; 0 where there is none."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def file_id(self) -> str:
        """The id in its first line; raises BadInput where it is another kind of file."""
        return self._id_in(self._bytes(0, FIRST_LINE).partition(b"\n")[0])

    def check_there(self) -> None:
        """Raise BadInput unless it is there, and a file of endings."""
        if not self.path.exists():
            raise self._unusable("there is no such file")
        self.file_id()

    def problem(self) -> FileProblem | None:
        """What is wrong with it, so that somebody who has left may not be known: all is read."""
        try:
            unreadable = self.read().unreadable if self.size() else 0
        except BadInput as error:
            [problem] = error.problems
            return problem if isinstance(problem, FileProblem) else None
        if not unreadable:
            return None
        words = f"{unreadable} lines cannot be read, and who left by them is not known"
        advice = "adopt again with a backup of the file as --endings, or remove the lines"
        return FileProblem(self.path.name, None, "", words, advice, Severity.NOTICE)

    def read(self, start: int = 0) -> Read:
        """What it says from a place on, which is the end of what was read before.

        Raises BadInput where it cannot be read, or is another kind of file.
        """
        file_id = self.file_id()
        data = self._bytes(start)
        lines = [line for line in data.split(b"\n") if line.strip()]
        if not start:
            del lines[0]
        found = [one for line in lines if (one := _ending(line)) is not None]
        return Read(file_id, tuple(found), start + len(data), len(lines) - len(found))

    def _bytes(self, start: int, most: int = -1) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                return file.read(most)
        except OSError as error:
            raise self._unusable(f"cannot be read ({error.strerror})") from error

    def _id_in(self, line: bytes) -> str:
        words = line.decode("ascii", "replace").strip()
        file_id = words.removeprefix(f"{TITLE} ")
        if file_id == words or not _is_word(file_id):
            raise self._unusable("is no file of endings")
        return file_id

    def _unusable(self, problem: str) -> BadInput:
        advice = "name the file that dispatch has written, .dispatch-endings"
        return BadInput([FileProblem(self.path.name, None, "", problem, advice)])


def _ending(line: bytes) -> Ending | None:
    """What a line says; None where that cannot be kept in a database, so that it makes no sense."""
    try:
        said, what, key, mark = line.decode("ascii").split()
        at = datetime.fromisoformat(said)
        if at.tzinfo is None or not _is_word(key) or not _is_word(mark):
            return None
        return Ending(mark, What(what), at.astimezone(UTC), key)
    except (ValueError, OverflowError):
        return None


def _is_word(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) <= LONGEST
