"""What commands print: tables for people, JSON for programs, progress for the impatient."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

PIPE_WIDTH = 160
"""Columns of a table that goes into a file or a pipe, where no terminal says how wide it is."""


def console(*, err: bool = False) -> "Console":
    """Where tables go, or with `err` what is said beside them."""
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    return Console(stderr=err, highlight=False, width=None if stream.isatty() else PIPE_WIDTH)


def show(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    *,
    as_json: bool,
    empty: str = "nothing",
) -> None:
    """Print rows as a table with these columns, or all of each row as JSON."""
    if as_json:
        show_json(list(rows))
        return
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(escape(_cell(row[column])) for column in columns))
    if table.row_count:
        console().print(table)
    else:
        say(f"{title}: {empty}")


def show_json(value: Any) -> None:
    """Print a value as JSON; moments in ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def show_json_lines(values: Iterable[Any]) -> None:
    """Print values as one JSON array, a line for each, however many they are."""
    before = "["
    for value in values:
        text = json.dumps(value, ensure_ascii=False, default=_plain)
        typer.echo(f"{before}\n  {text}", nl=False)
        before = ","
    typer.echo("[]" if before == "[" else "\n]")


def say(sentence: str, *, err: bool = False) -> None:
    """Print one sentence."""
    typer.echo(sentence, err=err)


@contextmanager
def progress(*, quiet: bool = False) -> "Iterator[Progress]":
    """A progress bar on standard error, gone when the work is done; none where nobody looks."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console(err=True),
        transient=True,
        disable=quiet or not sys.stderr.isatty(),
    ) as bar:
        yield bar


def _cell(value: Any) -> str:
    match value:
        case None | "":
            return "-"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
