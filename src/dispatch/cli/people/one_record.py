"""`dispatch subscribers proof`, `export EMAIL` and `erase`: one person's record, and its end."""

from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.arguments import By, checked_address
from dispatch.cli.output.console import json_text, say, text_file

Address = Annotated[str, typer.Argument(metavar="EMAIL", help="The address.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dispatch subscribers proof ada@example.org --out proof.md")(proof)
    app.command(epilog="Example: dispatch subscribers erase ada@example.org --yes")(erase)


def proof(
    context: typer.Context,
    email: Address,
    out: Annotated[Path | None, typer.Option(help="A file; standard output by default.")] = None,
    language: Annotated[
        str, typer.Option(help="Its language, such as fr; that of the workspace by default.")
    ] = "",
) -> None:
    """Write down why somebody is written to, for them or for an authority, as Markdown.

    With all that they said and when, the texts that they agreed to, and what is kept of it.
    """
    from dispatch.app import open_app

    email = checked_address(email)
    with open_app(context.obj) as opened:
        text = opened.people.prove(email, language=language)
    with text_file(out) as file:
        file.write(text)
    if out is not None:
        say(f"{out}: written")


def export_person(context: typer.Context, email: str, to: Path | None) -> None:
    """Write all that is known of somebody."""
    from dispatch.app import open_app

    email = checked_address(email)
    with open_app(context.obj) as opened:
        found = opened.people.export(email)
    with text_file(to) as file:
        file.write(json_text(found))
    if to is not None:
        say(f"{to}: written")


def erase(
    context: typer.Context,
    email: Address,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; nothing brings it back.")] = False,
    source: Annotated[
        str, typer.Option(help="On whose word, for the record; name nobody.")
    ] = "the team",
    by: By = "",
) -> None:
    """Erase one person for ever: name, address, and all that is known of them.

    No file brings them back. What was sent stays counted. They may join again by themselves.
    """
    from dispatch.app import open_app
    from dispatch.errors import BadInput
    from dispatch.model.people.subscriber import noted_by
    from dispatch.model.text.plain_text import one_line

    email = checked_address(email)
    if "@" in source:
        raise BadInput(["--source: names somebody, and stays - say it without an address"])
    ground = noted_by(one_line(source) or "the team", one_line(by))
    with open_app(context.obj) as opened:
        opened.people.find_to_erase(email)
        if not yes:
            advice = "export or prove it before; then say --yes"
            raise BadInput([f"{email}: nothing brings back what is erased - {advice}"])
        erased = opened.people.erase(email, source=ground, by=one_line(by))
    say(
        f"{email}: erased as {erased.number}; subscriptions that ended: {erased.subscriptions},"
        f" deliveries that name nobody any more: {erased.deliveries}"
    )
    say("copies of the database and mails in an outbox folder still have them", aside=True)
