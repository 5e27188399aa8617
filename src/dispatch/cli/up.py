"""`dispatch up`: everything in one process, until it is told to stop."""

import signal
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.output import say

if TYPE_CHECKING:
    import uvicorn

    from dispatch.app import App


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: dispatch up --port 8025")(up)


def up(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Where the readers' pages listen; DISPATCH_HOST by default.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Their port; DISPATCH_PORT by default.")] = None,
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
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        settings = opened.settings
        server, thread = _serve(
            opened, host or settings.host, settings.port if port is None else port, stop
        )
        ticker = Ticker(lambda: tick(opened))
        ticker.start()
        say("dispatch is up - stop it with Ctrl-C or SIGTERM", err=True)
        stop.wait()
        say("stopping after the hand-over under way", err=True)
        opened.stopping.set()
        ticker.stop()
        server.should_exit = True
        thread.join()
    if not server.started:
        raise typer.Exit(1)


def _serve(opened: "App", host: str, port: int, stop: Event) -> "tuple[uvicorn.Server, Thread]":
    """Serve the pages in a thread, where uvicorn leaves the signals to us."""
    import uvicorn

    from dispatch.web.routes import new_web

    config = uvicorn.Config(new_web(opened), host=host, port=port, log_level="warning")
    server = uvicorn.Server(config)

    def serve() -> None:
        try:
            server.run()
        except SystemExit:
            say(f"{host}:{port}: cannot listen there - choose another with --port", err=True)
        finally:
            stop.set()

    thread = Thread(target=serve, name="web")
    thread.start()
    return server, thread
