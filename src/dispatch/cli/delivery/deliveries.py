"""`dispatch deliveries`: who got what, one row for each recipient, and the say over the rest."""

import sys
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import By, checked_address
from dispatch.cli.delivery.readers import reader_at
from dispatch.cli.output.console import JsonFlag, say, show, show_json, show_json_lines, text_file
from dispatch.cli.output.lists import LimitOption, tell_more

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from dispatch.model.delivery.state import Delivery, On
    from dispatch.model.delivery.with_later import WithLater
    from dispatch.pipeline.delivery.resolve import Resolved
    from dispatch.store.transactions import Transaction

app = typer.Typer(help="See who got what; send again what went wrong.", no_args_is_help=True)

EditionOption = Annotated[
    str | None,
    typer.Option(
        "--edition",
        help="Only this edition: its id, or its beginning.",
        autocompletion=completion.editions,
    ),
]

E = TypeVar("E", bound=StrEnum)

TABLE_ROWS = 100
"""So many in a table that a person reads."""


class Resolution(StrEnum):
    """What a person may decide about a delivery that may have arrived."""

    RESEND = "resend"
    ACCEPT = "accept"

    @property
    def on(self) -> "On":
        """As the model says it."""
        from dispatch.model.delivery.state import On

        return On.RESENT if self is Resolution.RESEND else On.BELIEVED


@app.command("list", epilog="Example: dispatch deliveries list --state unknown --limit 100")
def list_deliveries(
    context: typer.Context,
    edition: EditionOption = None,
    state: Annotated[
        str | None,
        typer.Option(help="Only this state, such as unknown, failed, refused or suppressed."),
    ] = None,
    later: Annotated[
        str | None,
        typer.Option(help="Only those of which this came later, such as bounced or complained."),
    ] = None,
    recipient: Annotated[
        str | None, typer.Option(help="Only what went to the person who has this address.")
    ] = None,
    limit: LimitOption = 50,
    as_json: JsonFlag = False,
) -> None:
    """Show deliveries, newest edition first: since when each is in its state, and when it is due.

    And what came later of those that were accepted: delivered, deferred, bounced, bounced softly,
    complained or dropped, when, and in whose words. And where people see a post on a network. Times
    are those of the workspace's time zone; in JSON they are in UTC.
    """
    from dispatch.app import open_app
    from dispatch.cli.output.moments import by_clock
    from dispatch.model.delivery.event import Later
    from dispatch.model.delivery.state import DeliveryState
    from dispatch.pipeline.events.look_back import Wanted, wanted_deliveries

    states, came = _one_of(DeliveryState, state, "--state"), _one_of(Later, later, "--later")
    with open_app(context.obj) as opened, opened.store.read() as tx:
        wanted = Wanted(
            edition=tx.editions.get(edition) if edition else None,
            reader=reader_at(recipient, tx) if recipient else None,
            states=states,
            later=came,
        )
        found = wanted_deliveries(wanted, tx, most=limit + 1)
        rows = [_row(one) | {"due": _due(one.delivery, tx)} for one in found[:limit]]
        timezone = opened.workspace.publisher.timezone
    if as_json:
        show_json(rows)
        return
    columns = ("edition", "channel", "recipient", "part", "state", "since", "due", "attempt")
    later_columns = [
        *(("later", "later_at", "later_reason") if any(one.later for one in found) else ()),
        *(("address",) if any(one.address for one in found) else ()),
    ]
    show(
        f"Deliveries (times of {timezone})",
        (*columns, "reason", *later_columns),
        [by_clock(row, timezone) for row in rows],
        as_json=False,
        empty="none",
    )
    tell_more(found, limit, quiet=as_json)


