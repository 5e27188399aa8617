"""What commands print: tables for people, JSON for programs, progress for the impatient."""

import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from dispatch.cli.output.table import EMPTY, table
from dispatch.cli.output.verbosity import verbosity
from dispatch.private_files import whole_file

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, Task

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
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    if not cells:
        say(f"{title}: {empty}")
        return
    verbosity().tell(lambda: _print_table(title, columns, cells))


def _print_table(title: str, columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    out, names = console(), [column.replace("_", " ") for column in columns]
    out.print(table(title, names, cells, width=out.width))


def show_json(value: Any) -> None:
    """Print a value as JSON; moments in ISO 8601."""
    typer.echo(json_text(value), nl=False)


def json_text(value: Any) -> str:
    """A value as JSON that people can read, its last line ended."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n"


def show_json_lines(values: Iterable[Any]) -> None:
    """Print values as one JSON array, a line for each, however many they are."""
    before = "["
    for value in values:
        text = json.dumps(value, ensure_ascii=False, default=_plain)
        typer.echo(f"{before}\n  {text}", nl=False)
        before = ","
    typer.echo("[]" if before == "[" else "\n]")


def json_line(value: Any) -> str:
    """A value as one line of JSON Lines, its end included."""
    return json.dumps(value, ensure_ascii=False, default=_plain) + "\n"


@contextmanager
def text_file(path: Path | None) -> Iterator[TextIO]:
    """A file that takes the place of `path` once all has been written; None is standard output.

    Where that fails the file stays as it was, and the OSError names it. A new file is private.
    """
    if path is None or (path.exists() and not path.is_file()):
        # What is no ordinary file, such as a pipe with a name, is written to as it is.
        with _written_at_once(path) as text:
            yield text
        return
    with whole_file(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            yield text
        finally:
            text.detach()  # or it would close the file


@contextmanager
def _written_at_once(path: Path | None) -> Iterator[TextIO]:
    try:
        if path is None:
            yield sys.stdout
            sys.stdout.flush()
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        name = "standard output" if path is None else str(path)
        raise OSError(error.errno, error.strerror, name) from error


def say(sentence: str, *, err: bool = False, aside: bool = False) -> None:
    """Print one sentence: one of several that a quiet command leaves out, unless it is an error.

    What is said `aside`, below a table, is never the last word.
    """
    if err:
        typer.echo(sentence, err=True)
    elif not (aside and verbosity().quiet):
        verbosity().tell(lambda: typer.echo(sentence))


@contextmanager
def progress(*, quiet: bool = False) -> "Iterator[Progress]":
    """Bars on standard error, with rate and time left; gone at the end, none where nobody looks."""
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Count(ProgressColumn):
        """How many of how many, and how many in a second."""

        def render(self, task: "Task") -> Text:
            count = f"{task.completed:,.0f}" if task.completed or task.total else ""
            of = f" of {task.total:,.0f}" if task.total else ""
            speed = task.finished_speed or task.speed
            return Text(f"{count}{of}" + (f", {speed:,.0f}/s" if speed and speed >= 1 else ""))

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        Count(),
        TimeRemainingColumn(compact=True),
        console=console(err=True),
        transient=True,
        disable=quiet or verbosity().quiet or not sys.stderr.isatty(),
    ) as bar:
        yield bar


def _cell(value: Any) -> str:
    match value:
        case None | "" | () | []:
            return EMPTY
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
