"""`dispatch check`, `dispatch schema`: the files of a workspace."""

from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from dispatch.cli.campaigns.show import next_runs, show_next_runs
from dispatch.cli.output.console import JsonFlag, say, show_json
from dispatch.cli.output.verbosity import verbosity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.errors import Problem


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dispatch check")(check)
    app.command(epilog="Example: dispatch schema > schedules.schema.json")(schema)


def check(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Check every file and show the next five runs. Exits with 2 on a problem.

    JSON has `ok`, a `summary`, and `problems` as sentences. In `findings` each is in parts: `file`,
    `line`, `key`, `problem`, `advice`, and `severity`, which is `error` or `notice`; what is not
    known is null. `next_runs` are as in the table, and `on_new_posts` has the campaigns that wait
    for posts.
    """
    from dispatch.app import open_app
    from dispatch.errors import BadInput

    problems: Sequence[Problem]
    try:
        with open_app(context.obj) as opened:
            problems = opened.check()
            campaigns = list(opened.workspace.campaigns.values())
            rows = next_runs(campaigns, opened.clock())
    except BadInput as error:
        if not as_json:
            raise
        problems, campaigns, rows = error.problems, [], []
    errors = sum(map(_is_error, problems))
    if as_json:
        show_json(
            {
                "ok": not errors,
                "summary": _in_short(errors, len(problems) - errors),
                "problems": [str(one) for one in problems],
                "findings": [_in_parts(one) for one in problems],
                "next_runs": rows,
                "on_new_posts": {
                    one.name: str(one.new_posts) for one in campaigns if one.new_posts
                },
            }
        )
    else:
        for problem in problems:
            say(str(problem), err=True)
        if not (errors and verbosity().quiet):
            show_next_runs(rows, campaigns)
    if errors:
        raise typer.Exit(2)
    if not as_json:
        say("all files are in order")


def _is_error(problem: "Problem") -> bool:
    from dispatch.config.files.problems import Severity

    return getattr(problem, "severity", Severity.ERROR) is Severity.ERROR


def _in_short(errors: int, notices: int) -> str:
    if not errors and not notices:
        return "all files are in order"
    return f"{errors} to mend, {notices} to look at"


def _in_parts(problem: "Problem") -> dict[str, object]:
    """A problem by its parts; of one that is known as a sentence only, what that shows."""
    place, _, rest = str(problem).partition(": ")
    file, _, line = place.partition(":")
    said, _, advice = rest.partition(" - ")
    return {
        "file": getattr(problem, "file", file),
        "line": getattr(problem, "line", int(line) if line.isdigit() else None),
        "key": getattr(problem, "key", None) or None,
        "problem": getattr(problem, "problem", said),
        "advice": getattr(problem, "advice", advice) or None,
        "severity": "error" if _is_error(problem) else "notice",
    }


def schema() -> None:
    """Print the JSON Schema of schedules.yaml, for editors that complete and check it.

    It knows the options of each provider that is installed.
    """
    from dispatch.channels.find import find_provider, provider_names
    from dispatch.config.schedules.json_schema import json_schema
    from dispatch.errors import NotFound

    options = {}
    for name in provider_names():
        # A plugin may be broken: `dispatch check` says so where it is used.
        with suppress(NotFound):
            options[name] = find_provider(name).Options
    show_json(json_schema(options))
