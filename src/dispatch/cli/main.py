"""The command `dispatch`: its nouns, and how errors become sentences and exit codes.

Exit codes: 0 done, 1 something failed, 2 something people wrote is wrong.
"""

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated

# Before pydantic is loaded: it would look through all installed packages for plugins, and has none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

import typer

from dispatch.cli.campaigns import run, runs, simulate
from dispatch.cli.campaigns import show as campaigns
from dispatch.cli.delivery import bounces, channels, deliveries, doctor, events, notify
from dispatch.cli.editions import amend as editions_amend
from dispatch.cli.editions import check as editions_check
from dispatch.cli.editions import preview
from dispatch.cli.editions import send as editions_send
from dispatch.cli.editions import show as editions
from dispatch.cli.intake import feeds, posts
from dispatch.cli.intake import find_feeds as feeds_find
from dispatch.cli.output.group import Group
from dispatch.cli.output.verbosity import (
    Verbosity,
    ask_for_more,
    ask_for_quiet,
    configure_log,
    one_call,
)
from dispatch.cli.people import forms, subscribers, suppressions
from dispatch.cli.process import up
from dispatch.cli.team import people as team
from dispatch.cli.team import tokens
from dispatch.cli.workspace import db, init, templates
from dispatch.cli.workspace import files as workspace
from dispatch.errors import (
    BadInput,
    DispatchError,
    NotFound,
    TemplateFailed,
    UnfitDatabase,
    UnknownDatabase,
)
from dispatch.origin import coming_from
from dispatch.os_errors import OF_A_DISK, in_words
from dispatch.version import __version__

app = typer.Typer(
    name="dispatch",
    help="Newsletters and social posts from your feeds: nobody lost, nobody written to twice.",
    epilog="Start with: dispatch init letters && cd letters && dispatch run weekly",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode=None,
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
)
init.register(app)
workspace.register(app)
run.register(app)
preview.register(app)
simulate.register(app)
doctor.register(app)
up.register(app)
feeds_find.register(feeds.app)
editions_send.register(editions.app)
editions_amend.register(editions.app)
editions_check.register(editions.app)
app.add_typer(campaigns.app, name="campaigns", cls=Group)
app.add_typer(feeds.app, name="feeds", cls=Group)
app.add_typer(posts.app, name="posts", cls=Group)
app.add_typer(runs.app, name="runs", cls=Group)
app.add_typer(editions.app, name="editions", cls=Group)
app.add_typer(deliveries.app, name="deliveries", cls=Group)
app.add_typer(events.app, name="events", cls=Group)
app.add_typer(subscribers.app, name="subscribers", cls=Group)
app.add_typer(forms.app, name="forms", cls=Group)
app.add_typer(suppressions.app, name="suppressions", cls=Group)
app.add_typer(channels.app, name="channels", cls=Group)
app.add_typer(bounces.app, name="bounces", cls=Group)
app.add_typer(notify.app, name="notify", cls=Group)
app.add_typer(team.app, name="people", cls=Group)
app.add_typer(tokens.app, name="tokens", cls=Group)
app.add_typer(templates.app, name="templates", cls=Group)
app.add_typer(db.app, name="db", cls=Group)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dispatch {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="The folder with schedules.yaml.")
    ] = Path(),
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version."),
    ] = False,
    _quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            callback=ask_for_quiet,
            expose_value=False,
            help="Say errors and the last word only.",
        ),
    ] = False,
    _verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            "-v",
            callback=ask_for_more,
            expose_value=False,
            help="Say more: each step, more reasons, where an error comes from.",
        ),
    ] = False,
) -> None:
    """What every command takes."""
    context.obj = workspace
    context.with_resource(coming_from("command line"))
    if not {"-h", "--help"} & set(sys.argv):  # which must be quick
        configure_log()  # until the settings are known


@cache
def command() -> Callable[..., object]:
    """The whole tree of commands; it is made once, which takes longer than most of them."""
    return typer.main.get_command(app)


def _open_streams() -> None:
    """Have all three streams: a file that is opened later would take the place of a closed one."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def main() -> None:
    """Run the command line; the one place where errors become exit codes."""
    _open_streams()
    try:
        with one_call() as asked:
            _call(asked)
    except BadInput as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        sys.exit(2)
    except (NotFound, TemplateFailed, UnfitDatabase, UnknownDatabase) as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except DispatchError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        _drop_output()  # whoever read it has read enough
        sys.exit(1)
    except UnicodeEncodeError:
        garbled = [word for word in sys.argv if not _is_text(word)]
        if not garbled:
            raise  # what people typed is in order, so it is a bug
        shown = ascii(garbled[0]).strip("'")
        typer.echo(f"{shown}: is not text - type it anew, as UTF-8", err=True)
        sys.exit(2)
    except OSError as error:
        if error.filename is None and error.errno not in OF_A_DISK:
            raise  # not about a file, so it is a bug
        _tell_of_a_file(error)
        sys.exit(1)


def _tell_of_a_file(error: OSError) -> None:
    problem, advice = in_words(error)
    typer.echo(f"{error.filename or 'standard output'}: {problem} - {advice}", err=True)
    if error.filename is None:
        _drop_output()


def _drop_output() -> None:
    # What is left of it Python would try to write at exit, and complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _call(asked: Verbosity) -> None:
    try:
        command()(prog_name="dispatch")
    except DispatchError as error:
        asked.end()
        if asked.verbose:
            from dispatch.cli.output.origin import tell_origin

            tell_origin(error)
        raise
    finally:
        asked.end()


def _is_text(word: str) -> bool:
    # Python keeps bytes of the command line that are no characters as halves of some.
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True
