"""`dispatch tokens`: by what programs speak to the API."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.arguments import By
from dispatch.cli.output.console import JsonFlag, say, show
from dispatch.cli.team.people import ROLES, roles_in

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.model.team.api_token import ApiToken

app = typer.Typer(
    help="Look after the tokens by which programs use the API.",
    no_args_is_help=True,
)


@app.command("list", epilog="Example: dispatch tokens list")
def list_tokens(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Also those that hold no more.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show the tokens, whose they are, what they may do, and when each was last used."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        now, tokens = opened.clock(), opened.team.api_tokens()
    rows = [_row(one, now) for one in tokens if every or one.holds(now)]
    columns = ("id", "name", "hint", "roles", "person", "ends", "last_used", "state")
    empty = "none - 'dispatch tokens make' makes one"
    show("Tokens", columns, rows, as_json=as_json, empty=empty)
    soon = sum(one.ends_soon(now) for one in tokens)
    if soon and not as_json:
        say(f"{soon} end within 14 days - make others before then", aside=True)


@app.command(
    epilog='Example: dispatch tokens make "museum screen" --person ada --role viewer --days 90'
)
def make(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What uses it.")],
    person: Annotated[
        str, typer.Option(help="The handle of who it acts for; it may do no more than they.")
    ],
    roles: Annotated[list[str], typer.Option("--role", help=f"{ROLES}; may be repeated.")],
    days: Annotated[int, typer.Option(help="How long it holds: 30, 90 or 365 days.")] = 90,
    by: By = "",
) -> None:
    """Make a token and print it: this once, as only a hash of it is kept."""
    from dispatch.app import open_app

    asked = roles_in(roles)
    with open_app(context.obj) as opened:
        token, secret = opened.team.make_api_token(name, roles=asked, days=days, of=person, by=by)
    say(secret)
    until = f"{token.ends:%Y-%m-%d}"
    told = f"{token.name}: may do what its roles and {person} may, until {until}"
    say(f"{told} - keep it now, as it is shown once", err=True)  # the token alone goes on


@app.command(epilog="Example: dispatch tokens revoke 7")
def revoke(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Its id, as 'dispatch tokens list' shows it.")],
    by: By = "",
) -> None:
    """Have a token open nothing any more, from the next call on."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        token = opened.team.revoke_api_token(number, by=by)
    say(f"{token.name}: is revoked")


def _row(token: "ApiToken", now: "datetime") -> dict[str, object]:
    if token.revoked:
        state = f"revoked by {token.revoked_by}"
    elif not token.holds(now):
        state = "ended"
    else:
        state = "ends soon" if token.ends_soon(now) else "active"
    return {
        "id": token.id,
        "name": token.name,
        "hint": token.hint,
        "roles": [role.value for role in token.roles],
        "person": token.person.handle,
        "ends": token.ends,
        "last_used": token.last_used,
        "last_network": token.last_network,
        "state": state,
    }
