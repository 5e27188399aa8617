"""`dispatch runs`: what each firing of a campaign came to, and why."""

from typing import Annotated

import typer

from dispatch.cli.output import JsonFlag, show

app = typer.Typer(help="See what runs came to, and why.", no_args_is_help=True)


@app.command("list", epilog="Example: dispatch runs list --campaign weekly")
def list_runs(
    context: typer.Context,
    campaign: Annotated[str | None, typer.Option(help="Only this campaign.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 20,
    as_json: JsonFlag = False,
) -> None:
    """Show the last runs, newest first: the edition each made, or why there is none."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        if campaign:
            opened.campaign(campaign)
        with opened.store.read() as tx:
            found = tx.runs.latest(campaign, limit=limit)
    rows = [
        {
            "run": run.id,
            "campaign": run.campaign,
            "slot": run.slot,
            "moment": run.moment,
            "edition": run.edition_id[:8] if run.edition_id else None,
            "skipped": run.skipped,
        }
        for run in found
    ]
    columns = ("run", "campaign", "slot", "edition", "skipped")
    show("Runs", columns, rows, as_json=as_json, empty="none yet")


@app.command("show", epilog="Example: dispatch runs show 12")
def show_run(
    context: typer.Context,
    run: Annotated[int, typer.Argument(help="The run's number.")],
    as_json: JsonFlag = False,
) -> None:
    """Show for each post that a run looked at whether it was in, and why."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened, opened.store.read() as tx:
        rows = [
            {"post": title, "in": included, "why": reason}
            for title, included, reason in tx.runs.reasons(run)
        ]
    empty = "it looked at none, or is not known - see 'dispatch runs list'"
    show("Posts", ("post", "in", "why"), rows, as_json=as_json, empty=empty)
