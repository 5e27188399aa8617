"""`dispatch editions amend`: a correction of what the page of an edition says."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import By
from dispatch.cli.output.console import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.model.editions.amendment import Amendment


def register(app: typer.Typer) -> None:
    """Add the command to the noun `editions`."""
    app.command(epilog="Example: dispatch editions amend 4f2a --title 7='Spring' --note 'a typo'")(
        amend
    )


def amend(
    context: typer.Context,
    edition: Annotated[
        str,
        typer.Argument(
            help="The edition's id, or its beginning.", autocompletion=completion.editions
        ),
    ],
    note: Annotated[str, typer.Option(help="What was wrong, for its readers.")],
    subject: Annotated[str | None, typer.Option(help="The subject.")] = None,
    intro: Annotated[str | None, typer.Option(help="What it says first of all.")] = None,
    title: Annotated[
        list[str] | None, typer.Option(metavar="POST=TEXT", help="The title of a post.")
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option(
            metavar="POST=TEXT", help="All that a post says; an empty line begins a paragraph."
        ),
    ] = None,
    by: By = "",
) -> None:
    """Correct an edition that has gone out, where it is read on the web.

    Its page says when and why. What was sent, and what was approved, stays as it is.
    """
    from dispatch.app import open_app
    from dispatch.pipeline.archive.amend import Corrections, amend_edition

    corrections = Corrections(subject, intro, _by_post("title", title), _by_post("text", text))
    with open_app(context.obj) as opened:
        amended = amend_edition(
            edition,
            corrections,
            note=note,
            by=by,
            campaigns=opened.workspace.campaigns,
            store=opened.store,
            clock=opened.clock,
            renderer=opened.tools.trials,
        )
        publisher = opened.workspace.publisher
    found = amended.edition
    say(f"edition {found.id[:8]} is corrected on its page: {amended.amendment.told}")
    say(f"{publisher.public_url}/archive/{found.campaign}/{amended.page}", aside=True)


def amendment_row(amendment: "Amendment") -> dict[str, object]:
    """A correction, as JSON shows it."""
    return {
        "at": amendment.at,
        "by": amendment.by,
        "note": amendment.note,
        "changes": amendment.changes,
    }


def tell_amendments(amendments: "Iterable[Amendment]") -> None:
    """Each in a line, where the edition is shown."""
    for one in amendments:
        day = f"{one.at:%Y-%m-%d %H:%M} UTC"
        say(f"corrected on the web, {day}, by {one.by}: {one.told} ({one.note})")


def _by_post(what: str, said: list[str] | None) -> dict[int, str]:
    found: dict[int, str] = {}
    for one in said or ():
        post, equals, text = one.partition("=")
        number = post.strip()
        if not equals or not (number.isascii() and number.isdigit()):
            raise typer.BadParameter(f"--{what}: write POST=TEXT, such as 7='All about spring'")
        if int(number) in found:
            raise typer.BadParameter(f"--{what}: names post {number} twice - say it once")
        found[int(number)] = text
    return found
