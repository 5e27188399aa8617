"""`dispatch feeds find`, `export` and `import`: where feeds come from, and lists of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.output.console import JsonFlag, say, show, show_json, text_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.config.intake.new_feeds import NewFeed
    from dispatch.config.intake.opml import Outline
    from dispatch.config.workspace import Workspace
    from dispatch.feeds.pages.discover import FoundFeed

FIND_COLUMNS = ("address", "title", "kind", "entries", "newest", "feed")


def register(app: typer.Typer) -> None:
    """Add the commands to the noun `feeds`."""
    app.command("find", epilog="Example: dispatch feeds find blog.example.org")(find)
    app.command("export", epilog="Example: dispatch feeds export feeds.opml")(export)
    app.command("import", epilog="Example: dispatch feeds import feeds.opml")(import_feeds)


def find(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="A page of the site, or @name@server.")],
    as_json: JsonFlag = False,
) -> None:
    """Find the feeds of a site, and show the lines for schedules.yaml. Exits with 1 without any.

    Each one shown was fetched and read. YouTube, Mastodon, Bluesky, Reddit, GitHub, Medium,
    Substack, Tumblr, Blogger and WordPress.com are known by their addresses.
    """
    from dispatch.app import open_app

    _check_no_file(address)
    with open_app(context.obj) as opened:
        found = opened.intake.find_feeds(address)
    rows = _rows(found, opened.workspace)
    if as_json:
        show_json(rows)
        return
    show("Feeds found", FIND_COLUMNS, rows, as_json=False)
    new = [row for row in rows if not row["feed"]]
    if not new:
        say("they are all in schedules.yaml already")
        return
    say("Put this into schedules.yaml, and the name into the feeds of a campaign:\n")
    say(f"feeds:\n  {new[0]['line']}")


def _check_no_file(address: str) -> None:
    """Raise BadInput for a file of this machine: on the web is nothing of that name."""
    from dispatch.errors import BadInput

    path = address.removeprefix("file:")
    if address.startswith("file:") or ("://" not in address and Path(path).is_file()):
        advice = f"'dispatch feeds import {path}' adds the feeds of a list (OPML)"
        advice += f", and a feed in the workspace is used with url: file:{path}"
        raise BadInput([f"{path}: is a file, and feeds are looked for on the web - {advice}"])


def export(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A file; standard output by default.")
    ] = None,
) -> None:
    """Write the feeds as OPML, which feed readers can import."""
    from dispatch.app import open_app
    from dispatch.config.intake.opml import Outline, write_opml

    with open_app(context.obj) as opened:
        feeds = list(opened.workspace.feeds.values())
        with opened.store.read() as tx:
            memories = tx.feeds.memories(feeds)
    outlines = [
        Outline(feed.url, feed.title or memory.title or feed.name, memory.link)
        for feed, memory in zip(feeds, memories, strict=True)
        if not feed.url.startswith("file:")
    ]
    text = write_opml(outlines, title="Feeds")
    files = len(feeds) - len(outlines)
    if files:
        say(f"left out: {files} that are files of this workspace, which nobody else has", err=True)
    with text_file(to) as file:
        file.write(text)
    if to is not None:
        say(f"{to}: feeds written: {len(outlines)}")


def import_feeds(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The OPML file that a feed reader has exported.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be added; change nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Add the feeds of an OPML file to schedules.yaml, whose lines all stay as they are.

    Feeds that are there already are skipped. Exits with 2 where the file has some that cannot be
    used; the others are added all the same.
    """
    from dispatch.config.intake.new_feeds import add_feeds
    from dispatch.config.intake.opml import read_opml
    from dispatch.config.schedules.load import load_workspace

    workspace = load_workspace(context.obj)
    opml = read_opml(file)
    new = _new_feeds(opml.outlines, workspace)
    if not dry_run:
        add_feeds(workspace.folder, new)
    for problem in opml.problems:
        say(str(problem), err=True)
    rows = [{"feed": one.name, "title": one.title, "address": one.url} for one in new]
    show("Feeds added", ("feed", "title", "address"), rows, as_json=as_json, empty="none")
    if not as_json:
        known = len(opml.outlines) - len(new)
        say(f"{len(new)} added, {known} were there already, {len(opml.problems)} cannot be used")
        say("dry run: nothing was changed" if dry_run else _what_next(new))
    if opml.problems:
        raise typer.Exit(2)


def _what_next(new: "Sequence[NewFeed]") -> str:
    if not new:
        return "schedules.yaml is as it was"
    return "a feed is used once a campaign in schedules.yaml names it under its feeds:"


def _rows(found: "Sequence[FoundFeed]", workspace: "Workspace") -> list[dict[str, object]]:
    from dispatch.config.intake.feed_names import feed_name, same_address
    from dispatch.config.intake.new_feeds import NewFeed

    known = {same_address(feed.url): feed.name for feed in workspace.feeds.values()}
    rows: list[dict[str, object]] = []
    for feed in found:
        name = feed_name(feed.title, feed.url, taken=workspace.feeds)
        rows.append(
            {
                "address": feed.url,
                "title": feed.title,
                "kind": f"{feed.kind}, comments" if feed.comments else feed.kind,
                "entries": feed.entries,
                "newest": feed.newest,
                "feed": known.get(same_address(feed.url), ""),
                "line": NewFeed(name, feed.url).as_line(),
            }
        )
    return rows


def _new_feeds(outlines: "Sequence[Outline]", workspace: "Workspace") -> "list[NewFeed]":
    from dispatch.config.intake.feed_names import feed_name, same_address
    from dispatch.config.intake.new_feeds import NewFeed

    known = {same_address(feed.url) for feed in workspace.feeds.values()}
    names = set(workspace.feeds)
    new: list[NewFeed] = []
    for outline in outlines:
        address = same_address(outline.url)
        if address in known:
            continue
        name = feed_name(outline.title, outline.url, taken=names)
        known.add(address)
        names.add(name)
        new.append(NewFeed(name, outline.url, outline.title))
    return new
