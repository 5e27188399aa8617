"""`dispatch subscribers`: people come in by file, go out by file, and leave when they want."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import checked_address
from dispatch.cli.output.console import (
    JsonFlag,
    progress,
    say,
    show,
    show_json_lines,
    text_file,
)
from dispatch.cli.output.lists import (
    LimitOption,
    TableLimitOption,
    TextArgument,
    most_rows,
    tell_more,
    tell_number,
)
from dispatch.cli.people import one_person, one_record, segment
from dispatch.cli.people import show as show_one

if TYPE_CHECKING:
    from dispatch.model.people.subscriber import Subscription
    from dispatch.pipeline.people.import_file import ImportReport

app = typer.Typer(help="Bring people in and out, and see who is there.", no_args_is_help=True)
one_person.register(app)
one_record.register(app)
show_one.register(app)
segment.register(app)
AudienceOption = Annotated[
    str | None,
    typer.Option("--audience", help="Only this audience.", autocompletion=completion.audiences),
]


@app.command("import", epilog="Example: dispatch subscribers import readers.csv --audience readers")
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
        bool, typer.Option("--dry-run", help="Say what would come of it, and change nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring people in; who has left stays out. Exits with 2 if a row needs mending."""
    from dispatch.app import open_app
    from dispatch.config.people.subscribers import count_lines, read_audience_files

    with open_app(context.obj) as opened, progress(quiet=as_json) as bar:
        paths = [file] if file else read_audience_files(opened.folder)
        number = 0 if bar.disable else sum(map(count_lines, paths))
        task = bar.add_task("bringing in people", total=number or None)
        with opened.rehearsal() if dry_run else nullcontext(opened) as app:
            reports = [
                app.people.import_file(
                    path, audience, compare=True, progress=lambda done: bar.advance(task, done)
                )
                for path in paths
            ]
        problems = [[*one.file.problems, *one.disagreements] for one in reports]
    for report, found in zip(reports, problems, strict=True):
        for sentence in (*map(str, found), *opened.workspace.unread_audience(report.file.audience)):
            say(sentence, err=True)
    columns: tuple[str, ...] = ("audience", "rows", "new", "faulty", "duplicates")
    if dry_run:
        columns = ("audience", "rows", "new", "changed", "faulty", "duplicates", "kept_out")
    rows = [
        {**_import_row(report, changes=dry_run), "problems": [str(problem) for problem in found]}
        for report, found in zip(reports, problems, strict=True)
    ]
    show("Subscribers", columns, rows, as_json=as_json, empty="no file in subscribers/")
    if dry_run and not as_json:
        for report in reports:
            if report.file.own_columns:
                own = ", ".join(report.file.own_columns)
                say(f"{report.file.shown}: columns of your own: {own}")
        say("dry run: nothing was changed")
    if any(not report.file.readable or report.file.faulty for report in reports):
        raise typer.Exit(2)


def _import_row(report: "ImportReport", *, changes: bool) -> dict[str, object]:
    """What a file brought, for the table and for programs."""
    file = report.file
    row: dict[str, object] = {
        "audience": file.audience,
        "rows": file.people,
        "new": report.new,
        "faulty": file.faulty,
        "duplicates": file.duplicates,
        "kept_out": file.inactive,
        "own_columns": list(file.own_columns),
    }
    return {**row, "changed": report.changed} if changes else row


@app.command("export", epilog="Example: dispatch subscribers export readers > readers.csv")
def export(
    context: typer.Context,
    audience: Annotated[
        str,
        typer.Argument(
            metavar="AUDIENCE|EMAIL",
            help="The audience, or somebody's address.",
            autocompletion=completion.audiences,
        ),
    ],
    to: Annotated[Path | None, typer.Option(help="A file; standard output by default.")] = None,
) -> None:
    """Write everybody who is or was in an audience as CSV, with the state of their consent.

    With an address all that is known of that person, as JSON: for them to have, and to take along.
    """
    if "@" in audience:
        one_record.export_person(context, audience, to)
        return
    from dispatch.app import open_app
    from dispatch.config.people.export_subscribers import write_subscribers
    from dispatch.errors import NotFound
    from dispatch.model.text.suggestions import did_you_mean

    with open_app(context.obj) as opened, opened.store.read() as tx:
        people = [one for _, one in tx.roster.listed(audience=audience)]
        audiences = tx.subscribers.audiences()
    if not people:
        advice = did_you_mean(audience, audiences)
        raise NotFound(f"audience {audience}: nobody is or was in it - {advice}")
    with text_file(to) as file:
        number = write_subscribers(people, file)
    if to is not None:
        say(f"{to}: {number} people written")


