"""`dispatch templates`: those that come with dispatch, for a workspace that is older than them."""

from typing import Annotated

import typer

from dispatch.cli.output.console import say

app = typer.Typer(help="Get templates that come with dispatch.", no_args_is_help=True)


@app.command(epilog="Example: dispatch templates add letter")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="One that comes with dispatch, such as letter.")],
) -> None:
    """Copy a template that comes with dispatch into templates/: a new one, after an upgrade.

    Nothing is written over: where there is a folder by that name, exits with 2.
    """
    from dispatch.config.new_workspace import add_template

    add_template(context.obj, name)
    say(f"templates/{name}: is there now - change it as you like")
