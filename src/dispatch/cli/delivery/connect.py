"""`dispatch channels connect`: a network lets a channel in, after a person has agreed there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import By
from dispatch.cli.output.console import say

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.pipeline.access.consent import Way

PORT = 8026
"""Networks ask for the whole redirect address beforehand, so that the port stays the same."""

WAITS_SECONDS = 600

Name = Annotated[str, typer.Argument(help="The channel.", autocompletion=completion.channels)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dispatch channels connect linkedin --open")(connect)
    app.command(epilog="Example: dispatch channels disconnect linkedin")(disconnect)
    app.command("token-key", epilog="Example: dispatch channels token-key")(token_key)


def connect(
    context: typer.Context,
    name: Name,
    open_it: Annotated[
        bool, typer.Option("--open", help="Open the address in this machine's browser.")
    ] = False,
    port: Annotated[
        int,
        typer.Option(min=0, max=65_535, help="Where we listen on 127.0.0.1; 0 for any free port."),
    ] = PORT,
    paste: Annotated[
        bool,
        typer.Option("--paste", help="Listen nowhere: paste the address that the browser ends at."),
    ] = False,
    redirect: Annotated[
        str,
        typer.Option(
            help="With --paste: where the browser comes back to, as the network knows it.",
            show_default="http://127.0.0.1:PORT/",
        ),
    ] = "",
    by: By = "",
) -> None:
    """Have a network let a channel in: a person agrees there, by OAuth 2 with PKCE.

    What the network gives is kept in the database, encrypted under DISPATCH_TOKEN_KEY, and renewed
    in time. Write the redirect address into the settings of your application there beforehand.
    Exits with 1 if the channel does not work after that.
    """
    from dispatch.app import open_app
    from dispatch.cli.delivery.coming_back import Listener
    from dispatch.errors import BadInput

    if redirect and not paste:
        raise BadInput(["--redirect: nobody listens there - use --paste with it"])
    with open_app(context.obj) as opened:
        opened.channels.plan(name)
        if paste:
            way, address = _set_out(opened, name, redirect or f"http://127.0.0.1:{port}/")
            _lead(address, open_it=open_it)
            _arrive(opened, way, _pasted(way), by=by)
            return
        with Listener(port) as listener:
            way, address = _set_out(opened, name, listener.address)
            _lead(address, open_it=open_it)
            say(f"waiting for the browser at {way.redirect} - stop with Ctrl-C", err=True)
            _arrive(opened, way, listener.wait(way, seconds=WAITS_SECONDS), by=by)


def disconnect(context: typer.Context, name: Name, by: By = "") -> None:
    """Forget what a network gave a channel. The network itself goes on to know of it."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        ended = opened.channels.access.end(name, by=by)
    if ended:
        say(f"channel {name}: its access is forgotten here - end it at the network, too")
    else:
        say(f"channel {name}: nobody had let it in")


def token_key() -> None:
    """Print a new key for DISPATCH_TOKEN_KEY, under which the database keeps access to networks.

    Keep it as you keep passwords, and not beside the database.
    """
    from dispatch.sealing import new_key

    say(new_key())


def _set_out(opened: "App", name: str, redirect: str) -> "tuple[Way, str]":
    way, address = opened.channels.access.way(name, redirect)
    say(f"redirect address, for the application's settings there: {redirect}", aside=True)
    return way, address


def _lead(address: str, *, open_it: bool) -> None:
    say("agree there that the channel may post:")
    say(address)
    if open_it:
        import webbrowser

        webbrowser.open(address)


def _pasted(way: "Way") -> Mapping[str, str]:
    from urllib.parse import parse_qsl, urlsplit

    from dispatch.pipeline.access.consent import MOST, ConsentFailed

    text = typer.prompt("the address that the browser ended at", err=True)
    came = dict(parse_qsl(urlsplit(text.strip()[: 4 * MOST]).query))
    if "state" not in came:
        raise ConsentFailed(
            f"{way.channel}: that address has no answer of the network in it - "
            "paste all of it, as the browser shows it at the end"
        )
    return came


def _arrive(opened: "App", way: "Way", came: Mapping[str, str], *, by: str) -> None:
    check = opened.channels.access.arrive(way, came, by=by)
    name = way.channel
    if check.problem:
        say(f"channel {name}: is let in and does not work: {check.problem}", err=True)
        raise typer.Exit(1)
    can = f", may {', '.join(check.can)}" if check.can else ""
    ends = f", until {check.ends:%Y-%m-%d}" if check.ends else ""
    say(f"channel {name} is {check.account}{can}{ends}")
    with opened.store.read() as tx:
        stop = tx.channels.stop(name)
    if stop is not None and stop.is_in_force(opened.clock()):
        say(f"{stop} - dispatch channels resume {name}")
