"""`dispatch bounces`: the mailbox that gets what mail servers send back."""

from typing import TYPE_CHECKING

import typer

from dispatch.cli.output.console import JsonFlag, say, show, show_json

if TYPE_CHECKING:
    from dispatch.pipeline.events.read_mailbox import MailboxReport

app = typer.Typer(help="Read what mail servers have sent back.", no_args_is_help=True)


@app.command(epilog="Example: dispatch bounces read")
def read(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Read the mailbox of `bounces:` now, and say what came of it; `dispatch up` does so by itself.

    Exits with 1 where it cannot be read.
    """
    from dispatch.app import open_app

    reports: list[MailboxReport] = []
    with open_app(context.obj) as opened:
        opened.check_database()
        while report := opened.bounces.read(early=True):
            reports.append(report)
            if not report.more:
                break
            if not as_json:
                _tell(report)
    if as_json:
        show_json([_row(one) for one in reports])
    else:
        _tell(reports[-1])
    if reports[-1].problem:
        raise typer.Exit(1)


@app.command("show", epilog="Example: dispatch bounces show")
def show_mailbox(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Show which mailbox it is, how much of it was read, and what is wrong if anything is."""
    from dispatch.app import open_app
    from dispatch.cli.output.moments import by_clock

    with open_app(context.obj) as opened:
        timezone = opened.workspace.publisher.timezone
        plan, state = opened.bounces.plan, opened.bounces.state()
        channels = opened.bounces.channels()
    rows: list[dict[str, object]] = []
    if plan is not None:
        row: dict[str, object] = {
            "address": plan.address,
            "mailbox": plan.place,
            "channels": ", ".join(channels),
            "looked_into": state.at if state else None,
            "read": state.read if state else 0,
            "understood": state.understood if state else 0,
            "problem": state.problem if state else "",
        }
        rows.append(row if as_json else by_clock(row, timezone))
    columns = ("address", "mailbox", "channels", "looked_into", "read", "understood", "problem")
    empty = "none in schedules.yaml"
    title = f"Mailbox of what comes back (times of {timezone})"
    show(title, columns, rows, as_json=as_json, empty=empty)


def _tell(report: "MailboxReport") -> None:
    if report.read or not report.problem:
        mails = "1 mail" if report.read == 1 else f"{report.read:,} mails"
        told = f", {report.understood:,} of them told something: {report.said}"
        say(f"{report.place}: {mails} read{told if report.read else ''}")
    if report.suppressed:
        say(f"suppressed: {report.suppressed:,} - see 'dispatch suppressions list'")
    if report.strangers:
        say(f"of no delivery of ours: {report.strangers:,}, which are kept and change nothing")
    if report.problem:
        say(report.problem, err=True)


def _row(report: "MailboxReport") -> dict[str, object]:
    return {
        "mailbox": report.place,
        "read": report.read,
        "understood": report.understood,
        "left": report.left,
        "told": dict(report.told),
        "strangers": report.strangers,
        "suppressed": report.suppressed,
        "problem": report.problem,
    }
