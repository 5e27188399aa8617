"""A CSV file that a spreadsheet opens; every file of ours that one may open is written here."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO

from dispatch.config.csv.formulas import guarded


def write_sheet(columns: Sequence[str], rows: Iterable[Sequence[str]], file: IO[str]) -> int:
    """Write a heading and rows to a text file opened with newline=""; how many rows there were.

    No cell is a formula to a spreadsheet, whatever sign it takes for the separator.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(guarded, columns))
    number = 0
    for row in rows:
        writer.writerow(map(guarded, row))
        number += 1
    return number


def sheet_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as text, for a sheet that goes out piece by piece; its heading is a row, too."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(map(guarded, row) for row in rows)
    return text.getvalue()
