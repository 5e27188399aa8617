"""A table as wide as the terminal: no date and no short word is ever cut in two."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

LONG = 20
"""A word longer than this, such as an address, may be cut where there is no room for it."""

LONGEST = 300
"""Characters of a cell: a mail server may say a page about a mail. JSON and CSV have all of it."""

EMPTY = "-"
"""A cell without anything."""


def table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, width: int
) -> "Table":
    """The rows within `width` characters.

    Where they do not fit, columns go in which no row says anything, then the space beside the
    lines; where that is not enough, what stood beside one another stands below one another, a block
    for each row.
    """
    shortened = [[_cut(cell) for cell in row] for row in rows]
    every = list(zip(columns, *shortened, strict=True))
    telling = [cells for cells in every if any(cell != EMPTY for cell in cells[1:])]
    for shown, padding in ((every, 1), (telling, 1), (telling, 0)):
        widths = _widths(shown, width - 1 - len(shown) * (1 + 2 * padding))
        if widths is not None:
            return _beside(title, shown, widths, padding)
    return _below(title, telling)


def _cut(cell: str) -> str:
    return cell if len(cell) <= LONGEST else f"{cell[: LONGEST - 1].rstrip()}…"


def _widths(every: Sequence[Sequence[str]], room: int) -> Sequence[int] | None:
    """How wide each column is to be, those first that need the least; None if they do not fit."""
    from rich.cells import cell_len

    least, wanted = [], []
    for cells in every:
        words = [word for cell in cells for word in cell.split()]
        least.append(max(min(cell_len(word), LONG) for word in words))
        wanted.append(max(cell_len(line) for cell in cells for line in cell.splitlines()))
    left = room - sum(least)
    if left < 0:
        return None
    widths, order = list(least), sorted(range(len(every)), key=lambda at: wanted[at] - least[at])
    for at in order:
        more = max(0, wanted[at] - least[at])
        if more > left:  # half of what they need would break their lines all the same
            widths[order[-1]] += left
            break
        widths[at] += more
        left -= more
    return widths


def _beside(
    title: str, every: Sequence[Sequence[str]], widths: Sequence[int], padding: int
) -> "Table":
    made = _empty_table(title, padding)
    for cells, width in zip(every, widths, strict=True):
        made.add_column(cells[0], overflow="fold", width=width)
    _fill(made, zip(*(cells[1:] for cells in every), strict=True))
    return made


def _below(title: str, every: Sequence[Sequence[str]]) -> "Table":
    made = _empty_table(title)
    made.show_header = False
    made.add_column()
    made.add_column(overflow="fold")
    for at in range(1, len(every[0])):
        _fill(made, ((cells[0], cells[at]) for cells in every))
        made.add_section()
    return made


def _empty_table(title: str, padding: int = 1) -> "Table":
    from rich.table import Table

    return Table(title=title, title_justify="left", title_style="bold", padding=(0, padding))


def _fill(made: "Table", rows: Iterable[Sequence[str]]) -> None:
    from rich.markup import escape

    for row in rows:
        made.add_row(*map(escape, row))
