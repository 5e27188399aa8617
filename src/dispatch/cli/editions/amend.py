"""`dispatch editions amend`: a correction of what an edition says on the web and on networks."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import By, own_snippet
from dispatch.cli.output.console import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.model.delivery.correction import Corrected
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
    note: Annotated[
        str, typer.Option(help="What was wrong, for readers of its page: needed where it has one.")
    ] = "",
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
    snippet: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHANNEL[:POST]=TEXT",
            help="What a network says instead of what the template makes.",
        ),
    ] = None,
    repost: Annotated[
        bool,
        typer.Option("--repost", help="Delete and post again what cannot be edited there."),
    ] = False,
    not_there: Annotated[
        bool,
        typer.Option(
            "--not-there",
            help="With --repost: post again also where an answer was lost. Look there first.",
        ),
    ] = False,
    by: By = "",
) -> None:
    """Correct an edition that has gone out, where it is read on the web and on networks.

    Its page says when and why. Posts on networks are edited where that is possible, and you are
    told of each that has to change. Without a correction, those are tried again that say something
    else yet. What was mailed, and what was approved, stays as it is.
    """
    from dispatch.app import open_app
    from dispatch.model.delivery.correction import DONE, Came, Repost
    from dispatch.pipeline.archive.amend import Corrections, amend_edition

    if not_there and not repost:
        raise typer.BadParameter("--not-there: says with --repost that it is to be posted again")
    corrections = Corrections(
        subject,
        intro,
        _by_post("title", title),
        _by_post("text", text),
        tuple(map(own_snippet, snippet or ())),
    )
    how = Repost.NEVER if not repost else Repost.ANYWAY if not_there else Repost.INSTEAD
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
            takes_of=opened.channels.takes,
        )
        found, amendment = amended.edition, amended.amendment
        if amendment and amended.page and amendment.is_of_page:
            say(f"edition {found.id[:8]} is corrected on its page: {amendment.told}")
            page = f"/archive/{found.campaign}/{amended.page}"
            say(f"{opened.workspace.publisher.public_url}{page}", aside=True)
        left = same = 0
        for one in opened.delivery.correct(found.id, by=by, repost=how):
            left += one.came not in DONE
            same += one.came is Came.SAME
            if one.came is not Came.SAME:
                say(told(one), err=one.came not in DONE)
        if same:
            say(f"on networks, {same} {'says' if same == 1 else 'say'} so already")
    if left:
        raise typer.Exit(1)


def told(one: "Corrected") -> str:
    """What came of a post on a network, in a sentence."""
    from dispatch.model.delivery.correction import Came

    because = f": {one.problem}" if one.problem else ""
    where = f": {one.address}" if one.address else " in the account"
    instead = ", or amend with --repost" if one.can_delete else ""
    by_hand = f"delete it by hand{where}{instead}"
    sentence = {
        Came.SAME: "says so already",
        Came.EDITED: f"edited{where if one.address else ''}",
        Came.REPOSTED: f"deleted and posted again{where if one.address else ''}",
        Came.FIXED: f"cannot be edited there - {by_hand}",
        Came.DELETED: f"deleted, and not posted again{because} - amend with --repost",
        Came.REFUSED: f"was not edited{because} - {by_hand}",
        Came.FAILED: f"stays as it was{because}",
        Came.UNKNOWN: (
            f"nobody knows whether it is there{because}"
            " - look there; where it is not, amend with --repost --not-there"
        ),
    }[one.came]
    return f"{one.channel}, {one.title}: {sentence}"


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
        where = "on the web" if one.is_of_page else "on networks"
        note = f" ({one.note})" if one.note else ""
        say(f"corrected {where}, {day}, by {one.by}: {one.told}{note}")


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
