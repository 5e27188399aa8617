"""CSV as spreadsheets really write it: separators, quotes left open, rows that are no text."""

import csv
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from dispatch.config.csv.encoding import MAX_LINE, UNREADABLE, line_blocks

MAX_LINES_PER_ROW = 50  # a cell may hold line ends; one that goes on and on lacks its closing quote
SEPARATORS = (",", ";", "\t", "|")

_TOO_LONG = "\udcfe"
"""Stands for a line that was too long to be kept; no file can have it."""
_TORN = "\udcfd"
"""Stands for a line with a CR in it that ends no row; no file can have it."""

Flaw = tuple[str, str]
"""What is wrong with a row as a whole, and what to do."""

_OPEN = ("a quote is not closed", 'close the quote, or write "" for a quote inside a text')
_FLAWS: dict[str, Flaw] = {
    "\0": ("contains a character that is no text", "remove it, or write the row anew"),
    UNREADABLE: (
        "contains bytes that are no text",
        "write the row anew, and save it as CSV (UTF-8)",
    ),
    _TORN: ("has a line end (CR) in the midst of it", "remove it, or put its cell in quotes"),
    _TOO_LONG: (f"is longer than {MAX_LINE} characters", "shorten it, or remove the row"),
}
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_DECLARED = re.compile(r'\s*"?sep=([,;|\t])"?[,;|\s]*', re.IGNORECASE)
"""The line by which a spreadsheet says what stands between cells."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line it begins on. Where it makes no sense, `flaw` says why."""

    line: int
    cells: Sequence[str]
    flaw: Flaw | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one line each that make sense, and which lines those are."""

    lines: Sequence[int]
    cells: Sequence[Sequence[str]]


def declared_separator(file: IO[str]) -> str:
    """The separator that the first line of a file names, as in `sep=;`; empty where it does not."""
    found = _DECLARED.fullmatch((file.readline(64)).removeprefix("\ufeff"))
    return found[1] if found else ""


def rows_of(
    file: IO[str], separator: str, *, is_row: Callable[[Sequence[str]], bool] = lambda _: False
) -> Iterator[Row]:
    """The rows of a file that an Encoding opened; blank lines and one of `sep=;` are left out.

    A row with a quote that is never closed comes out with a flaw, and reading goes on with the
    line after its first one, so that it takes no other row with it. `is_row` says whether cells
    would make a row by themselves: where a line inside a text does, the quote was closed too late.
    """
    for found in row_blocks(file, separator, is_row=is_row):
        if isinstance(found, Row):
            yield found
        else:
            yield from map(Row, found.lines, found.cells)


def row_blocks(
    file: IO[str], separator: str, *, is_row: Callable[[Sequence[str]], bool] = lambda _: False
) -> Iterator[Row | Rows]:
    """The same rows, those together that need no closer look; the first one is always alone."""
    lines = _Lines(file, lambda line: any(map(is_row, csv.reader([line], delimiter=separator))))
    closely = csv.reader(lines, delimiter=separator, strict=True)
    alone = True  # the first row names the columns
    while (block := lines.plain()) is not None:
        rows = (
            [] if alone else _rows_of_one_line(csv.reader(block, delimiter=separator, strict=True))
        )
        found = _without_blank(lines.take_rows(len(rows)), rows)
        if found.lines:
            yield found
        if not rows or len(rows) < len(block):
            for row in _next_row(lines, closely):
                alone = False
                yield row


def _rows_of_one_line(reader: Any) -> list[list[str]]:
    """The rows of a CSV reader before one that has more lines than one, or makes no sense."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        for cells in reader:
            if reader.line_num > len(rows) + 1:
                break
            rows.append(cells)
    return rows


def _without_blank(first: int, rows: list[list[str]]) -> Rows:
    blank = {
        place
        for place, cells in enumerate(rows)
        if not (cells and cells[0].strip()) and not "".join(cells).strip()
    }
    if not blank:
        return Rows(range(first, first + len(rows)), rows)
    places = [place for place in range(len(rows)) if place not in blank]
    return Rows([first + place for place in places], [rows[place] for place in places])


def _next_row(lines: "_Lines", reader: Any) -> Iterator[Row]:
    """The next row with a close look at it; nothing where it is blank, or names the separator."""
    lines.begin_row()
    try:
        cells = next(reader)
    except StopIteration:
        return
    except (csv.Error, _RowTooLongError):
        yield Row(lines.row_begins, (), lines.flaw(of_lines=1) or _OPEN)
        lines.go_back()
        return
    if lines.names_separator():
        return
    flaw = lines.flaw() or lines.swallowed()
    if flaw or any(cell and not cell.isspace() for cell in cells):
        yield Row(lines.row_begins, () if flaw else cells, flaw)


class _RowTooLongError(Exception):
    """A row goes on for more lines than a person would write."""


