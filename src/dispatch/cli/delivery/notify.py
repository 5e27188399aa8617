"""`dispatch notify`: the programs elsewhere that are told what happens here."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli.arguments import By
from dispatch.cli.output.console import JsonFlag, say, show, show_json
from dispatch.cli.output.lists import TableLimitOption, most_rows, tell_more

if TYPE_CHECKING:
    from dispatch.model.notify.notification import Notification

app = typer.Typer(help="See programs that are told what happens here.", no_args_is_help=True)

Receiver = Annotated[str, typer.Argument(help="A name below 'notify' in schedules.yaml.")]
MOST = 1000
LARGEST = 2**63 - 1
"""Of the number of a row, so that each database takes it."""


@app.command("list", epilog="Examples: dispatch notify list, dispatch notify list crm --failed")
def list_notifications(
    context: typer.Context,
    receiver: Annotated[
        str, typer.Argument(metavar="[RECEIVER]", help="What this one was told; all of them else.")
    ] = "",
    failed: Annotated[bool, typer.Option("--failed", help="Only what it has not taken.")] = False,
    limit: TableLimitOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show each receiver and how it goes with it, or what one of them was told, newest first."""
    from dispatch.app import open_app
    from dispatch.cli.output.moments import by_clock
    from dispatch.errors import BadInput

    if failed and not receiver:
        raise BadInput(["--failed: goes with a receiver - name one of 'dispatch notify list'"])
    with open_app(context.obj) as opened:
        timezone = opened.workspace.publisher.timezone
        if not receiver:
            rows: list[dict[str, Any]] = [
                {
                    "receiver": one.name,
                    "at": opened.workspace.notify[one.name].host,
                    "state": one.state.value,
                    "reason": one.reason,
                    "failing_since": one.failing_since,
                    "took_last": one.answered_at,
                    "waiting": one.waiting,
                    "failed": one.failed,
                }
                for one in opened.notify.receivers()
                if one.name in opened.workspace.notify
            ]
            shown = rows if as_json else [by_clock(row, timezone) for row in rows]
            columns = list(rows[0]) if rows else ["receiver"]
            empty = "none - name one below 'notify' in schedules.yaml"
            show(f"Receivers (times of {timezone})", columns, shown, as_json=as_json, empty=empty)
            return
        most = most_rows(limit, as_json=as_json) or MOST
        found = opened.notify.page(receiver, limit=most + 1, only_failed=failed)
    columns = ["id", "type", "state", "made_at", "attempts", "due", "status", "reason"]
    rows = [_row(one) for one in found[:most]]
    shown = rows if as_json else [by_clock(row, timezone) for row in rows]
    show(f"Told to {receiver} (times of {timezone})", columns, shown, as_json=as_json)
    tell_more(found, most, quiet=as_json)


@app.command("show", epilog="Example: dispatch notify show 812")
def show_one(
    context: typer.Context,
    number: Annotated[
        int,
        typer.Argument(min=1, max=LARGEST, metavar="ID", help="A number of 'notify list'."),
    ],
    as_json: JsonFlag = False,
) -> None:
    """Show what is said, to the byte, how often it was tried, and the last answer."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        one = opened.notify.get(number)
    row = {**_row(one), "event": one.event, "receiver": one.receiver, "body": one.body}
    if as_json:
        show_json(row)
        return
    say(f"notification {one.id} to {one.receiver}: {one.state}, {_attempts(one)}")
    if one.reason:
        say(f"last it {one.reason}" if one.status else f"last: {one.reason}")
    say(f"webhook-id: {one.event}")
    say(one.body)


@app.command(epilog="Examples: dispatch notify replay 812, dispatch notify replay --failed crm")
def replay(
    context: typer.Context,
    numbers: Annotated[
        list[int] | None,
        typer.Argument(min=1, max=LARGEST, metavar="ID...", help="Numbers of 'notify list'."),
    ] = None,
    failed: Annotated[
        str, typer.Option("--failed", metavar="RECEIVER", help="All that this one has not taken.")
    ] = "",
    by: By = "",
) -> None:
    """Tell something once more, by the name that it had: who has it already passes it over."""
    from dispatch.app import open_app
    from dispatch.errors import BadInput

    if bool(numbers) == bool(failed):
        raise BadInput(["replay: needs numbers, or --failed with a receiver, and not both"])
    with open_app(context.obj) as opened:
        if failed:
            number = opened.notify.replay_failed(failed, by=by)
        else:
            number = opened.notify.replay(numbers or [], by=by)
    say(f"{number} will be told once more")


@app.command(epilog="Example: dispatch notify resume crm")
def resume(context: typer.Context, receiver: Receiver, by: By = "") -> None:
    """Tell a receiver things again that was off, what has waited among them, from now on."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        one = opened.notify.resume(receiver, by=by)
    say(f"receiver {receiver}: is told things again, {one.waiting} wait for it")


@app.command("test", epilog="Example: dispatch notify test crm")
def try_one(context: typer.Context, receiver: Receiver, by: By = "") -> None:
    """Call a receiver now with `test.ping`; exits with 1 where it does not take it."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        made, answer = opened.notify.test(receiver, by=by)
    if answer.took:
        say(f"receiver {receiver}: answered {answer.status}, and has taken {made.event}")
        return
    say(f"receiver {receiver}: {answer.in_full}", err=True)
    raise typer.Exit(1)


@app.command(epilog="Example: dispatch notify send")
def send(context: typer.Context) -> None:
    """Tell all that is due now, once, where neither `up` nor a worker runs."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        took, problems = opened.notify.tell_due()
        waiting = sum(one.waiting for one in opened.notify.receivers())
    say(f"{took} were taken, {waiting} wait")
    for problem in problems:
        say(problem, err=True)
    if problems:
        raise typer.Exit(1)


@app.command(epilog="Example: dispatch notify secret")
def secret() -> None:
    """Print a new secret to sign with; it is kept nowhere."""
    from dispatch.pipeline.notify.sign import new_secret

    typer.echo(new_secret())


def _row(one: "Notification") -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "state": one.state.value,
        "made_at": one.made_at,
        "attempts": one.attempt,
        "due": one.due if one.state.value == "waiting" else None,
        "delivered_at": one.delivered_at,
        "status": one.status,
        "reason": one.reason,
    }


def _attempts(one: "Notification") -> str:
    return "1 attempt" if one.attempt == 1 else f"{one.attempt} attempts"
