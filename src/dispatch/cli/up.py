"""`dispatch up`: everything in one process, until it is told to stop."""

import signal
import socket
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.output import say

if TYPE_CHECKING:
    import uvicorn

    from dispatch.app import App

GRACE_SECONDS = 5
"""How long a request under way may take to end when the service stops."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: dispatch up --port 8025")(up)


def up(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Where the readers' pages listen; DISPATCH_HOST by default.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Their port; DISPATCH_PORT by default.")
    ] = None,
) -> None:
    """Poll, compose and deliver on schedule, and serve the unsubscribe page.

    SIGTERM or Ctrl-C stops it between two hand-overs: nothing is lost, nothing goes out twice.
    """
    from dispatch import log
    from dispatch.app import open_app
    from dispatch.scheduling.tick import tick
    from dispatch.scheduling.ticker import Ticker

    with open_app(context.obj) as opened:
        log.configure(as_json=opened.settings.log_json)
        settings = opened.settings
        listener = _listen(host or settings.host, settings.port if port is None else port)
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        server, thread = _serve(opened, listener, stop)
        ticker = Ticker(lambda: tick(opened))
        ticker.start()
        where = "http://{}:{}".format(*listener.getsockname())
        say(f"dispatch is up on {where} - stop it with Ctrl-C or SIGTERM", err=True)
        stop.wait()
        say("stopping after the hand-over under way", err=True)
        opened.stopping.set()
        ticker.stop()
        server.should_exit = True
        thread.join()
    if not server.started:
        raise typer.Exit(1)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else happens; says why it cannot, and exits with 1."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        say(f"{host}:{port}: cannot listen there ({reason}) - choose another", err=True)
        raise typer.Exit(1) from error


def _serve(opened: "App", listener: socket.socket, stop: Event) -> "tuple[uvicorn.Server, Thread]":
    """Serve the pages in a thread, where uvicorn leaves the signals to us."""
    import uvicorn

    from dispatch.web.routes import new_web

    config = uvicorn.Config(
        new_web(opened), log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS
    )
    server = uvicorn.Server(config)

    def serve() -> None:
        try:
            server.run(sockets=[listener])
        finally:
            stop.set()

    thread = Thread(target=serve, name="web")
    thread.start()
    return server, thread
