"""The file beside the database that says who has left: it is only ever added to.

Each line has a time, what happened, the name of a key and a mark made with it; no address.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dispatch.config.files.locks import opened_for_adding
from dispatch.config.files.problems import FileProblem
from dispatch.errors import BadInput
from dispatch.model.people.ending import Ending, What

FILE = ".dispatch-endings"
TITLE = "dispatch endings 1"
"""Begins the first line, before the file's own id."""


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

    def add(self, ending: Ending) -> None:
        """Add a line, on the disk when this returns. Raises OSError."""
        line = f"{ending.at.isoformat()} {ending.what.value} {ending.key} {ending.mark}\n"
        with opened_for_adding(self.path) as descriptor:
            size = os.fstat(descriptor).st_size
            if not size:
                line = f"{TITLE} {secrets.token_hex(8)}\n{line}"
            elif os.pread(descriptor, 1, size - 1) != b"\n":
                line = f"\n{line}"  # what was cut off there stays a line of its own
            os.pwrite(descriptor, line.encode("ascii"), size)
            os.fsync(descriptor)

    def size(self) -> int:
        """How many bytes it has by now; 0 where there is none."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def file_id(self) -> str:
        """The id in its first line; raises BadInput where it is another kind of file."""
        return self._id_in(self._bytes(0, 200).partition(b"\n")[0])

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
        if not words.startswith(f"{TITLE} "):
            raise self._unusable("is no file of endings")
        return words.removeprefix(f"{TITLE} ")

    def _unusable(self, problem: str) -> BadInput:
        advice = "name the file that dispatch has written, .dispatch-endings"
        return BadInput([FileProblem(self.path.name, None, "", problem, advice)])


def _ending(line: bytes) -> Ending | None:
    try:
        at, what, key, mark = line.decode("ascii").split()
        return Ending(mark, What(what), datetime.fromisoformat(at), key)
    except ValueError:
        return None
