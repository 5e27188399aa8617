"""`dispatch check`, `dispatch schema`: the files of a workspace."""

import typer

from dispatch.cli.campaigns.show import next_runs, show_next_runs
from dispatch.cli.output.console import JsonFlag, say, show_json


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dispatch check")(check)
    app.command(epilog="Example: dispatch schema > schedules.schema.json")(schema)


def check(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Check every file and show the next five runs. Exits with 2 on a problem."""
    from dispatch.app import open_app
    from dispatch.config.files.problems import Severity

    with open_app(context.obj) as opened:
        problems = opened.check()
        campaigns = opened.workspace.campaigns.values()
        rows = next_runs(campaigns, opened.clock())
    if as_json:
        on_new_posts = {one.name: str(one.new_posts) for one in campaigns if one.new_posts}
        found = {"problems": [str(one) for one in problems], "next_runs": rows}
        show_json({**found, "on_new_posts": on_new_posts})
    else:
        for problem in problems:
            say(str(problem), err=True)
        show_next_runs(rows, campaigns)
    if any(getattr(problem, "severity", Severity.ERROR) is Severity.ERROR for problem in problems):
        raise typer.Exit(2)
    if not as_json:
        say("all files are in order")


def schema() -> None:
    """Print the JSON Schema of schedules.yaml, for editors that complete and check it."""
    from dispatch.config.schedules.json_schema import json_schema

    show_json(json_schema())