@app.command("list", epilog="Example: dispatch subscribers list zoe --audience readers --limit 10")
def list_subscribers(
    context: typer.Context,
    text: TextArgument = "",
    audience: AudienceOption = None,
    state: Annotated[
        str, typer.Option(help="Only this state: active, pending, ended or suppressed.")
    ] = "",
    limit: TableLimitOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show who is or was in an audience, by address.

    With TEXT those who have it in their address or name, in small or capital letters.
    """
    from dispatch.app import open_app

    chosen = {"audience": audience or "", "text": text.strip(), "state": _state(state)}
    most = most_rows(limit, as_json=as_json)
    with open_app(context.obj) as opened, opened.store.read() as tx:
        if audience:
            opened.people.audience(audience)
        rows = (_row(name, one) for name, one in tx.roster.listed(**chosen, limit=most))
        if as_json:
            show_json_lines(rows)
            return
        shown = list(rows)
        number = tx.roster.count(**chosen) if len(shown) == most else len(shown)
    columns = ("audience", "email", "name", "locale", "topics", "state", "consent_source")
    nobody = "nobody like that" if any(chosen.values()) else "nobody yet"
    show("Subscribers", columns, shown, as_json=False, empty=nobody)
    tell_number(len(shown), number)


def _row(audience: str, one: "Subscription") -> dict[str, object]:
    return {
        "audience": audience,
        "email": one.subscriber.email,
        "name": one.subscriber.name,
        "locale": one.subscriber.locale,
        "timezone": one.subscriber.timezone,
        "topics": list(one.subscriber.topics),
        "cadence": one.subscriber.cadence,
        "fields": one.subscriber.fields,
        "state": one.standing,
        "consented_at": one.consent.at,
        "consent_source": one.consent.source,
    }


def _state(word: str) -> str:
    """A state that people may be in; raises NotFound for another word."""
    from dispatch.errors import NotFound
    from dispatch.model.people.subscriber import SUPPRESSED, SubscriptionState
    from dispatch.model.text.suggestions import did_you_mean

    known = [*SubscriptionState, SUPPRESSED]
    if word and word not in known:
        raise NotFound(f"--state {word}: no such state - {did_you_mean(word, known)}")
    return word


@app.command("suppressed", epilog="Example: dispatch subscribers suppressed acme.com")
def list_suppressed(
    context: typer.Context,
    text: TextArgument = "",
    limit: LimitOption = 50,
    as_json: JsonFlag = False,
) -> None:
    """Show the addresses that are never mailed, newest first, also those of nobody here."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened, opened.store.read() as tx:
        found = list(tx.suppressions.listed(text=text.strip(), limit=limit + 1))
    rows = [{"email": one.email, "reason": one.reason, "since": one.since} for one in found]
    columns = ("email", "reason", "since")
    show("Suppressed", columns, rows[:limit], as_json=as_json, empty="no address")
    tell_more(rows, limit, quiet=as_json)


@app.command(epilog="Example: dispatch subscribers end ada@example.org --source 'asked by phone'")
def end(
    context: typer.Context,
    emails: Annotated[list[str], typer.Argument(metavar="EMAIL...", help="The addresses.")],
    source: Annotated[str, typer.Option(help="On whose word, for the record.")] = "the team",
) -> None:
    """End every subscription of a person, or of several; no file brings them back."""
    from dispatch.app import open_app
    from dispatch.pipeline.people.subscribe import end_all_subscriptions
    from dispatch.pipeline.people.suppress import BY_TEAM

    addresses = [checked_address(one) for one in emails]
    with open_app(context.obj) as opened:
        for email in addresses:
            left = end_all_subscriptions(
                email,
                source=BY_TEAM,
                note="" if source == BY_TEAM else source,
                store=opened.store,
                clock=opened.clock,
                endings=opened.tools.endings,
            )
            say(f"{email}: left {', '.join(left)}" if left else f"{email}: had left already")


@app.command(epilog="Example: dispatch subscribers suppress ada@example.org --reason complaint")
def suppress(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="The address.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
) -> None:
    """Never mail an address again, whatever anything else says."""
    from dispatch.app import open_app
    from dispatch.pipeline.people.suppress import suppress_address

    email = checked_address(email)
    with open_app(context.obj) as opened:
        new = suppress_address(
            email,
            reason=reason,
            store=opened.store,
            clock=opened.clock,
            endings=opened.tools.endings,
        )
    say(f"{email}: suppressed" if new else f"{email}: was suppressed already")


@app.command(epilog="Example: dispatch subscribers cadence ada@example.org weekly")
def cadence(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="The address.")],
    choice: Annotated[str, typer.Argument(help="each-post, daily, weekly or monthly; or default.")],
) -> None:
    """Note how often somebody wants what they get, on their own word: no file changes it.

    With `default` it is again what a file says, or else what the campaign gives by default.
    """
    from dispatch.app import open_app
    from dispatch.model.campaigns.cadence import Cadence, read_cadence
    from dispatch.model.text.suggestions import did_you_mean
    from dispatch.pipeline.people.choose_cadence import choose_cadence_of

    email = checked_address(email)
    chosen = read_cadence(choice)
    if chosen is None and choice != "default":
        words = [cadence.value.replace(" ", "-") for cadence in Cadence]
        advice = did_you_mean(choice, [*words, "default"])
        raise typer.BadParameter(f"'{choice}' is no cadence - {advice}")
    with open_app(context.obj) as opened:
        families = opened.workspace.families.values()
        audiences = choose_cadence_of(
            email, chosen, families, store=opened.store, clock=opened.clock
        )
    where = ", ".join(audiences)
    if chosen is None:
        say(f"{email}: has no choice of their own any more, in {where}")
    else:
        say(f"{email}: gets {where} with the cadence '{chosen}' from now on, and misses nothing")
