"""`dispatch feeds`: ask them what is new, and see how they are."""

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.intake.feed_facts import (
    LIST_COLUMNS,
    POST_COLUMNS,
    facts,
    post_row,
    spoken,
    websub_facts,
)
from dispatch.cli.output.console import JsonFlag, progress, say, show, show_json
from dispatch.cli.output.lists import TableLimitOption, TextArgument, most_rows, tell_number

if TYPE_CHECKING:
    from dispatch.pipeline.intake.poll import PollReport

app = typer.Typer(help="Poll the feeds and see how they are.", no_args_is_help=True)


@app.command(epilog="Examples: dispatch feeds poll blog, dispatch feeds poll blog --dry-run")
def poll(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Feeds; all by default.", autocompletion=completion.feeds),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be taken; keep nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Ask feeds what is new, now, even one that is gone. Exits with 1 if one cannot be read.

    With a dry run before the first poll you see how many posts would be news (new) and how many
    would only be known (older), as the feed's `backfill:` says.
    """
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        opened.workspace.check_feeds(names or ())
        asked = list(dict.fromkeys(names or opened.workspace.feeds))
        with (
            opened.rehearsal() if dry_run else nullcontext(opened) as app,
            progress(quiet=as_json) as bar,
        ):
            found = bar.track(app.intake.poll(asked), len(asked), description="polling feeds")
            reports = sorted(found, key=lambda report: asked.index(report.feed))
    show("Feeds", POLL_COLUMNS, map(poll_row, reports), as_json=as_json, empty="none configured")
    if dry_run and not as_json:
        say("dry run: nothing was kept")
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
        "held": report.kept.held,
        "unchanged": report.unchanged,
        "silent": report.silent,
        "problem": report.problem,
        "notes": report.problem or "; ".join(_notes(report)),
    }


def _notes(report: "PollReport") -> "list[str]":
    said = ["unchanged"] if report.unchanged else list(report.notes)
    return [*said, report.silent] if report.silent else said


@app.command("list", epilog="Example: dispatch feeds list --json")
def list_feeds(
    context: typer.Context,
    text: TextArgument = "",
    limit: TableLimitOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show each feed: how many posts, when it was polled and will be, what is wrong.

    With TEXT those that have it in their name or address.
    """
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        wanted = text.strip().casefold()
        every = [
            feed
            for feed in opened.workspace.feeds.values()
            if wanted in feed.name.casefold() or wanted in feed.url.casefold()
        ]
        feeds = every[: most_rows(limit, as_json=as_json)]
        with opened.store.read() as tx:
            counts, memories = tx.posts.counts(), tx.feeds.memories(feeds)
        rows = [
            facts(feed, memory, posts=counts.get(feed.name, 0), now=opened.clock())
            for feed, memory in zip(feeds, memories, strict=True)
        ]
    nothing = "none like that" if wanted else "none configured"
    show("Feeds", LIST_COLUMNS, rows, as_json=as_json, empty=nothing)
    if not as_json:
        tell_number(len(feeds), len(every))


@app.command("show", epilog="Example: dispatch feeds show blog")
def show_feed(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The feed.", autocompletion=completion.feeds)],
    limit: Annotated[int, typer.Option(min=1, help="At most so many posts.")] = 10,
    as_json: JsonFlag = False,
) -> None:
    """Show all about one feed: how it is, when it is polled next and why then, its newest posts."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        opened.workspace.check_feeds([name])
        feed = opened.workspace.feeds[name]
        with opened.store.read() as tx:
            memory = tx.feeds.memory(feed.name, feed.url)
            count = tx.posts.counts().get(name, 0)
            posts = tx.posts.latest(feed=name, limit=limit)
            websub_subscriptions = tx.websub_subscriptions.of(name)
        found = facts(feed, memory, posts=count, now=opened.clock())
        public_url = opened.workspace.publisher.public_url
        found |= websub_facts(
            memory, websub_subscriptions, public_url=public_url, now=opened.clock()
        )
    rows = list(map(post_row, posts))
    if as_json:
        show_json({**found, "latest": rows})
        return
    show(f"Feed {name}", ("fact", "value"), spoken(found), as_json=False)
    show("Newest posts", POST_COLUMNS, rows, as_json=False, empty="none yet")
