"""Keeping a spreadsheet from running what a stranger typed into a form.

A cell that begins with = + - @ is a formula to a spreadsheet, even in a CSV file. Such a cell is
written with an apostrophe before it, and the apostrophe is taken away when the file
is read again, so that nothing changes on the way.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(cell: str) -> str:
    """The cell as it is written.

    >>> guarded("=1+1")
    "'=1+1"
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before it was written.

    >>> unguarded("'=1+1")
    '=1+1'
    """
    return cell[1:] if _GUARDED.match(cell) else cell
