"""`dispatch init`, `dispatch check`, `dispatch schema`: the files of a workspace."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.output import JsonFlag, say, show, show_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from dispatch.model.campaign import Campaign

NEXT_RUNS = 3


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dispatch init letters && cd letters && dispatch run weekly")(init)
    app.command(epilog="Example: dispatch check")(check)
    app.command(epilog="Example: dispatch schema > schedules.schema.json")(schema)


def init(folder: Annotated[Path, typer.Argument(help="The folder to make.")]) -> None:
    """Make a new workspace with sample feeds, templates and subscribers."""
    from dispatch.config.new_workspace import new_workspace

    new_workspace(folder)
    say(f"{folder}: ready - try 'cd {folder} && dispatch run weekly'")


def check(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Check every file and show the next three runs. Exits with 2 on a problem."""
    from dispatch.app import open_app
    from dispatch.config.problems import Severity

    with open_app(context.obj) as opened:
        problems = opened.check()
        rows = _next_runs(opened.workspace.campaigns.values(), opened.clock())
    if as_json:
        show_json({"problems": [str(one) for one in problems], "next_runs": rows})
    else:
        for problem in problems:
            say(str(problem), err=True)
        show("Next runs", ("campaign", "slot", "utc"), rows, as_json=False, empty="none scheduled")
    if any(getattr(problem, "severity", Severity.ERROR) is Severity.ERROR for problem in problems):
        raise typer.Exit(2)
    if not as_json:
        say("all files are in order")


def schema() -> None:
    """Print the JSON Schema of schedules.yaml, for editors that complete and check it."""
    from dispatch.config.schema import json_schema

    show_json(json_schema())


def _next_runs(campaigns: "Iterable[Campaign]", now: "datetime") -> list[dict[str, object]]:
    from itertools import islice

    from dispatch.model.schedule import slots

    return [
        {"campaign": campaign.name, "slot": slot.key, "utc": slot.moment}
        for campaign in campaigns
        if campaign.schedule
        for slot in islice(slots(campaign.schedule, after=now), NEXT_RUNS)
    ]
