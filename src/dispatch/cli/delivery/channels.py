"""`dispatch channels`: the configured accounts, and whether they work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import By
from dispatch.cli.delivery import connect
from dispatch.cli.output.console import JsonFlag, say, show, show_json

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.app import App
    from dispatch.channels.feedback import Feedback
    from dispatch.channels.provider import Account
    from dispatch.pipeline.access.outlook import Access
    from dispatch.store.events.hooks import HookCounts

app = typer.Typer(help="See the channels and whether they work.", no_args_is_help=True)
connect.register(app)


@app.command("list", epilog="Example: dispatch channels list")
def list_channels(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Show each channel and, if it is stopped, why; and how we hear what came later.

    Of one that has a budget, also how much of it is used.
    Where a provider calls us back, that is the address to give to it; events are what it told.
    """
    from zoneinfo import ZoneInfo

    from dispatch.app import open_app
    from dispatch.cli.output.moments import by_clock
    from dispatch.pipeline.delivery.publishing import month_of

    with open_app(context.obj) as opened, opened.store.read() as tx:
        now, feedback, told = opened.clock(), opened.channels.feedback(), tx.hooks.all()
        used = tx.budgets.all_used(month_of(now, ZoneInfo(opened.workspace.publisher.timezone)))
        accesses = {one.channel: one for one in opened.channels.access.outlook()}
        left_over = opened.channels.access.left_over()
        stops = {name: tx.channels.stop(name) for name in opened.workspace.channels}
        rows = [
            {
                "channel": plan.name,
                "provider": plan.provider,
                "stopped": stop is not None,
                "until": stop.until if stop else None,
                "reason": stop.reason if stop else "",
                "budget": plan.posts_per_month,
                "posts_this_month": used.get(plan.name, 0),
                **_access(accesses.get(plan.name)),
                "heard_by": feedback[plan.name].value,
                "hook": opened.channels.hook_address(plan.name),
                **_told(told.get(plan.name)),
            }
            for plan in opened.workspace.channels.values()
            for found in (stops[plan.name],)
            for stop in (found if found and found.is_in_force(now) else None,)
        ]
    if as_json:
        show_json(rows)
        return
    ends = ("access_ends",) if any(row["access_ends"] for row in rows) else ()
    stop = ("stopped", "until", "reason")
    columns = ("channel", "provider", *stop, *ends, "heard_by", "last_event")
    timezone = opened.workspace.publisher.timezone
    shown = [by_clock(row, timezone) for row in rows]
    show(f"Channels (times of {timezone})", columns, shown, as_json=False)
    for row in rows:
        if row["budget"] is not None:
            left = max(0, row["budget"] - row["posts_this_month"])
            budget = f"{row['posts_this_month']} of {row['budget']} posts of this month"
            say(f"channel {row['channel']}: {budget} are used, {left} left", aside=True)
    for row, way in zip(shown, feedback.values(), strict=True):
        _tell_hook(row, way, opened)
    _warn(accesses.values(), now)
    for name in left_over:
        gone = "is not in schedules.yaml any more, and its access is kept"
        say(f"channel {name}: {gone} - dispatch channels disconnect {name}", aside=True)


def _access(access: "Access | None") -> dict[str, Any]:
    """What a person has to renew, and when; None where nothing of it ends."""
    return {
        "access": access.state.value if access else None,
        "access_ends": access.ends if access else None,
    }


def _warn(accesses: "Iterable[Access]", now: "datetime") -> None:
    for one in accesses:
        if one.state.value != "fine":
            say(one.sentence(now), aside=not one.needs_somebody)


def _told(counts: "HookCounts | None") -> dict[str, Any]:
    from dispatch.store.events.hooks import HookCounts

    found = counts or HookCounts("")
    return {
        "last_event": found.last,
        "events": found.events,
        "strangers": found.strangers,
        "turned_away": found.turned_away,
        "turned_away_at": found.turned_away_at,
        "turned_away_for": found.turned_away_for,
    }