@app.command(epilog="Example: dispatch deliveries missed --edition 4f2a --csv missed.csv")
def missed(
    context: typer.Context,
    edition: EditionOption = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write all of them to this file; - is standard output.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show who did not get it: all that no provider took, or has not taken yet, and why.

    Newest edition first. The table ends after 100; CSV and JSON hold everybody. What was taken and
    came back later is shown by 'deliveries list --later bounced'.
    """
    from dispatch.app import open_app
    from dispatch.model.delivery.state import DeliveryState
    from dispatch.pipeline.events.look_back import with_later

    if csv is not None and as_json:
        raise typer.BadParameter("choose one of --csv and --json", param_hint="--csv")
    with open_app(context.obj) as opened, opened.store.read() as tx:
        only = tx.editions.get(edition) if edition else None
        states = [state for state in DeliveryState if state is not DeliveryState.ACCEPTED]
        found = with_later(tx.deliveries.latest(edition=only, states=states), tx)
        if csv is not None:
            _write(found, csv)
        elif as_json:
            show_json_lines(map(_row, found))
        else:
            _show_beginning(found)


@app.command("retry-failed", epilog="Example: dispatch deliveries retry-failed --edition 4f2a")
def retry(
    context: typer.Context,
    edition: EditionOption = None,
    channel: Annotated[
        str | None, typer.Option(help="Only this channel.", autocompletion=completion.channels)
    ] = None,
    refused: Annotated[
        bool,
        typer.Option("--refused", help="Also what was refused, unless the address is wrong."),
    ] = False,
    by: By = "",
) -> None:
    """Have what failed sent again; it cannot have arrived, so nobody gets it twice.

    So is what was refused because of a limit, or because the account may not send: the reader had
    no part in it. The sending is done by the next run of the campaign, or by `up`.
    """
    from dispatch.app import open_app
    from dispatch.pipeline.delivery.resolve import retry_failed

    with open_app(context.obj) as opened:
        resolved = retry_failed(
            by=by,
            store=opened.store,
            clock=opened.tools.engine_clock(),
            edition_id=edition,
            channel=channel,
            refused=refused,
        )
    _tell_what_goes_out(resolved, none="no delivery has failed")


@app.command("tell-again", epilog="Example: dispatch deliveries tell-again --edition 4f2a")
def tell_once_more(
    context: typer.Context,
    edition: Annotated[
        str,
        typer.Option(
            help="The edition: its id, or its beginning.", autocompletion=completion.editions
        ),
    ],
    key: Annotated[
        list[int] | None, typer.Option("--id", help="Only this delivery, as `list --json` has it.")
    ] = None,
    by: By = "",
) -> None:
    """Have posts go out that were refused because their account was told the same already.

    People see them twice then. The sending is done by the next run of the campaign, or by `up`.
    """
    from dispatch.app import open_app
    from dispatch.pipeline.delivery.tell_again import tell_again

    with open_app(context.obj) as opened:
        resolved = tell_again(
            edition,
            by=by,
            store=opened.store,
            clock=opened.tools.engine_clock(),
            keys=key or None,
        )
    _tell_what_goes_out([resolved], none="nothing was refused as told already")


@app.command(epilog="Example: dispatch deliveries resolve --unknown accept --edition 4f2a")
def resolve(
    context: typer.Context,
    unknown: Annotated[
        Resolution,
        typer.Option(help="Send what is unknown again, or accept that it has arrived."),
    ],
    edition: EditionOption = None,
    recipient: Annotated[str | None, typer.Option(help="Only this address.")] = None,
    by: By = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before sending again.")] = False,
) -> None:
    """Decide about deliveries that may have arrived. Sent again, they may arrive twice.

    The sending is done by the next run of the campaign, or by `up`.
    """
    from dispatch.app import open_app
    from dispatch.pipeline.delivery.resolve import count_unknown, resolve_unknown

    # An account that snippets go to has the name of its channel.
    one = checked_address(recipient) if recipient and "@" in recipient else recipient
    with open_app(context.obj) as opened:
        number = count_unknown(unknown.on, store=opened.store, edition_id=edition, recipient=one)
        if number and unknown is Resolution.RESEND and not yes:
            _ask(number)
        resolved = resolve_unknown(
            unknown.on,
            by=by,
            store=opened.store,
            clock=opened.tools.engine_clock(),
            edition_id=edition,
            recipient=one,
        )
    none = f"{recipient}: no delivery is unknown" if recipient else "no delivery is unknown"
    if unknown is Resolution.RESEND:
        _tell_what_goes_out(resolved, none=none)
        return
    accepted = sum(one.deliveries for one in resolved)
    say(f"{_deliveries(accepted)} now counted as accepted" if accepted else none)


def _one_of(kind: "type[E]", named: str | None, option: str) -> "list[E]":
    """The state that an option names; raises NotFound for another word."""
    from dispatch.errors import NotFound
    from dispatch.model.text.suggestions import did_you_mean

    try:
        return [kind(named)] if named else []
    except ValueError:
        advice = did_you_mean(named or "", list(kind))
        raise NotFound(f"{option} {named}: no such state - {advice}") from None


def _ask(number: int) -> None:
    from dispatch.errors import Conflict

    question = f"{_deliveries(number)} unknown and may have arrived: send a second copy?"
    if sys.stdin is None or not sys.stdin.isatty():  # None: it is closed
        raise Conflict(f"{question} - say --yes if that is meant")
    typer.confirm(question, abort=True)


def _deliveries(number: int) -> str:
    return "1 delivery is" if number == 1 else f"{number} deliveries are"


def _tell_what_goes_out(resolved: "Sequence[Resolved]", *, none: str) -> None:
    from dispatch.model.editions.edition import EditionState
    from dispatch.pipeline.delivery.may_go_out import sent_by

    changed = [one for one in resolved if one.deliveries]
    for one in changed:
        edition = one.edition
        made = edition.id[:8]
        advice = f"'{sent_by(edition)}' or 'dispatch up' sends what is due"
        if edition.state is EditionState.PAUSED:
            advice = f"it is paused, let it go on with 'dispatch editions resume {made}'"
        say(f"edition {made}: {_deliveries(one.deliveries)} waiting again - {advice}")
    for one in resolved:
        if one.doubtful:
            number = _deliveries(one.doubtful)
            say(
                f"edition {one.edition.id[:8]}: {number} refused in words that leave open whether"
                " the address is wrong - '--refused' has them sent again, too"
            )
    if not changed:
        say(none)


def _write(found: "Iterable[WithLater]", to: Path) -> None:
    from dispatch.config.people.export_deliveries import write_deliveries

    output = None if str(to) == "-" else to
    with text_file(output) as file:
        number = write_deliveries(found, file)
    if output is not None:
        say(f"{to}: deliveries written: {number}")


def _show_beginning(found: "Iterator[WithLater]") -> None:
    rows = [_row(one) for one in islice(found, TABLE_ROWS)]
    columns = ("edition", "channel", "recipient", "part", "state", "reason", "since")
    show("Missed", columns, rows, as_json=False, empty="nobody")
    more = sum(1 for _ in found)
    if more:
        say(f"and {more} more - '--csv FILE' writes all of them", aside=True)


def _due(delivery: "Delivery", tx: "Transaction") -> "datetime | None":
    """When it is to go out: later than its batch may, where it is to be tried again."""
    from dispatch.model.delivery.state import DeliveryState

    if delivery.state is not DeliveryState.PENDING:
        return None
    return max(
        filter(None, (delivery.due, tx.batches.due_of(delivery.edition_id, delivery.id))),
        default=None,
    )


def _row(found: "WithLater") -> dict[str, object]:
    delivery = found.delivery
    return {
        "id": delivery.id,
        "edition": delivery.edition_id[:8],
        "channel": delivery.channel,
        "recipient": delivery.recipient or "erased",
        "part": delivery.part,
        "state": delivery.state.value,
        "attempt": delivery.attempt,
        "since": delivery.changed,
        "due": delivery.due,
        "reason": delivery.reason,
        "provider_id": delivery.provider_id,
        "later": found.later.value if found.later else None,
        "later_at": found.at,
        "later_reason": found.reason,
        "address": found.address,
    }
