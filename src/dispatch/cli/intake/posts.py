"""`dispatch posts`: what we keep of the feeds, and the say over what looks like a repeat."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import By
from dispatch.cli.output.console import JsonFlag, say, show
from dispatch.cli.output.lists import (
    LimitOption,
    TableLimitOption,
    TextArgument,
    most_rows,
    tell_more,
    tell_number,
)

if TYPE_CHECKING:
    from dispatch.model.intake.post import Decision, Post

app = typer.Typer(
    help="See the posts that were kept; release or drop those that are held.", no_args_is_help=True
)
FeedOption = Annotated[
    str | None, typer.Option(help="Only this feed.", autocompletion=completion.feeds)
]
Ids = Annotated[
    list[int] | None, typer.Argument(metavar="ID...", help="The posts' ids.", show_default=False)
]
AllFlag = Annotated[bool, typer.Option("--all", help="All that are held.")]


@app.command("list", epilog="Example: dispatch posts list --feed blog --limit 10")
def list_posts(
    context: typer.Context,
    text: TextArgument = "",
    feed: FeedOption = None,
    limit: LimitOption = 50,
    as_json: JsonFlag = False,
) -> None:
    """Show the posts met last, newest first; with TEXT those with it in their title or link."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        opened.workspace.check_feeds([feed] if feed else [])
        with opened.store.read() as tx:
            posts = tx.posts.latest(feed=feed, text=text.strip(), limit=limit + 1)
    columns = ("id", "feed", "title", "published", "first_seen", "revision", "news", "held")
    show(
        "Posts",
        columns,
        map(_row, posts[:limit]),
        as_json=as_json,
        empty="none like that" if text else "none yet - try 'dispatch feeds poll'",
    )
    tell_more(posts, limit, quiet=as_json)


@app.command("held", epilog="Example: dispatch posts held --feed blog")
def list_held(
    context: typer.Context,
    feed: FeedOption = None,
    limit: TableLimitOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show the posts that look like one from before, and wait for somebody to decide."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        opened.workspace.check_feeds([feed] if feed else [])
        with opened.store.read() as tx:
            posts = tx.posts.held(feed=feed)
    columns = ("id", "feed", "title", "link", "why_held")
    shown = posts[: most_rows(limit, as_json=as_json)]
    show("Held", columns, map(_row, shown), as_json=as_json, empty="no post")
    if not as_json:
        tell_number(len(shown), len(posts))
    if posts and not as_json:
        advice = "'dispatch posts release ID' lets the next edition have it, 'drop' never uses it"
        say(advice, aside=True)


@app.command(epilog="Example: dispatch posts release 12 --by marie")
def release(
    context: typer.Context,
    ids: Ids = None,
    everything: AllFlag = False,
    feed: FeedOption = None,
    by: By = "",
) -> None:
    """Say that held posts are news: the next edition may have them, however long that took."""
    from dispatch.model.intake.post import Decision

    posts = _decide(context, ids, Decision.RELEASED, everything=everything, feed=feed, by=by)
    _say(posts, "released", "the next edition of its campaigns may have it")


@app.command(epilog="Example: dispatch posts drop --feed blog --all")
def drop(
    context: typer.Context,
    ids: Ids = None,
    everything: AllFlag = False,
    feed: FeedOption = None,
    by: By = "",
) -> None:
    """Say that held posts are no news: no edition will have them."""
    from dispatch.model.intake.post import Decision

    posts = _decide(context, ids, Decision.DROPPED, everything=everything, feed=feed, by=by)
    _say(posts, "dropped", "no edition will have it")


def _say(posts: "list[Post]", decided: str, then: str) -> None:
    if not posts:
        say("no post is held")
    for post in posts:
        say(f"post {post.id} is {decided} - {then}")


def _decide(
    context: typer.Context,
    ids: list[int] | None,
    decision: "Decision",
    *,
    everything: bool,
    feed: str | None,
    by: str,
) -> "list[Post]":
    from dispatch.app import open_app
    from dispatch.pipeline.intake.decide_posts import decide_posts

    if bool(ids) == everything or (feed and not everything):
        raise typer.BadParameter("name posts by their ids, or say --all, with --feed if you like")
    with open_app(context.obj) as opened:
        opened.workspace.check_feeds([feed] if feed else [])
        if everything:
            with opened.store.read() as tx:
                ids = [post.id for post in tx.posts.held(feed=feed)]
        return decide_posts(
            ids or [],
            decision,
            by=by,
            store=opened.store,
            clock=opened.clock,
        )


def _row(post: "Post") -> dict[str, object]:
    hold = post.hold
    return {
        "id": post.id,
        "feed": post.feed,
        "title": post.title,
        "link": post.link,
        "authors": list(post.authors),
        "topics": list(post.topics),
        "published": post.published,
        "first_seen": post.first_seen,
        "revision": post.revision,
        "news": not post.backlog,
        "held": post.awaits_decision,
        "why_held": hold.reason if hold else "",
        "held_since": hold.since if hold else None,
        "decision": hold.decision if hold else None,
        "decided_by": hold.by if hold else "",
        "decided_at": hold.at if hold else None,
    }
