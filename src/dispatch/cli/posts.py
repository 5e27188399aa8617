"""`dispatch posts`: what we keep of the feeds."""

from typing import Annotated

import typer

from dispatch.cli.output import JsonFlag, show

app = typer.Typer(help="See the posts that were kept.", no_args_is_help=True)


@app.command("list", epilog="Example: dispatch posts list --feed blog --limit 10")
def list_posts(
    context: typer.Context,
    feed: Annotated[str | None, typer.Option(help="Only this feed.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 50,
    as_json: JsonFlag = False,
) -> None:
    """Show the posts met last, newest first."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        opened.check_feeds([feed] if feed else [])
        with opened.store.read() as tx:
            posts = tx.posts.latest(feed=feed, limit=limit)
    rows = [
        {
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
        }
        for post in posts
    ]
    columns = ("id", "feed", "title", "published", "first_seen", "revision", "news")
    show("Posts", columns, rows, as_json=as_json, empty="none yet - try 'dispatch feeds poll'")
