"""`dispatch editions send`: an approved edition goes out now."""

from typing import Annotated

import typer

from dispatch.cli.campaigns.run import end
from dispatch.cli.campaigns.run_summary import as_json as told_as_json
from dispatch.cli.campaigns.run_summary import tell_borne, tell_deliveries
from dispatch.cli.output.console import JsonFlag, say, show_json
from dispatch.cli.output.verbosity import configure_log, verbosity
from dispatch.cli.process.stopping import stopping_at_signals


def register(app: typer.Typer) -> None:
    """Add the command to the noun `editions`."""
    app.command(epilog="Example: dispatch editions send 4f2a")(send)


def send(
    context: typer.Context,
    edition: Annotated[str, typer.Argument(help="The edition's id, or its beginning.")],
    as_json: JsonFlag = False,
) -> None:
    """Send an approved edition now, or the rest of it, and nothing else.

    What its slot or quiet hours keep back waits for them. One that is late goes out all the same,
    as you ask for it. Exits with 1 if it is not for sending, or a channel or a delivery failed.
    """
    from dispatch.app import open_app
    from dispatch.cli.campaigns.watching import watching
    from dispatch.model.editions.edition import EditionState

    with stopping_at_signals() as at_signal, open_app(context.obj) as opened:
        at_signal(opened.stop)
        configure_log(as_json=opened.settings.log_json, at_length=True)
        with opened.store.read() as tx:
            found = tx.editions.get(edition)
        with watching(opened.folder, quiet=as_json) as watcher:
            report = opened.campaigns.send(found, watcher)
        is_silent = as_json or verbosity().quiet or not report.deliveries
        places = list(opened.channels.outboxes(() if is_silent else found.content.channels))
    if as_json:
        show_json(told_as_json(report))
    else:
        tell_borne(report)
        tell_deliveries(report)
        if found.state is EditionState.FINISHED:
            say(f"edition {found.id[:8]} was finished before - nothing is left to send")
        for sentence in places:
            say(sentence)
    raise typer.Exit(end(report))
