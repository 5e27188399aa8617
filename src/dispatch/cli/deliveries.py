"""`dispatch deliveries`: who got what, one row for each recipient."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.output import JsonFlag, show

if TYPE_CHECKING:
    from dispatch.model.delivery import Delivery

app = typer.Typer(help="See who got what.", no_args_is_help=True)


@app.command("list", epilog="Example: dispatch deliveries list --state unknown --limit 100")
def list_deliveries(
    context: typer.Context,
    edition: Annotated[
        str | None, typer.Option(help="Only this edition: its id, or its beginning.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(help="Only this state, such as unknown, failed, refused or suppressed."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 50,
    as_json: JsonFlag = False,
) -> None:
    """Show deliveries, newest edition first."""
    from dispatch.app import open_app
    from dispatch.errors import NotFound
    from dispatch.model.delivery import DeliveryState
    from dispatch.model.text import did_you_mean

    try:
        wanted = DeliveryState(state) if state else None
    except ValueError:
        advice = did_you_mean(state or "", list(DeliveryState))
        raise NotFound(f"--state {state}: no such state - {advice}") from None
    with open_app(context.obj) as opened, opened.store.read() as tx:
        edition_id = tx.editions.get(edition).id if edition else None
        found = tx.deliveries.latest(edition_id=edition_id, state=wanted, limit=limit)
        rows = [_row(delivery) for delivery in found]
    columns = ("edition", "channel", "recipient", "part", "state", "attempt", "reason")
    show("Deliveries", columns, rows, as_json=as_json, empty="none")


def _row(delivery: "Delivery") -> dict[str, object]:
    return {
        "id": delivery.id,
        "edition": delivery.edition_id[:8],
        "channel": delivery.channel,
        "recipient": delivery.recipient,
        "part": delivery.part,
        "state": delivery.state.value,
        "attempt": delivery.attempt,
        "due": delivery.due,
        "reason": delivery.reason,
        "provider_id": delivery.provider_id,
    }
