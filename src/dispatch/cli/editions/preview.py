"""`dispatch preview` and `dispatch test-send`: look before it goes out."""

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import checked_address
from dispatch.cli.output.console import JsonFlag, say, show
from dispatch.private_files import make_private_folder, write_private

if TYPE_CHECKING:
    from dispatch.pipeline.editions.preview import Preview


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dispatch preview weekly --as ada@example.org --open")(preview)
    app.command("test-send", epilog="Example: dispatch test-send weekly me@example.org")(test_send)


def preview(
    context: typer.Context,
    campaign: Annotated[
        str, typer.Argument(help="The campaign.", autocompletion=completion.campaigns)
    ],
    email: Annotated[
        str | None, typer.Option("--as", help="The subscriber to be; a stranger by default.")
    ] = None,
    edition: Annotated[
        str | None,
        typer.Option(
            help="An edition, by its id; what would go out now by default.",
            autocompletion=completion.editions,
        ),
    ] = None,
    to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("preview"),
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write the digest and the snippets as one person would get them; sends nothing.

    With --edition, exactly what that edition holds: look at it before you approve it.
    """
    from dispatch.app import open_app

    email = checked_address(email) if email else None
    with open_app(context.obj) as opened:
        content = opened.editions.show(opened.campaign(campaign), edition)
        made = opened.editions.preview(content, email)
    folder = context.obj / to / campaign
    rows = [{"file": str(path)} for path in _write(made, folder)]
    show("Preview", ("file",), rows, as_json=as_json)
    if not content.posts and not as_json:
        say(f"{content.title}: without any post, as there is no new one (when_empty: send)")
    if open_it and made.digest:
        webbrowser.open((folder / "digest.html").absolute().as_uri())


def test_send(
    context: typer.Context,
    campaign: Annotated[
        str, typer.Argument(help="The campaign.", autocompletion=completion.campaigns)
    ],
    address: Annotated[str, typer.Argument(help="Where to send it.")],
) -> None:
    """Send the digest to one address, as its subscriber would get it if there is one."""
    from dispatch.app import open_app
    from dispatch.model.delivery.message import Refused

    address = checked_address(address)
    with open_app(context.obj) as opened:
        plan = opened.campaign(campaign)
        outcome = opened.editions.send_test(plan, opened.editions.show(plan), address)
    if isinstance(outcome, Refused):
        say(f"{address}: refused: {outcome.reason}", err=True)
        raise typer.Exit(1)
    say(f"{address}: accepted {outcome.id}".rstrip())


def _write(made: "Preview", folder: Path) -> list[Path]:
    texts: dict[str, str] = {}
    if made.digest is not None:
        texts["subject.txt"] = made.digest.subject + "\n"
        texts["digest.html"] = made.digest.html
        texts["digest.txt"] = made.digest.text
    for channel, snippets in made.snippets.items():
        for number, snippet in enumerate(snippets, start=1):
            texts[f"snippets/{channel}-{number:02}.txt"] = snippet.text + "\n"
    paths = []
    for name, text in texts.items():
        path = folder / name
        make_private_folder(path.parent)
        write_private(path, text.encode())  # it may be what one reader gets
        paths.append(path)
    return paths