class _Source:
    """The lines of a file in blocks, and which of them need a close look."""

    def __init__(self, file: IO[str]) -> None:
        self._blocks = line_blocks(file)
        self._block: Sequence[str | None] = ()
        self._at = 0
        self._odd: Sequence[int] = ()  # places of lines that are no plain text
        self.ends_in_lf: bool | None = None  # unknown before the first line

    def next_line(self) -> str | None:
        """The next line; None is a too long one. Raises StopIteration at the end."""
        if not self._is_there():
            raise StopIteration
        self._at += 1
        return self._block[self._at - 1]

    def plain(self) -> Sequence[str] | None:
        """The lines until the next one that is odd, or to the end of the block."""
        if not self._is_there():
            return None
        odd = bisect_left(self._odd, self._at)
        end = self._odd[odd] if odd < len(self._odd) else len(self._block)
        return self._block[self._at : end]  # type: ignore[return-value]

    def skip(self, number: int) -> None:
        """So many lines were taken."""
        self._at += number

    def _is_there(self) -> bool:
        if self._at < len(self._block):
            return True
        self._block, self._at = next(self._blocks, ()), 0
        if not self._block:
            return False
        if self.ends_in_lf is None:
            self.ends_in_lf = self._block[0] is None or self._block[0].endswith("\n")
        self._odd = self._odd_ones()
        return True

    def _odd_ones(self) -> Sequence[int]:
        if None not in self._block and self._is_plain("".join(self._block)):  # type: ignore[arg-type]
            return ()
        return [
            place
            for place, line in enumerate(self._block)
            if line is None or not self._is_plain(line)
        ]

    def _is_plain(self, text: str) -> bool:
        if "\0" in text or "\ufeff" in text or not _can_be_written(text):
            return False
        return not self.ends_in_lf or text.count("\r") == text.count("\r\n")


def _can_be_written(text: str) -> bool:
    """Whether no half character is in it, such as UNREADABLE; quicker than to search for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Lines:
    """The lines of a file, with the way back to the second line of the present row."""

    def __init__(self, file: IO[str], is_row: Callable[[str], bool]) -> None:
        self._source = _Source(file)
        self._is_row = is_row
        self._ahead: deque[str] = deque()
        self._row: list[str] = []
        self.row_begins = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._row) >= MAX_LINES_PER_ROW:
            raise _RowTooLongError
        line = self._read()
        if not self._row and self._is_torn(line):
            line = self._mend(line)
        if not self._row:
            line = line.removeprefix("\ufeff")  # where one file was put behind another
        self._row.append(line)
        return line

    def _is_torn(self, line: str) -> bool:
        # Within quotes a CR is a part of the text.
        return bool(self._source.ends_in_lf and line.endswith("\r") and line.count('"') % 2 == 0)

    def _mend(self, line: str) -> str:
        """Of a line that ends in CR, in a file of others: it, if that ends rows here, or _TORN.

        It does so where every part up to the next LF is a row.
        """
        parts = [line]
        with suppress(StopIteration):
            while parts[-1].endswith("\r") and len(parts) < MAX_LINES_PER_ROW:
                parts.append(self._read())
        said = [part for part in parts if not part.isspace()]
        if len(parts) < MAX_LINES_PER_ROW and len(said) > 1 and not all(map(self._is_row, said)):
            return f"{_TORN}\n"
        first, *others = (part.rstrip("\r\n") + "\n" for part in parts)
        self._ahead.extendleft(reversed(others))
        return first

    def _read(self) -> str:
        if self._ahead:
            return self._ahead.popleft()
        line = self._source.next_line()
        return f"{_TOO_LONG}\n" if line is None else line

    def plain(self) -> Sequence[str] | None:
        """The next lines, as far as none of them needs a closer look; None at the end."""
        return () if self._ahead else self._source.plain()

    def take_rows(self, number: int) -> int:
        """So many of the plain lines were a row each; the number of the first line."""
        first = self.row_begins + len(self._row)
        self._row.clear()
        self.row_begins = first + number
        self._source.skip(number)
        return first

    def begin_row(self) -> None:
        self.row_begins += len(self._row)
        self._row.clear()

    def go_back(self) -> None:
        self._ahead.extendleft(reversed(self._row[1:]))
        del self._row[1:]

    def flaw(self, of_lines: int | None = None) -> Flaw | None:
        """What keeps the lines of the row from being text."""
        found = next(filter(None, map(_NO_TEXT.search, self._row[:of_lines])), None)
        return _FLAWS.get(found[0], _FLAWS[UNREADABLE]) if found else None

    def names_separator(self) -> bool:
        """Whether this is the first line of the file, and says how to read the others."""
        return self.row_begins == 1 and bool(_DECLARED.fullmatch(self._row[0]))

    def swallowed(self) -> Flaw | None:
        """Where a line within the row looks like one by itself."""
        if len(self._row) == 1:
            return None
        for number, line in enumerate(self._row[1:], start=self.row_begins + 1):
            if self._is_row(line):
                problem = f"has a text in quotes in which line {number} looks like a row"
                return problem, "close the quote where the text ends, or write the text on one line"
        return None
