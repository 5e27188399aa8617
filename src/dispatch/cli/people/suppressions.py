"""`dispatch suppressions`: addresses and domains to which nothing goes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.arguments import By
from dispatch.cli.output.console import JsonFlag, say, show, show_json_lines, text_file
from dispatch.cli.output.lists import TableLimitOption, TextArgument, most_rows, tell_more

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dispatch.model.people.subscriber import Suppression
    from dispatch.model.people.suppression import Target

app = typer.Typer(help="Say to whom nothing goes, and take that back.", no_args_is_help=True)

What = Annotated[
    str, typer.Argument(metavar="TARGET", help="An address, example.org, or *.example.org.")
]


@app.command("list", epilog="Example: dispatch suppressions list example.org")
def list_suppressions(
    context: typer.Context,
    text: TextArgument = "",
    asked: Annotated[
        bool, typer.Option("--asked", help="Only those who ask to be mailed again.")
    ] = False,
    limit: TableLimitOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show the addresses and domains to which nothing goes: domains first, then the newest.

    Who asks to be mailed again is marked with since when: look why, and lift it or leave it.
    """
    from dispatch.app import open_app

    most = most_rows(limit, as_json=as_json)
    asked_for = most if most is None or as_json else most + 1  # one more tells that there is one
    with open_app(context.obj) as opened, opened.store.read() as tx:
        asking = tx.suppressions.asked()
        keys = asking if asked else None
        found = tx.suppressions.listed(text=text.strip(), keys=keys, limit=asked_for)
        rows = (_row(one, asking) for one in found)
        if as_json:
            show_json_lines(rows)
            return
        shown = list(rows)
    empty = "nobody asks" if asked else "no address and no domain"
    columns = ("address", "reason", "source", "since", "asked")
    show("Suppressed", columns, shown[:most], as_json=False, empty=empty)
    tell_more(shown, most or 0, quiet=False)


def _row(one: "Suppression", asking: "Mapping[str, datetime]") -> dict[str, object]:
    from dispatch.model.people.subscriber import email_key

    return {
        "address": one.email,
        "reason": one.reason,
        "source": one.source,
        "since": one.since,
        "asked": asking.get(email_key(one.email)),
    }


@app.command(epilog="Example: dispatch suppressions add @example.org --reason 'asked by their IT'")
def add(
    context: typer.Context,
    targets: Annotated[
        list[str],
        typer.Argument(metavar="TARGET...", help="Addresses, example.org, or *.example.org."),
    ],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    by: By = "",
) -> None:
    """Never mail an address again, or anybody at a domain, whatever anything else says.

    A domain is itself only; *.example.org is all that are below it, and not example.org.
    """
    from dispatch.app import open_app

    found = [_target(one) for one in targets]
    why = _said(reason, "--reason")
    with open_app(context.obj) as opened:
        for target in found:
            new = opened.people.suppress(target, reason=why, by=by)
            say(f"{target}: suppressed" if new else f"{target}: was suppressed already")


@app.command(epilog="Example: dispatch suppressions lift ada@example.org --note 'full mailbox'")
def lift(
    context: typer.Context,
    target: What,
    note: Annotated[str, typer.Option(help="Why; it stays on record.")],
    by: By = "",
) -> None:
    """Let a suppressed address or domain be mailed again.

    Subscriptions that have ended stay ended. Who complained should stay suppressed.
    """
    from dispatch.app import open_app

    found, why = _target(target), _said(note, "--note")
    with open_app(context.obj) as opened:
        opened.people.lift(found, note=why, by=by)
    say(f"{found}: may be mailed again")


@app.command("import", epilog="Example: dispatch suppressions import bounces.csv")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV file, or addresses line by line.")],
    reason: Annotated[str, typer.Option(help="Why, where a row does not say.")] = "imported",
    by: By = "",
) -> None:
    """Suppress all that a file names; what is suppressed already stays as it is.

    Columns are address (or email, or domain), reason, source and since; all but the first are
    optional, and so is the line that names them. Exits with 2 if a row needs mending.
    """
    from dispatch.app import open_app
    from dispatch.config.people.suppression_file import read_suppressions

    found = read_suppressions(file)
    for problem in found.problems:
        say(str(problem), err=True)
    if found.readable:
        with open_app(context.obj) as opened:
            new = opened.people.suppress_all(
                found.rows, file=file.name, reason=_said(reason, "--reason"), by=by
            )
        domains = sum(one.target.is_domain for one in found.rows)
        of_them = f", {domains} of them domains" if domains else ""
        say(f"{file.name}: {len(found.rows)} rows{of_them}; {new} are new, {found.faulty} faulty")
    if found.faulty or not found.readable:
        raise typer.Exit(2)


@app.command(epilog="Example: dispatch suppressions export --to suppressed.csv")
def export(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="A file; standard output by default.")] = None,
) -> None:
    """Write all of them as CSV, in the form that `import` takes back."""
    from dispatch.app import open_app
    from dispatch.config.people.suppression_file import write_suppressions

    with open_app(context.obj) as opened, opened.store.read() as tx, text_file(to) as file:
        number = write_suppressions(tx.suppressions.listed(), file)
    if to is not None:
        say(f"{to}: {number} written")


def _target(text: str) -> "Target":
    from dispatch.config.files.problems import InvalidValueError
    from dispatch.config.people.targets import checked_target
    from dispatch.errors import BadInput

    try:
        return checked_target(text)
    except InvalidValueError as error:
        raise BadInput([error]) from error


def _said(text: str, option: str) -> str:
    from dispatch.errors import BadInput
    from dispatch.model.text.plain_text import one_line

    if not (said := one_line(text)):
        raise BadInput([f"{option}: is empty - say in a few words why"])
    return said
