"""`dispatch people`: who of the team signs in to its pages, and what they may do."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.arguments import By, checked_address
from dispatch.cli.output.console import JsonFlag, say, show

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.model.team.person import Person
    from dispatch.model.team.role import Role

app = typer.Typer(
    help="Let people of the team in and out, and say what they may do.", no_args_is_help=True
)

Handle = Annotated[str, typer.Argument(help="Their handle, as `approval.by` names them.")]
ROLES = "viewer, author, approver, editor, admin or owner"


@app.command(
    epilog="Example: dispatch people add ada --email ada@example.org --role editor --role approver"
)
def add(
    context: typer.Context,
    handle: Annotated[str, typer.Argument(help="A short name: a-z, 0-9, dot, dash, underscore.")],
    email: Annotated[str, typer.Option(help="Their address; no two people share one.")],
    roles: Annotated[list[str], typer.Option("--role", help=f"{ROLES}; may be repeated.")],
    name: Annotated[str, typer.Option(help="Their name.", show_default="the handle")] = "",
    by: By = "",
) -> None:
    """Let somebody into the team's pages, or back in.

    They get a password by 'dispatch people link' or by mail at the sign-in page, or use your
    sign-in service.
    """
    from dispatch.app import open_app
    from dispatch.model.team.person import handle_of
    from dispatch.model.text.plain_text import one_line

    known, address, asked = handle_of(handle), checked_address(email), roles_in(roles)
    shown = one_line(name)
    with open_app(context.obj) as opened:
        person = opened.team.add(known, name=shown, email=address, roles=asked, by=by)
    say(f"{person.handle}: is in the team now, as {_in_words(person.roles)}")
    say(f"a password: 'dispatch people link {person.handle}' gives the link for it", aside=True)


@app.command("list", epilog="Example: dispatch people list")
def list_people(
    context: typer.Context,
    ended: Annotated[bool, typer.Option("--ended", help="Also who has left.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show who is in the team, what they may do, and when they were last here."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened, opened.store.read() as tx:
        people, seen = tx.persons.all(ended=ended), tx.sessions.last_seen()
    rows = [_row(person, seen.get(person.id)) for person in people]
    columns = ("handle", "name", "email", "roles", "last_here", *(["ended"] if ended else []))
    empty = "nobody yet - 'dispatch up' prints a code for the first owner"
    show("People", columns, rows, as_json=as_json, empty=empty)


@app.command("roles", epilog="Example: dispatch people roles ada editor approver")
def changeroles_in(
    context: typer.Context,
    handle: Handle,
    roles: Annotated[list[str], typer.Argument(metavar="ROLE...", help=f"{ROLES}.")],
    by: By = "",
) -> None:
    """Give somebody these roles, and no others. They sign in again.

    Rights of several roles add up. The last owner stays one.
    """
    from dispatch.app import open_app

    asked = roles_in(roles)
    with open_app(context.obj) as opened:
        person = opened.team.change(handle, roles=asked, by=by)
    say(f"{person.handle}: is {_in_words(person.roles)} now")


@app.command(epilog="Example: dispatch people link ada")
def link(context: typer.Context, handle: Handle, by: By = "") -> None:
    """Print a link by which somebody chooses a password: for one use, within an hour.

    For where no mail can be sent; hand it to nobody else. The sign-in page mails such a link.
    """
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        person, address = opened.team.give_link(handle, by=by)
    say(f"{person.handle}: chooses a password at {address}")


@app.command(epilog="Example: dispatch people end ada")
def end(context: typer.Context, handle: Handle, by: By = "") -> None:
    """Let somebody out of the team: at once, in each of their browsers.

    What they did stays on record under their handle. The last owner stays.
    """
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        person = opened.team.end(handle, by=by)
    say(f"{person.handle}: is not in the team any more")


@app.command("no-factor", epilog="Example: dispatch people no-factor ada")
def remove_factor(context: typer.Context, handle: Handle, by: By = "") -> None:
    """Ask somebody for no code of an app any more, who has lost it and their spare codes."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        opened.signing_in.remove_factor_of(handle, by=by)
    say(f"{handle}: signs in with the password alone now")


def roles_in(words: list[str]) -> "list[Role]":
    """The roles that were typed, with commas or without; raises BadInput."""
    from dispatch.errors import BadInput
    from dispatch.model.team.role import Role
    from dispatch.model.text.suggestions import did_you_mean

    asked = [word.strip().lower() for text in words for word in text.split(",") if word.strip()]
    unknown = [word for word in asked if word not in {*Role}]
    if unknown:
        roles = [role.value for role in Role]
        raise BadInput(
            [f"role {word}: there is none - {did_you_mean(word, roles)}" for word in unknown]
        )
    if not asked:
        raise BadInput([f"role: none is named - say {ROLES}"])
    return [role for role in Role if role in asked]


def _in_words(roles: "tuple[Role, ...]") -> str:
    return " and ".join(role.value for role in roles)


def _row(person: "Person", seen: "datetime | None") -> dict[str, object]:
    return {
        "handle": person.handle,
        "name": person.name,
        "email": person.email,
        "roles": [role.value for role in person.roles],
        "last_here": seen,
        "second_factor": person.has_factor,
        "ended": person.ended,
    }
