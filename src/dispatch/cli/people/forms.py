"""`dispatch forms`: the forms by which people join, and how to put them into other sites."""

from typing import Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.output.console import JsonFlag, say, show

app = typer.Typer(help="See the forms by which people join.", no_args_is_help=True)


@app.command("list", epilog="Example: dispatch forms list")
def list_forms(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Show each form: its page, what people join by it, and how they confirm."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        workspace = opened.workspace
    rows = [
        {
            "form": form.name,
            "page": _page(workspace.publisher.public_url, form.name),
            "audiences": list(form.audiences),
            "fields": ["email", *(one.name for one in form.fields)],
            "confirm": form.confirm.value,
            "via": form.via,
        }
        for form in workspace.forms.values()
    ]
    columns = ("form", "page", "audiences", "fields", "confirm", "via")
    show("Forms", columns, rows, as_json=as_json)


@app.command("show", epilog="Example: dispatch forms show newsletter > form.html")
def show_form(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The form.", autocompletion=completion.forms)],
    call: Annotated[
        bool, typer.Option("--json-call", help="Print the call of a script instead.")
    ] = False,
    locale: Annotated[
        str, typer.Option(help="The language of its words.", show_default="the publisher's")
    ] = "",
) -> None:
    """Print the HTML of a form, to be put into any web site; it works without JavaScript.

    What else there is to know goes to the other output, so that a file has the form alone.
    """
    from dispatch.app import open_app
    from dispatch.pipeline.people.show_form import html_to_paste, json_call
    from dispatch.words.catalogues import words_in

    with open_app(context.obj) as opened:
        workspace = opened.workspace
    form = workspace.form(name)
    words = words_in(locale or workspace.publisher.locale)
    printed = json_call(form, workspace) if call else html_to_paste(form, workspace, words)
    typer.echo(printed, nl=False)
    page = _page(workspace.publisher.public_url, form.name)
    say(f"form {name}: its own page is {page}", err=True)
    if call and not form.origins:
        advice = "name the site under origins: if browsers are to call it"
        say(f"form {name}: only servers can call it as it is - {advice}", err=True)
    if not call and not form.returns:
        advice = "name a page of your site under return:"
        say(f"form {name}: leads to a page of ours, and not back - {advice}", err=True)


def _page(public_url: str, name: str) -> str:
    return f"{public_url}/subscribe/{name}"
