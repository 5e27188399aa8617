"""`dispatch db`: the database's life: look, bring up to date, copy, put back, take over."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.arguments import By
from dispatch.cli.output.console import JsonFlag, say, show_json
from dispatch.errors import BadInput, StoreUnavailable

if TYPE_CHECKING:
    from dispatch.config.process.endings_file import EndingsFile
    from dispatch.config.process.settings import Settings
    from dispatch.pipeline.workspace.restore import TakenOver

app = typer.Typer(
    help="Look after the database: check, upgrade, backup, restore, adopt.", no_args_is_help=True
)

EndingsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--endings", help="A file .dispatch-endings of another machine; may be given several times."
    ),
]


@app.command(epilog="Example: dispatch db check")
def check(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Look at the database and change nothing. Exits with 2 if nothing may be sent over it."""
    from dispatch.config.files.problems import Severity
    from dispatch.config.process.known_database import KnownDatabase
    from dispatch.config.process.settings import check_key
    from dispatch.pipeline.workspace.look_at_database import look_at_database

    check_key(context.obj)
    settings = _settings(context, make_key=False)
    trouble = _own_endings(settings).problem()
    if trouble and trouble.severity is Severity.ERROR:
        raise BadInput([trouble])
    try:
        look = look_at_database(settings.database_url, known=KnownDatabase(settings.state_folder))
    except StoreUnavailable as error:  # nothing can be sent over it
        raise BadInput([error]) from error
    if trouble:
        say(str(trouble), err=True)
    if as_json:
        found = look.found
        show_json(
            {
                "place": found.place,
                "is_there": found.is_there,
                "revision": found.revision,
                "newest": found.newest,
                "flaws": list(found.flaws),
                "sentence": look.sentence,
            }
        )
    else:
        say(look.sentence)
    if look.found.flaws:
        raise typer.Exit(2)


@app.command(epilog="Example: dispatch db upgrade")
def upgrade(context: typer.Context) -> None:
    """Bring the database up to date, as any other command would: while nobody waits for it."""
    from dispatch.store.transactions import Store
    from dispatch.store.upgrades.inspect import inspect

    url = _settings(context, make_key=False).database_url
    before = inspect(url)
    Store(url).close()
    after = inspect(url)
    if before.revision == after.revision:
        say(f"database {after.place}: was up to date (version {after.revision})")
    else:
        was = f"version {before.revision}" if before.is_there else "not there"
        say(f"database {after.place}: is up to date now (version {after.revision}; it was {was})")


@app.command(epilog="Example: dispatch db backup copies/monday.db")
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The copy: a new file.")],
) -> None:
    """Copy the database while it is in use, also in the middle of sending."""
    from dispatch.clock import system_clock
    from dispatch.store.backups.copies import back_up

    size = back_up(_settings(context, make_key=False).database_url, file, now=system_clock())
    say(f"{file}: {size / 1_000_000:.1f} MB - 'dispatch db restore {file}' puts it back")


@app.command(epilog="Example: dispatch db restore copies/monday.db")
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What 'dispatch db backup' has made.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where the database holds something.")
    ] = False,
    endings: EndingsOption = None,
    by: By = "",
) -> None:
    """Put the database back from a copy. What may have gone out since waits for you to decide."""
    from dispatch import ids
    from dispatch.clock import system_clock
    from dispatch.config.process.known_database import KnownDatabase
    from dispatch.config.schedules.load import load_workspace
    from dispatch.model.people.ending import Markers
    from dispatch.pipeline.workspace.restore import restore as put_back

    others = _named(endings)
    workspace, settings = load_workspace(context.obj), _settings(context)
    taken = put_back(
        file,
        settings.database_url,
        workspace.campaigns.values(),
        endings=[_own_endings(settings), *others],
        replace=replace,
        known=KnownDatabase(settings.state_folder),
        markers=Markers(settings.secret_keys),
        clock=system_clock,
        ids=ids.new,
        by=by,
    )
    say(f"the database is that of {taken.made:%Y-%m-%d %H:%M} UTC again" if taken.made else "done")
    _tell(taken)


@app.command(epilog="Example: dispatch db adopt")
def adopt(context: typer.Context, endings: EndingsOption = None, by: By = "") -> None:
    """Say that this database is the right one, though the workspace knows another, or a newer."""
    from dispatch.app import open_app
    from dispatch.config.process.known_database import KnownDatabase
    from dispatch.pipeline.workspace.restore import adopt as take_over

    others = _named(endings)
    with open_app(context.obj) as opened:
        taken = take_over(
            opened.store,
            opened.workspace.campaigns.values(),
            endings=[_own_endings(opened.settings), *others],
            known=KnownDatabase(opened.settings.state_folder),
            markers=opened.tools.markers,
            clock=opened.clock,
            by=by,
        )
    say(f"this workspace sends from database {opened.store.place} from now on")
    _tell(taken)


def _settings(context: typer.Context, *, make_key: bool = True) -> "Settings":
    from dispatch.config.process.settings import load_settings

    return load_settings(context.obj, make_key=make_key)


def _own_endings(settings: "Settings") -> "EndingsFile":
    from dispatch.config.process.endings_file import FILE, EndingsFile

    return EndingsFile(settings.state_folder / FILE)


def _named(others: list[Path] | None) -> "list[EndingsFile]":
    """The files of other machines: one that is not there or not one is said before all else."""
    from dispatch.config.process.endings_file import EndingsFile

    files = [EndingsFile(path) for path in others or []]
    for one in files:
        one.check_there()
    return files


def _tell(taken: "TakenOver") -> None:
    """What was taken in, and the one sentence that says what there is to decide."""
    left = sum(one.subscriptions for one in taken.endings)
    never = sum(one.suppressions for one in taken.endings)
    later = sum(one.absent for one in taken.endings)
    if left or never or later:
        say(f"who has left: {left} subscriptions ended, {never} addresses suppressed; "
            f"{later} are of people who are not in this database")  # fmt: skip
    foreign = sum(one.foreign for one in taken.endings)
    if foreign:
        say(f"{foreign} endings were written with a secret key that is not here - add it to "
            "DISPATCH_OLD_SECRET_KEYS and adopt again", err=True)  # fmt: skip
    unreadable = sum(one.unreadable for one in taken.endings)
    if unreadable:
        say(f"{unreadable} lines of endings cannot be read - take the file from a backup, and adopt"
            " again with it as --endings", err=True)  # fmt: skip
    doubts = taken.doubts
    parts = []
    if doubts.paused and not doubts.deliveries:
        parts.append(
            f"{len(doubts.paused)} editions are paused (dispatch editions resume or cancel)"
        )
    elif doubts.paused:
        parts.append(
            f"{doubts.deliveries} deliveries of {len(doubts.paused)} paused editions are unknown "
            "(dispatch deliveries resolve, then editions resume or cancel)"
        )
    if doubts.reviews:
        parts.append(f"{len(doubts.reviews)} editions wait for approval (dispatch editions list)")
    if doubts.drafts:
        parts.append(
            f"{len(doubts.drafts)} letters are drafts, and may have gone out since "
            "(dispatch editions list)"
        )
    if doubts.posts:
        parts.append(f"{doubts.posts} posts are held (dispatch posts held)")
    if parts:
        say(f"decide what has gone out already and what has not: {'; '.join(parts)}")
    else:
        say("nothing waits for a decision")
