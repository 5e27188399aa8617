"""`dispatch feeds`: ask them what is new, and see how they are."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.output import JsonFlag, show

if TYPE_CHECKING:
    from dispatch.pipeline.poll import PollReport

app = typer.Typer(help="Poll the feeds and see how they are.", no_args_is_help=True)


@app.command(epilog="Example: dispatch feeds poll blog")
def poll(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Feeds; all by default.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Ask feeds what is new, now. Exits with 1 if one of them cannot be read."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        opened.check_feeds(names or ())
        reports = list(opened.poll(names or opened.workspace.feeds))
    show("Feeds", POLL_COLUMNS, map(poll_row, reports), as_json=as_json, empty="none configured")
    if any(report.problem for report in reports):
        raise typer.Exit(1)


POLL_COLUMNS = ("feed", "new", "older", "edited", "known", "notes")


def poll_row(report: "PollReport") -> dict[str, object]:
    """One poll as a row: numbers of posts, and what there is to say."""
    return {
        "feed": report.feed,
        "new": report.kept.new,
        "older": report.kept.backlog,
        "edited": report.kept.revised,
        "known": report.kept.known,
        "unchanged": report.unchanged,
        "problem": report.problem,
        "notes": report.problem or ("unchanged" if report.unchanged else "; ".join(report.notes)),
    }


@app.command("list", epilog="Example: dispatch feeds list --json")
def list_feeds(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Show each feed: how many posts, when it was polled, what is wrong."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened, opened.store.read() as tx:
        counts = tx.posts.counts()
        memories = [
            tx.feeds.memory(feed.name, feed.url) for feed in opened.workspace.feeds.values()
        ]
    rows = [
        {
            "feed": memory.name,
            "title": memory.title,
            "address": memory.address,
            "posts": counts.get(memory.name, 0),
            "last_success": memory.succeeded_at,
            "next_poll": memory.next_poll_at,
            "failures": memory.failures,
            "problem": memory.problem,
        }
        for memory in memories
    ]
    columns = ("feed", "title", "address", "posts", "last_success", "next_poll", "problem")
    show("Feeds", columns, rows, as_json=as_json, empty="none configured")