def _tell_hook(row: Mapping[str, Any], way: "Feedback", opened: "App") -> None:
    """Where its provider calls, what is missing for that, and which calls were turned away."""
    from dispatch.channels.feedback import Feedback, hook_of, how_to_hear

    name = row["channel"]
    hook = hook_of(opened.workspace.channels[name])
    if way is Feedback.NO_MAILBOX:
        say(how_to_hear(name, way), aside=True)
    if hook is not None:
        to = f"have {row['provider']} call {row['hook']}" if row["hook"] else _NO_ADDRESS
        first = f"set '{hook.option}' in its options, and " if way is Feedback.NO_HOOK else ""
        say(f"channel {name}: {first}{to} - see {hook.source}", aside=not first)
    if row["turned_away"]:
        calls = "1 call was" if row["turned_away"] == 1 else f"{row['turned_away']} calls were"
        last = f"the last one {row['turned_away_at']} for this: {row['turned_away_for']}"
        say(f"channel {name}: {calls} turned away, {last}")


_NO_ADDRESS = "set publisher.public_url, so that it can call"


@app.command(epilog="Example: dispatch channels check mail")
def check(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Channels; all by default.", autocompletion=completion.channels),
    ] = None,
    by: By = "",
    as_json: JsonFlag = False,
) -> None:
    """Talk to each provider and name the account; sends nothing. Exits with 1 if one fails.

    With 2 where one cannot be used as it is written, such as for a secret that is missing.

    Where a service tells it, also show how much it still lets us send, what our access may do and
    when it ends, and what to know of the account; what it says is kept, for pages and for texts.
    Of a channel that signs with DKIM, also show the record that the DNS must have.
    """
    from dispatch.app import open_app
    from dispatch.errors import BadInput, ProviderError
    from dispatch.pipeline.delivery.check_channel import Tried

    code = 1
    rows: list[dict[str, Any]] = []
    with open_app(context.obj) as opened:
        for name in names or opened.workspace.channels:
            try:
                channel = opened.channels.get(name)
            except BadInput as error:
                rows.append(_row(name, problem="; ".join(str(error).splitlines())))
                code = 2
                continue
            record = str(channel.signer.record) if channel.signer else None
            try:
                tried = Tried(channel.account())
            except ProviderError as error:
                tried = Tried(problem=str(error))
            opened.channels.keep_tried(name, tried, by=by)
            rows.append(_row(name, tried.account, problem=tried.problem, record=record))
        now, asked = opened.clock(), {row["channel"] for row in rows}
        accesses = [one for one in opened.channels.access.outlook() if one.channel in asked]
    if as_json:
        show_json(rows)
    else:
        _show_checks(rows)
        _warn(accesses, now)
    if not all(row["works"] for row in rows):
        raise typer.Exit(code)


def _row(
    name: str, account: "Account | None" = None, *, problem: str = "", record: str | None = None
) -> dict[str, Any]:
    return {
        "channel": name,
        "works": account is not None,
        "says": account.name if account else problem,
        "quota": asdict(account.quota) if account and account.quota else None,
        "can": list(account.can) if account else [],
        "ends": account.ends if account else None,
        "max_text": account.max_text if account else None,
        "notes": list(account.notes) if account else [],
        "dkim_record": record,
    }


def _show_checks(rows: Sequence[Mapping[str, Any]]) -> None:
    """A column for quotas only where a service tells one; notes and records below the table."""
    from dispatch.channels.provider import Quota

    told = any(row["quota"] for row in rows)
    columns = ("channel", "works", "says", *(("quota",) if told else ()))
    shown = [{**row, "quota": str(Quota(**row["quota"])) if row["quota"] else ""} for row in rows]
    show("Channels", columns, shown, as_json=False)
    for row in rows:
        if row["can"]:
            say(f"channel {row['channel']} may: {', '.join(row['can'])}")
        if row["ends"]:
            say(f"channel {row['channel']} is let in until {row['ends']:%Y-%m-%d}")
        for note in row["notes"]:
            say(f"channel {row['channel']}: {note}")
        if row["dkim_record"]:
            say(f"channel {row['channel']} signs its mails; the DNS has to say:")
            say(str(row["dkim_record"]))


@app.command(epilog="Example: dispatch channels resume mail")
def resume(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The channel.", autocompletion=completion.channels)],
    by: By = "",
) -> None:
    """Let a stopped channel be used again at once."""
    from dispatch.app import open_app
    from dispatch.pipeline.delivery.resume import resume_channel

    with open_app(context.obj) as opened:
        opened.channels.get(name)
        stopped = resume_channel(name, by=by, store=opened.store, clock=opened.clock)
    say(f"channel {name} {'may be used again' if stopped else 'was not stopped'}")
