"""`dispatch runs`: the run log, which tells of each slot what became of it, and why."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import check_order, day
from dispatch.cli.campaigns.run_rows import run_row
from dispatch.cli.output.console import JsonFlag, json_line, say, show, show_json, text_file
from dispatch.cli.output.lists import LimitOption, tell_more
from dispatch.cli.output.verbosity import verbosity

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.model.editions.run import Run

app = typer.Typer(help="See what became of each slot, and why; export that.", no_args_is_help=True)
CampaignOption = Annotated[
    str | None, typer.Option(help="Only this campaign.", autocompletion=completion.campaigns)
]


@app.command("list", epilog="Example: dispatch runs list --campaign weekly")
def list_runs(
    context: typer.Context,
    campaign: CampaignOption = None,
    limit: LimitOption = 20,
    as_json: JsonFlag = False,
) -> None:
    """Show the last runs, newest first: what happened, or why nothing did."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        if campaign:
            opened.campaign(campaign)
        with opened.store.read() as tx:
            found = tx.runs.latest(campaign, limit=limit + 1)
        now = opened.clock()
    if as_json:
        show_json([run_row(run, now) for run in found[:limit]])
        return
    rows = [
        {
            "run": run.id,
            "campaign": run.campaign,
            "slot": _slot(run, beside=opened.workspace.publisher.timezone),
            "what_happened": run.sentence(now),
        }
        for run in found[:limit]
    ]
    columns = ("run", "campaign", "slot", "what_happened")
    show("Runs", columns, rows, as_json=False, empty="none yet")
    tell_more(found, limit, quiet=False)


@app.command("show", epilog="Example: dispatch runs show 12")
def show_run(
    context: typer.Context,
    run: Annotated[int, typer.Argument(help="The run's number.")],
    as_json: JsonFlag = False,
) -> None:
    """Show one run: what happened, and for each post why it was in or out."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        with opened.store.read() as tx:
            found = tx.runs.get(run)
        now = opened.clock()
    if as_json:
        show_json(run_row(found, now))
        return
    verbosity().tell_whole()
    started = "by hand" if found.manual else "by schedule"
    say(f"Run {found.id} of {found.campaign} for {_slot(found)}, {started}")
    say(found.sentence(now))
    rows = [
        {"post": post.id, "feed": post.feed, "title": post.title, "in": post.included,
         "why": post.why}
        for post in found.posts or ()
    ]  # fmt: skip
    columns = ("post", "feed", "title", "in", "why")
    show("Posts", columns, rows, as_json=False, empty="it decided about none")
    for reason, number in found.never_used.items():
        say(f"and {number} that it never uses: {reason}")


@app.command(epilog="Example: dispatch runs export --from 2026-01-01 --output runs.jsonl")
def export(
    context: typer.Context,
    campaign: CampaignOption = None,
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            parser=day,
            metavar="<day>",
            help="Slots from this day on, by their clock.",
        ),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", parser=day, metavar="<day>", help="Slots until this day's end."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="A file, written as a whole or not at all; standard output by default."),
    ] = None,
) -> None:
    """Write the run log as JSON, a line for each run, in the order in which they started.

    The fields are in docs/reference/run-log.md. A campaign may be one of before, which
    schedules.yaml does not have any more.
    """
    from dispatch.app import open_app
    from dispatch.pipeline.editions.export_runs import export_runs

    check_order(first, last)
    with open_app(context.obj) as opened:
        if campaign:
            _check_known(opened, campaign)
        found = export_runs(
            store=opened.store,
            campaign=campaign,
            first=first.date() if first else None,
            last=last.date() if last else None,
        )
        now = opened.clock()
        lines = (json_line(run_row(run, now)) for run in found)
        with text_file(output) as file:
            number = sum(1 for line in lines if file.write(line))
    if output is not None:
        say(f"{output}: runs written: {number}")


def _check_known(opened: "App", campaign: str) -> None:
    """Raise NotFound for a campaign that neither the file nor the log has."""
    with opened.store.read() as tx:
        if not tx.runs.latest(campaign, limit=1):
            opened.campaign(campaign)


def _slot(run: "Run", *, beside: str = "") -> str:
    """The slot by the clock on the wall, and whose clock: left out where it is `beside`'s."""
    zone = "" if run.timezone == beside else f" {run.timezone}"
    return f"{run.local:%Y-%m-%d %H:%M}{zone}"
