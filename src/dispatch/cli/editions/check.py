"""`dispatch editions check`: what stops an edition, what to look at, what is fine."""

from typing import Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.output.console import say


def register(app: typer.Typer) -> None:
    """Add the command to the noun `editions`."""
    app.command(epilog="Example: dispatch editions check 4f2a")(check)


def check(
    context: typer.Context,
    edition: Annotated[
        str,
        typer.Argument(
            help="The edition's id, or its beginning.", autocompletion=completion.editions
        ),
    ],
) -> None:
    """Look at an edition before it is approved: the same as its page does.

    What stops it has to be put right before anybody can approve it; then the exit code is 1.
    """
    from dispatch.app import open_app
    from dispatch.model.editions.finding import stops
    from dispatch.web.team.checks import sentences
    from dispatch.web.team.times import Times
    from dispatch.words.catalogues import team_words_in

    with open_app(context.obj) as opened:
        with opened.store.read() as tx:
            found = tx.editions.get(edition)
        findings = opened.editions.check(found)
        sentence = team_words_in()
        times = Times(sentence, opened.zone, opened.clock())
    for one in sentences(findings, sentence, times):
        say(f"{sentence(f'checks.kind_{one.kind}')} {one.text}{f' - {one.do}' if one.do else ''}")
    if stops(findings):
        raise typer.Exit(1)
