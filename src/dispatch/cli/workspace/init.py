"""`dispatch init`: a new workspace, of samples or of one's own."""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.output.console import say

if TYPE_CHECKING:
    from dispatch.app.start import Started

EXAMPLES = """Examples: dispatch init letters && cd letters && dispatch run weekly, or with your own
blog: dispatch init news --feed blog.example.org --to you@example.org"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(init)


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    feed: Annotated[
        str, typer.Option(help="Your blog: the address of its feed, or of any of its pages.")
    ] = "",
    sender: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="SENDER",
            help="Who writes: 'Acme News <news@example.org>'; without it you do.",
        ),
    ] = "",
    reader: Annotated[
        str, typer.Option("--to", metavar="EMAIL", help="Your own address: the only reader.")
    ] = "",
    smtp: Annotated[
        str,
        typer.Option(metavar="HOST", help="Your mail server, for real mail; into files if absent."),
    ] = "",
) -> None:
    """Make a new workspace with samples, or with your own feed.

    With --feed and --to it has one feed, one campaign and one reader, so that the first run sends
    the newest posts to you. Exits with 1 where no feed is found there; then nothing is made.
    """
    from dispatch.config.new_workspace import new_workspace

    if not (feed or sender or reader or smtp):
        new_workspace(folder)
        say(f"{folder}: ready - try '{_then(folder)}dispatch run weekly'")
        return
    from dispatch.app.start import Wanted, start_workspace
    from dispatch.clock import system_clock

    wanted = Wanted(feed.strip(), sender.strip(), reader.strip(), smtp.strip())
    _tell(start_workspace(folder, wanted, environ=os.environ, clock=system_clock), folder)


def _tell(started: "Started", folder: Path) -> None:
    from dispatch.config.own_workspace import BACKFILL, CAMPAIGN

    own, (taken, *others) = started.workspace, started.feeds
    entries = "1 post" if taken.entries == 1 else f"{taken.entries} posts"
    say(f"feed {own.feed}: {taken.url} ({taken.kind}, {entries})")
    for other in others:
        what = "comments" if other.comments else f"{other.entries} posts"
        say(f"not taken: {other.url} ({what}) - name it with --feed if you meant that one")
    newest = min(BACKFILL, taken.entries)
    what = "its newest post" if newest == 1 else f"its newest {newest} posts"
    if not newest:
        what = "its first posts, of which there are none yet,"
    say(f"campaign {CAMPAIGN}: {what} to {own.reader}, from {own.sender.email}")
    if own.smtp is None:
        say("mail goes into files, in the folder outbox; schedules.yaml says how to send it")
    elif not own.smtp.is_here:
        say("the server's login comes from your shell: export SMTP_USER=... SMTP_PASSWORD=...")
    say(f"{folder}: ready - try '{_then(folder)}dispatch run {CAMPAIGN}'")


def _then(folder: Path) -> str:
    """How to get there, for somebody who copies what stands between our quotes."""
    name = shlex.quote(str(folder))
    if name[:1] == "'" and not set(str(folder)) & set("'\"$`\\!"):
        name = f'"{folder}"'
    return "" if folder.resolve() == Path.cwd() else f"cd {name} && "
