"""Lists that grow: how many rows are shown, and that there are more."""

from collections.abc import Sequence
from typing import Annotated

import typer

from dispatch.cli.output.console import say

LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most this many.")]
TextArgument = Annotated[
    str, typer.Argument(metavar="[TEXT]", help="Only where this text is in.", show_default=False)
]

TABLE_ROWS = 50
"""So many in a table that a person reads, where programs get all."""

TableLimitOption = Annotated[
    int | None,
    typer.Option("--limit", min=1, help="At most this many.", show_default="50; --json: all"),
]


def tell_more(rows: Sequence[object], limit: int, *, quiet: bool) -> None:
    """Say that there are more, where one more was asked for than is shown."""
    if len(rows) > limit and not quiet:
        say(f"these are the first {limit}, and there are more - '--limit N' shows N", aside=True)


def most_rows(limit: int | None, *, as_json: bool) -> int | None:
    """How many are shown: as many as somebody asks for, else a table's worth, or all as JSON."""
    return limit or (None if as_json else TABLE_ROWS)


def tell_number(shown: int, number: int) -> None:
    """Say how many more there are."""
    if number > shown:
        say(f"and {number - shown} more - '--limit {number}' shows all", aside=True)
