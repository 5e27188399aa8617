"""The rows of a file that do not count, as a file of their own: to be mended there."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from dispatch.config.csv.encoding import encoding_of
from dispatch.config.csv.rows import Row, row_blocks
from dispatch.config.csv.sheet import write_sheet
from dispatch.config.people.columns import BESIDE, is_of_refused
from dispatch.config.people.subscribers import read_header
from dispatch.config.values.columns import Rules


def write_refused(path: Path, rules: Rules, refused: Iterable[tuple[int, str]], to: IO[str]) -> int:
    """Write the rows of these lines, which are in order, each with why; how many there were.

    A row that made no sense as one has its line and reason only. The file is read once more.
    """
    encoding = encoding_of(path)
    separator, columns = read_header(path, encoding, rules)
    with encoding.open(path) as file:
        rows = _rows(row_blocks(file, separator, is_row=columns.is_row))
        headings = [*next(rows, (0, ()))[1]]
        ours = len(BESIDE) if is_of_refused(headings) else 0  # they are told anew
        return write_sheet([*BESIDE, *headings[ours:]], _beside(rows, refused, ours), to)


def _rows(blocks: Iterable[object]) -> Iterator[tuple[int, Iterable[str]]]:
    for block in blocks:
        if isinstance(block, Row):
            yield block.line, block.cells
        else:
            yield from zip(block.lines, block.cells, strict=True)  # type: ignore[attr-defined]


def _beside(
    rows: Iterator[tuple[int, Iterable[str]]], refused: Iterable[tuple[int, str]], ours: int
) -> Iterator[list[str]]:
    line, cells = next(rows, (0, ()))
    for wanted, why in refused:
        while line < wanted:
            line, cells = next(rows, (wanted + 1, ()))
        yield [str(wanted), why, *([*cells][ours:] if line == wanted else ())]
