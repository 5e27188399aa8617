"""`dispatch subscribers import`: people come in by file; first it can be seen what would come."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli import completion
from dispatch.cli.output.console import JsonFlag, progress, say, show, text_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dispatch.app import App
    from dispatch.config.people.look_at_columns import SeenColumn
    from dispatch.config.values.columns import Rules
    from dispatch.model.people.refusal import Merge, Outcome
    from dispatch.pipeline.people.import_file import ImportReport

SHOWN = 3
"""Rows that are shown for each reason."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: dispatch subscribers import readers.csv --audience readers --dry-run"
    app.command("import", epilog=example)(import_file)


def import_file(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="A CSV file; all of subscribers/ by default.")
    ] = None,
    audience: Annotated[
        str | None,
        typer.Option(
            help="Their audience; the file's name by default.", autocompletion=completion.audiences
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show the columns and what would come of each row, and change nothing.",
        ),
    ] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HEADING=WHAT",
            help="What a column is, such as 'Mitglied=name' or 'Opt=unsubscribed'; also several.",
        ),
    ] = None,
    merge: Annotated[
        str,
        typer.Option(
            metavar="HOW",
            help="What the file does to what is known of people: replace, overwrite, fill or keep.",
            show_default="as schedules.yaml says, or replace",
        ),
    ] = "",
    wrong: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Write the rows that do not count, with line and why."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Bring people in; who has left stays out. Exits with 2 if a row needs mending."""
    from dispatch.app import open_app
    from dispatch.config.people.look_at_columns import rules_said
    from dispatch.config.people.subscribers import count_lines, read_audience_files

    said, how = rules_said(column or ()), _merge(merge)
    with open_app(context.obj) as opened, progress(quiet=as_json) as bar:
        paths = [file] if file else read_audience_files(opened.folder)
        _check_one(paths, said, wrong)
        number = 0 if bar.disable else sum(map(count_lines, paths))
        doing = "looking at people" if dry_run else "bringing in people"
        task = bar.add_task(doing, total=number or None)
        seen = [opened.people.look_at_columns(path, audience, said) for path in paths]
        reports = [
            opened.people.import_file(
                path,
                audience,
                said=said,
                merge=how,
                compare=True,
                keep=not dry_run,
                refused=_writer(opened, path, audience, said, wrong),
                progress=lambda done: bar.advance(task, done),
            )
            for path in paths
        ]
    problems = [[*one.file.problems, *one.disagreements] for one in reports]
    for report, found in zip(reports, problems, strict=True):
        for sentence in (*map(str, found), *opened.workspace.unread_audience(report.file.audience)):
            say(sentence, err=True)
    rows = [
        {**_row(report, columns, looks=dry_run), "problems": [str(problem) for problem in found]}
        for report, found, columns in zip(reports, problems, seen, strict=True)
    ]
    if dry_run and not as_json:
        for report, columns in zip(reports, seen, strict=True):
            _show_columns(report, columns)
    table = _LOOKED if dry_run else _DONE
    show("Subscribers", table, rows, as_json=as_json, empty="no file in subscribers/")
    if not as_json:
        _tell_rest(reports, wrong, dry_run=dry_run)
    if any(not report.file.readable or report.file.faulty for report in reports):
        raise typer.Exit(2)


_DONE = ("audience", "rows", "new", "faulty", "duplicates")
_LOOKED = ("audience", "in_file", "new", "changed", "unchanged", "refused")


def _row(
    report: "ImportReport", columns: "Sequence[SeenColumn]", *, looks: bool
) -> dict[str, object]:
    """What a file brings, for the table and for programs."""
    file, outcome = report.file, report.outcome
    row: dict[str, object] = {
        "audience": file.audience,
        "rows": file.people,
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "refused": outcome.number_refused,
        "in_file": outcome.rows,
        "faulty": file.faulty,
        "duplicates": file.duplicates,
        "kept_out": file.inactive,
        "own_columns": list(file.own_columns),
        "reasons": _reasons(outcome),
    }
    if not looks:
        return row
    seen = ("heading", "first", "taken_for", "by")
    return row | {"columns": [{name: getattr(one, name) for name in seen} for one in columns]}


def _reasons(outcome: "Outcome") -> list[dict[str, Any]]:
    return [
        {
            "why": one.why.value,
            "rows": one.number,
            "first": [{"line": line, "reason": why} for line, why in one.first],
        }
        for one in outcome.refused
    ]


def _show_columns(report: "ImportReport", columns: "Sequence[SeenColumn]") -> None:
    rows = [
        {"column": one.heading, "first value": one.first, "is": one.taken_for, "by": one.by}
        for one in columns
    ]
    if rows:
        title = f"Columns of {report.file.shown or report.file.audience}"
        show(title, ("column", "first value", "is", "by"), rows, as_json=False)


def _tell_rest(reports: "Sequence[ImportReport]", wrong: Path | None, *, dry_run: bool) -> None:
    """Which rows do not count, where they went, and that nothing was changed."""
    if dry_run:
        rows = [
            {**one, "audience": report.file.audience, "first": _lines(one["first"])}
            for report in reports
            for one in _reasons(report.outcome)
        ]
        if rows:
            show("Refused", ("audience", "why", "rows", "first"), rows, as_json=False)
        for report in reports:
            if report.file.own_columns:
                own = ", ".join(report.file.own_columns)
                say(f"{report.file.shown}: columns of your own: {own}")
    for report in reports if wrong else ():
        written = report.outcome.number_refused if report.file.readable else None
        say(f"{wrong}: {'nothing' if written is None else f'{written} rows'} written")
    if dry_run:
        say("dry run: nothing was changed")


def _lines(first: "Sequence[dict[str, Any]]") -> str:
    told = (f"line {one['line']}" + (f" ({one['reason']})" * bool(one["reason"])) for one in first)
    return ", ".join([*told][:SHOWN])


def _merge(word: str) -> "Merge | None":
    from dispatch.model.people.refusal import Merge
    from dispatch.model.text.suggestions import did_you_mean

    if not word:
        return None
    if word not in list(Merge):
        raise typer.BadParameter(f"--merge {word}: is nothing known - {did_you_mean(word, Merge)}")
    return Merge(word)


def _check_one(paths: "Sequence[Path]", said: "Rules", wrong: Path | None) -> None:
    """What is about one file goes with one."""
    for option, given in (("--column", said), ("--wrong", wrong)):
        if given and len(paths) != 1:
            raise typer.BadParameter(f"{option} goes with one file - name it")
    if wrong and any(wrong.resolve() == path.resolve() for path in paths):
        raise typer.BadParameter("--wrong is the file itself - name another one")


def _writer(
    opened: "App", path: Path, audience: str | None, said: "Rules", wrong: Path | None
) -> "Callable[[Iterable[tuple[int, str]]], object] | None":
    if wrong is None:
        return None

    def write(refused: "Iterable[tuple[int, str]]") -> None:
        from dispatch.config.people.write_refused import write_refused

        rules = opened.people.rules(path, audience, said)
        with text_file(wrong) as to:
            write_refused(path, rules, refused, to)

    return write
