"""CSV as spreadsheets really write it: encodings, separators, quotes left open."""

import codecs
import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dispatch.config.problems import InvalidValueError

MAX_BYTES = 512_000_000
MAX_LINES_PER_ROW = 50  # a cell may hold line ends; one that goes on and on lacks its closing quote
SEPARATORS = (",", ";", "\t")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line it begins on. `broken` is set where its quotes make no sense."""

    line: int
    cells: Sequence[str]
    broken: bool = False


def encoding_of(path: Path) -> tuple[str, int | None]:
    """The encoding of a file and, where it was guessed, the first line that is not UTF-8.

    The guess is Windows-1252, which old spreadsheets write, else Latin-1, which all
    bytes are. Raises InvalidValueError for what is no text, and OSError.
    """
    if path.stat().st_size > MAX_BYTES:
        problem = f"is larger than {MAX_BYTES // 1_000_000} MB"
        raise InvalidValueError(problem, "split it into several files")
    with path.open("rb") as file:
        start = file.read(65_536)
        for mark, encoding in _BOMS:
            if start.startswith(mark):
                _check_decodes(file, encoding)
                return encoding, None
        if b"\0" in start:
            raise InvalidValueError("is not a text file", "save the sheet as CSV (UTF-8)")
        line = _first_undecodable_line(file, "utf-8")
        if line is None:
            return "utf-8", None
        windows = _first_undecodable_line(file, "cp1252") is None
        return ("cp1252" if windows else "latin-1"), line


def _check_decodes(file: IO[bytes], encoding: str) -> None:
    line = _first_undecodable_line(file, encoding)
    if line is not None:
        problem = f"is damaged at line {line}"
        raise InvalidValueError(problem, "save the sheet anew as CSV (UTF-8)")


def _first_undecodable_line(file: IO[bytes], encoding: str) -> int | None:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    while True:
        chunk = file.read(1 << 20)
        try:
            lines += decoder.decode(chunk, final=not chunk).count("\n")
        except UnicodeDecodeError as error:
            return lines + error.object.count(b"\n", 0, error.start)
        if not chunk:
            return None


def rows_of(file: IO[str], separator: str) -> Iterator[Row]:
    """The rows of a file opened with newline=""; blank lines are left out.

    A row with a quote that is never closed comes out broken, and reading goes on with
    the line after its first one, so that it takes no other row with it.
    """
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _RowTooLongError):
            yield Row(lines.row_begins, (), broken=True)
            lines.go_back()
            continue
        if any(cell and not cell.isspace() for cell in cells):
            yield Row(lines.row_begins, cells)


class _RowTooLongError(Exception):
    """A row goes on for more lines than a person would write."""


class _Lines:
    """The lines of a file, with the way back to the second line of the present row."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._ahead: deque[str] = deque()
        self._row: list[str] = []
        self.row_begins = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._row) >= MAX_LINES_PER_ROW:
            raise _RowTooLongError
        line = self._ahead.popleft() if self._ahead else next(self._file)
        self._row.append(line)
        return line

    def begin_row(self) -> None:
        self.row_begins += len(self._row)
        self._row.clear()

    def go_back(self) -> None:
        self._ahead.extendleft(reversed(self._row[1:]))
        del self._row[1:]
