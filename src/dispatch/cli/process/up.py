"""`dispatch up` and `dispatch worker`: the service, or a part of it, until it is told to stop."""

import socket
from enum import StrEnum
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.output.console import say
from dispatch.cli.output.verbosity import configure_log
from dispatch.cli.process.stopping import stopping_at_signals

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.scheduling.notifications import Notifier
    from dispatch.scheduling.ticker import Ticker
    from dispatch.web.serving.server import WebServer

LISTEN_SECONDS = 1
"""How often the main thread looks whether it has been told to stop: the system may give a signal to
another thread (after SIGCONT it does), and then nothing wakes this one, which has to answer it."""


class Role(StrEnum):
    """What a process does for the service."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Examples: dispatch up --port 8025, dispatch up --role web")(up)
    app.command(epilog="Example: dispatch worker --processes 4")(worker)


def up(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Where the readers' pages listen; DISPATCH_HOST by default.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Their port; DISPATCH_PORT by default.")
    ] = None,
    role: Annotated[
        Role,
        typer.Option(help="What this process does: the pages, all the rest, or both of it."),
    ] = Role.ALL,
) -> None:
    """Poll, compose and deliver on schedule, and serve the readers' pages.

    SIGTERM or Ctrl-C stops it between two hand-overs: nothing is lost, nothing goes out twice.
    Several machines may share the work where the database is PostgreSQL.
    """
    from dispatch import descriptors
    from dispatch.app import open_app

    descriptors.raise_limit()
    stop = Event()
    with stopping_at_signals() as at_signal, open_app(context.obj) as opened:
        at_signal(stop.set)
        configure_log(as_json=opened.settings.log_json, at_length=True)
        settings = opened.settings
        if role is Role.WORKER:
            _work(opened, settings.workers, stop)
            return
        listener = _listen(host or settings.host, settings.port if port is None else port)
        server, thread = _serve(opened, listener, stop)
        where = "http://{}:{}".format(*listener.getsockname())
        say(f"dispatch is up on {where} - stop it with Ctrl-C or SIGTERM", err=True)
        _say_code(opened, where)
        if role is Role.WEB:
            _follow_files(opened, stop)
        else:
            _tick_and_work(opened, settings.workers, stop)
        server.should_exit = True
        thread.join()
    if not server.started:
        raise typer.Exit(1)


def worker(
    context: typer.Context,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes",
            "--threads",
            min=1,
            max=64,
            help="How many processes may send at once; DISPATCH_WORKERS by default. `--threads` is "
            "its old name, and goes with the next version.",
        ),
    ] = None,
) -> None:
    """Poll, compose and deliver like `up`, without the pages: one of many on PostgreSQL."""
    from dispatch import descriptors
    from dispatch.app import open_app

    descriptors.raise_limit()
    stop = Event()
    with stopping_at_signals() as at_signal, open_app(context.obj) as opened:
        at_signal(stop.set)
        configure_log(as_json=opened.settings.log_json, at_length=True)
        _work(opened, processes or opened.settings.workers, stop)


def _work(opened: "App", processes: int, stop: Event) -> None:
    number = f"{processes} process{'es' if processes > 1 else ''}"
    say(f"a worker with up to {number} is up - stop it with Ctrl-C or SIGTERM", err=True)
    _tick_and_work(opened, processes, stop)


def _tick_and_work(opened: "App", processes: int, stop: Event) -> None:
    """Be at work until told to stop, and then until the hand-overs under way have ended."""
    from dispatch.scheduling.notifications import Notifier
    from dispatch.scheduling.workers import Workers

    workers = Workers(opened, processes=processes)
    notifier = Notifier(opened)
    opened.pulse.begin()
    tickers = _tickers(opened, notifier)
    workers.start()
    for one in tickers:
        one.start()
    _wait(stop)
    say("stopping after the hand-over under way", err=True)
    opened.stop()
    for one in tickers:
        one.stop()
    notifier.stop()
    workers.stop()


def _tickers(opened: "App", notifier: "Notifier") -> "list[Ticker]":
    """What is done now and then, each in a thread of its own: what hangs holds up nothing else."""
    from dispatch.pipeline.people.send_reader_mails import EVERY_SECONDS as SOON
    from dispatch.scheduling.accounts import LOOKED_AT_EVERY, look_after_accounts
    from dispatch.scheduling.due import Waiting
    from dispatch.scheduling.feeds import check_links, poll_due, renew_subscriptions
    from dispatch.scheduling.mails import read_bounces, send_review_mails
    from dispatch.scheduling.networks import find_lost_posts
    from dispatch.scheduling.notifications import LOOKED_EVERY
    from dispatch.scheduling.people import work_on_uploads
    from dispatch.scheduling.tick import tick
    from dispatch.scheduling.ticker import EVERY_SECONDS, Ticker

    # Each tick reconciles: what a dead worker held shall not lie there long after its lease.
    every = min(EVERY_SECONDS, opened.tools.lease.total_seconds() / 4)
    waiting = Waiting()
    return [
        Ticker(lambda: work_on_uploads(opened), every_seconds=SOON),
        Ticker(lambda: tick(opened, waiting=waiting), every_seconds=every),
        Ticker(lambda: poll_due(opened)),
        Ticker(lambda: renew_subscriptions(opened)),
        Ticker(lambda: send_review_mails(opened)),
        Ticker(lambda: _write(opened), every_seconds=SOON),
        Ticker(lambda: check_links(opened)),
        Ticker(lambda: read_bounces(opened)),
        Ticker(lambda: find_lost_posts(opened)),
        Ticker(lambda: look_after_accounts(opened), every_seconds=LOOKED_AT_EVERY),
        Ticker(notifier.look, every_seconds=LOOKED_EVERY),
    ]


def _follow_files(opened: "App", stop: Event) -> None:
    """Go by schedules.yaml as it is, until told to stop: pages and hooks are of its channels."""
    from dispatch.scheduling.tick import read_files_again
    from dispatch.scheduling.ticker import Ticker

    reader = Ticker(lambda: read_files_again(opened))
    reader.start()
    _wait(stop)
    reader.stop()


def _write(opened: "App") -> None:
    """Write to people who wait for it: readers and the team, about their own affairs."""
    from dispatch.scheduling.mails import send_reader_mails, send_team_mails

    send_team_mails(opened)
    send_reader_mails(opened)


def _wait(stop: Event) -> None:
    while not stop.wait(LISTEN_SECONDS):
        pass


def _say_code(opened: "App", where: str) -> None:
    """Say how the first owner joins, as long as there is nobody; only who reads this may."""
    from urllib.parse import urlsplit

    from dispatch.errors import DispatchError

    try:
        code = opened.signing_in.code_for_first_owner()
    except DispatchError:
        return  # the pages say what is wrong with the database
    if code:
        path = urlsplit(opened.workspace.publisher.public_url).path.rstrip("/")
        say("nobody is in the team yet: become its owner at", err=True)
        say(f"  {where}{path}/team/first with the code {code}", err=True)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else happens; says why it cannot, and exits with 1."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        say(f"{host}:{port}: cannot listen there ({reason}) - choose another", err=True)
        raise typer.Exit(1) from error


def _serve(opened: "App", listener: socket.socket, stop: Event) -> "tuple[WebServer, Thread]":
    """Serve the pages in a thread, where uvicorn leaves the signals to us."""
    from dispatch.web.routes import new_web
    from dispatch.web.serving.server import WebServer
    from dispatch.web.team.warm import warm_up

    server = WebServer(new_web(opened), listener)

    def serve() -> None:
        try:
            server.run()
        finally:
            stop.set()

    thread = Thread(target=serve, name="web")
    thread.start()
    warm_up(opened)
    return server, thread
