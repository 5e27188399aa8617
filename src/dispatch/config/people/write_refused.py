"""The rows of a file that do not count, as a file of their own: to be mended there."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from dispatch.config.csv.encoding import encoding_of
from dispatch.config.csv.rows import Row, row_blocks
from dispatch.config.csv.sheet import write_sheet
from dispatch.config.people.subscribers import read_header
from dispatch.config.values.columns import Rules

BEFORE = ("line", "reason")
"""The columns that stand before those of the file."""


def write_refused(path: Path, rules: Rules, refused: Iterable[tuple[int, str]], to: IO[str]) -> int:
    """Write the rows of these lines, which are in order, each with why; how many there were.

    A row that made no sense as one has its line and reason only. The file is read once more.
    """
    encoding = encoding_of(path)
    separator, columns = read_header(path, encoding, rules)
    with encoding.open(path) as file:
        rows = _rows(row_blocks(file, separator, is_row=columns.is_row))
        _, headings = next(rows, (0, ()))
        return write_sheet([*BEFORE, *headings], _beside(rows, refused), to)


def _rows(blocks: Iterable[object]) -> Iterator[tuple[int, Iterable[str]]]:
    for block in blocks:
        if isinstance(block, Row):
            yield block.line, block.cells
        else:
            yield from zip(block.lines, block.cells, strict=True)  # type: ignore[attr-defined]


def _beside(
    rows: Iterator[tuple[int, Iterable[str]]], refused: Iterable[tuple[int, str]]
) -> Iterator[list[str]]:
    line, cells = next(rows, (0, ()))
    for wanted, why in refused:
        while line < wanted:
            line, cells = next(rows, (wanted + 1, ()))
        yield [str(wanted), why, *(cells if line == wanted else ())]
