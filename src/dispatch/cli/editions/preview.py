"""`dispatch preview` and `dispatch test-send`: look before it goes out."""

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import checked_address
from dispatch.cli.output.console import JsonFlag, say, show
from dispatch.errors import NotFound
from dispatch.private_files import make_private_folder, write_private

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.model.campaigns.campaign import Campaign
    from dispatch.model.editions.edition import EditionContent
    from dispatch.model.people.subscriber import Subscriber
    from dispatch.pipeline.editions.preview import Preview

INDEX = "index.html"
"""The page that shows all that is written beside it."""


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
        str | None,
        typer.Option("--as", help="The subscriber to be, or one to be; a stranger by default."),
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
    """Write the digest and the snippets as one person would get them; sends and keeps nothing.

    The page index.html shows all of them: the digest on a desktop, on a phone, dark and plain, and
    each snippet as its network does, with its length. What does not fit there ends this with 1.

    They are what a run would say now: feeds are polled for that, and people read from files. Where
    a run would say nothing, other posts stand in, and you are told. With --edition, exactly what
    that edition holds: look at it before you approve it.
    """
    from dispatch.app import open_app
    from dispatch.web.preview_page import preview_page

    email = checked_address(email) if email else None
    with open_app(context.obj) as opened:
        told = list[str]()
        if edition is None:
            content, reader, told = rehearsed(opened, opened.campaign(campaign), email)
        else:
            content = opened.editions.show(campaign, edition)
            campaign = campaign if content.letter is None else LETTER
            reader = opened.find_reader(email) if email else None
        if email and reader is None:
            raise NotFound(f"{email}: no such subscriber - see 'dispatch subscribers list'")
        made = opened.editions.preview_alone(content, reader)
        page = preview_page(content, made, opened)
    folder = context.obj / to / campaign
    paths = _write(made, folder, page.html)
    if not as_json:
        # Of many accounts and posts there are many snippets, and the page shows them all.
        snippets = {path.parent for path in paths if path.parent != folder}
        paths = [path for path in paths if path.parent == folder]
        paths += [path / "*.txt" for path in sorted(snippets)]
    show("Preview", ("file",), [{"file": str(path)} for path in paths], as_json=as_json)
    for sentence in told:
        say(sentence, err=as_json)
    if made.digest and not as_json:
        say(f"Subject: {made.digest.subject}")
    for sentence in page.wrong:
        say(sentence, err=True)
    if open_it:
        webbrowser.open((folder / INDEX).absolute().as_uri())
    if page.wrong:
        raise typer.Exit(1)


LETTER = "letter"
"""What stands for the campaign of one that no campaign has made."""


def test_send(
    context: typer.Context,
    campaign: Annotated[
        str, typer.Argument(help="The campaign.", autocompletion=completion.campaigns)
    ],
    address: Annotated[str, typer.Argument(help="Where to send it.")],
) -> None:
    """Send the digest to one address, as its subscriber would get it if there is one.

    It is what a run would say now, as with preview. Nothing else is sent, and nothing is kept.
    """
    from dispatch.app import open_app
    from dispatch.model.delivery.message import Refused

    address = checked_address(address)
    with open_app(context.obj) as opened:
        plan = opened.campaign(campaign)
        opened.check_database()
        content, reader, told = rehearsed(opened, plan, address)
        sent = opened.editions.send_test(plan, content, address, reader)
        places = list(opened.channels.outboxes([sent.channel]))
    stepped_in = [f"channel {sent.channel} steps in"] if sent.passed_over else []
    for sentence in (*told, *sent.passed_over, *stepped_in):
        say(sentence, err=True)
    if isinstance(sent.outcome, Refused):
        say(f"{address}: refused: {sent.outcome.reason}", err=True)
        raise typer.Exit(1)
    say(f"{address}: accepted {sent.outcome.id}".rstrip())
    for sentence in places:
        say(sentence, aside=True)


def rehearsed(
    opened: "App", plan: "Campaign", reader: str | None
) -> "tuple[EditionContent, Subscriber | None, list[str]]":
    """What a run would say now, who is asked for, and what there is to say of that.

    Raises what keeps the texts from being made.
    """
    rehearsal = opened.rehearse(plan, reader=reader or "")
    report, content = rehearsal.report, rehearsal.content
    if content is None:
        raise report.errors[-1]
    told = [f"{plan.title}: {rehearsal.instead}"] if rehearsal.instead else []
    told += [f"a run would stop here: {error}" for error in report.errors]
    if not rehearsal.instead:
        told += [f"feed {one.feed}: {one.problem}" for one in report.polls if one.problem]
    if not content.parts:
        told.append(f"{plan.title}: without any post, as there is no new one (when_empty: send)")
    return content, rehearsal.reader, told


def _write(made: "Preview", folder: Path, page: str) -> list[Path]:
    """Write all of it; gives the files that are for people, and not those that the page frames."""
    from dispatch.web.preview_page import file_of
    from dispatch.web.team.review.previews import framed

    texts: dict[str, str] = {INDEX: page}
    if made.digest is not None:
        texts["views/light.html"] = framed(made.digest.html, dark=False)
        texts["views/dark.html"] = framed(made.digest.html, dark=True)
        texts["subject.txt"] = made.digest.subject + "\n"
        texts["digest.html"] = made.digest.html
        texts["digest.txt"] = made.digest.text
    for channel, snippets in made.snippets.items():
        for number, snippet in enumerate(snippets, start=1):
            texts[file_of(channel, number)] = snippet.whole + "\n"
    for old in (folder / "snippets").glob("*-[0-9][0-9].txt"):
        old.unlink()  # there may have been more of them last time
    paths = []
    for name, text in texts.items():
        path = folder / name
        make_private_folder(path.parent)
        write_private(path, text.encode())  # it may be what one reader gets
        if not name.startswith("views/"):
            paths.append(path)
    return paths
