"""`dispatch events`: what providers told of messages after they took them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import checked_address
from dispatch.cli.delivery.readers import reader_at
from dispatch.cli.output.console import JsonFlag, show, show_json
from dispatch.cli.output.lists import LimitOption, tell_more

if TYPE_CHECKING:
    from dispatch.store.events.told import Told
    from dispatch.store.transactions import Transaction

app = typer.Typer(help="See what providers told later of what they took.", no_args_is_help=True)


@app.command("list", epilog="Example: dispatch events list --recipient ada@example.org")
def list_events(
    context: typer.Context,
    channel: Annotated[
        str, typer.Option(help="Only of this channel.", autocompletion=completion.channels)
    ] = "",
    recipient: Annotated[
        str | None, typer.Option(help="Only of the person who has this address.")
    ] = None,
    strangers: Annotated[
        bool, typer.Option("--strangers", help="Only those about no delivery of ours.")
    ] = False,
    limit: LimitOption = 50,
    as_json: JsonFlag = False,
) -> None:
    """Show events, those that came last first: when it happened, and in the provider's words.

    Those about no delivery of ours are kept and counted, and change nothing. What is told of a
    delivery to somebody who was erased names nobody.
    """
    from dispatch.app import open_app
    from dispatch.cli.output.moments import by_clock
    from dispatch.errors import NotFound
    from dispatch.model.text.suggestions import did_you_mean

    with open_app(context.obj) as opened, opened.store.read() as tx:
        if channel and not (channel in opened.workspace.channels or channel in tx.hooks.all()):
            advice = did_you_mean(channel, opened.workspace.channels)
            raise NotFound(f"channel {channel}: not in schedules.yaml - {advice}")
        if recipient:
            told = _of_reader(recipient, tx, channel, strangers=strangers)[: limit + 1]
        else:
            found = tx.events.latest(channel=channel, strangers=strangers, most=limit + 1)
            told = [one for _, one in found]
        rows = _rows(told[:limit], tx)
        timezone = opened.workspace.publisher.timezone
    if as_json:
        show_json(rows)
        return
    columns = ("at", "channel", "event", "recipient", "edition", "reason")
    show(
        f"Events (times of {timezone})",
        columns,
        [by_clock(row, timezone) for row in rows],
        as_json=False,
        empty="none",
    )
    tell_more(told, limit, quiet=False)


def _of_reader(recipient: str, tx: "Transaction", channel: str, *, strangers: bool) -> "list[Told]":
    """What was told of what somebody was sent, and of their address, the newest first."""
    from dispatch.errors import NotFound
    from dispatch.model.people.subscriber import email_key

    told = tx.events.of_address(email_key(checked_address(recipient)))
    try:
        person = reader_at(recipient, tx)
    except NotFound:
        if not told:
            raise
        strangers = True  # such as who never confirmed
    if not strangers:
        told += tx.events.of_deliveries([one.key for one in tx.received.last(person.id)])
    some = [one for one in told if not channel or one.channel == channel]
    return sorted(some, key=lambda one: one.at, reverse=True)


def _rows(told: "list[Told]", tx: "Transaction") -> list[dict[str, Any]]:
    from dispatch.model.delivery.event import word_of

    ours = tx.events.deliveries(one.delivery for one in told if one.delivery is not None)
    return [
        {
            "at": one.at,
            "received": one.received,
            "channel": one.channel,
            "event": word_of(one.event),
            "recipient": of.recipient or "erased" if of else one.event.recipient,
            "edition": of.edition_id[:8] if of else None,
            "delivery": one.delivery,
            "reason": one.event.reason or one.event.said,
            "said": one.event.said,
            "url": one.event.url,
            "id": one.event_id,
            "provider_id": one.event.provider_id,
        }
        for one in told
        for of in (ours.get(one.delivery or 0),)
    ]
