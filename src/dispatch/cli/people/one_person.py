"""`dispatch subscribers add`, `rejoin`, `lift` and `revoke-links`: one person at a time."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli.arguments import By, checked_address
from dispatch.cli.output.console import say

if TYPE_CHECKING:
    from dispatch.model.people.subscriber import SubscriberRow

Address = Annotated[str, typer.Argument(help="The address.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        epilog="Example: dispatch subscribers add ada@example.org --source 'asked at the fair'"
    )(add)
    app.command(
        epilog="Example: dispatch subscribers rejoin ada@example.org --source 'wrote on Monday'"
    )(rejoin)
    app.command(
        epilog="Example: dispatch subscribers lift ada@example.org --reason 'a slip of ours'"
    )(lift)
    app.command(
        "revoke-links", epilog="Example: dispatch subscribers revoke-links ada@example.org"
    )(revoke)


def add(
    context: typer.Context,
    email: Address,
    audience: Annotated[
        str | None, typer.Option(help="Their audience; the only one by default.")
    ] = None,
    name: Annotated[str, typer.Option(help="Their name.")] = "",
    locale: Annotated[str, typer.Option(help="Their language, such as fr-CA.")] = "",
    timezone: Annotated[str, typer.Option(help="Their time zone, such as Europe/Paris.")] = "",
    topics: Annotated[str, typer.Option(help="What they like, such as 'ai|music'.")] = "",
    cadence: Annotated[str, typer.Option(help="How often they want it, such as weekly.")] = "",
    source: Annotated[str, typer.Option(help="On what ground, for the record.")] = "the team",
    consented_at: Annotated[
        str, typer.Option(help="When they agreed, such as 2026-11-29.", show_default="now")
    ] = "",
    by: By = "",
) -> None:
    """Bring one person in, on the ground that you name.

    Who is there already is left as they are. Who has left, or is suppressed, stays out.
    """
    from dispatch.app import open_app
    from dispatch.model.text.plain_text import one_line

    said = {
        "name": name, "locale": locale, "timezone": timezone, "topics": topics, "cadence": cadence,
        "consented_at": consented_at, "consent_source": source,
    }  # fmt: skip
    with open_app(context.obj) as opened:
        row = _row(checked_address(email), said, by=by, now=opened.clock())
        into, added = opened.people.add(row, audience, by=one_line(by))
    if added.new:
        say(f"{row.email}: is in {into} now")
    else:
        say(f"{row.email}: is in {into} already, since {added.since:%Y-%m-%d %H:%M} UTC")


def revoke(context: typer.Context, email: Address, by: By = "") -> None:
    """Make the links to somebody's choices useless that went out before now.

    Such as after a letter of theirs was passed around. By those letters one can still leave.
    """
    from dispatch.app import open_app
    from dispatch.pipeline.people.revoke_links import revoke_links
    from dispatch.pipeline.people.suppress import of_team

    email = checked_address(email)
    with open_app(context.obj) as opened:
        revoke_links(email, source=of_team(by), store=opened.store, clock=opened.clock)
    say(f"{email}: links to their choices in letters so far are over; the next letter has new ones")


def rejoin(
    context: typer.Context,
    email: Address,
    source: Annotated[str, typer.Option(help="On what ground, for the record.")],
    audience: Annotated[
        str | None, typer.Option(help="Which audience; the one they left by default.")
    ] = None,
    by: By = "",
) -> None:
    """Let somebody back in who has left and asks for it again.

    What they said before stays on record. A suppressed address stays out.
    """
    from dispatch.app import open_app
    from dispatch.model.text.plain_text import one_line
    from dispatch.pipeline.people.suppress import of_team

    email = checked_address(email)
    note, ground = _ground(source, "--source", by), of_team(one_line(by))
    with open_app(context.obj) as opened:
        into = opened.people.rejoin(email, audience, source=ground, note=note, by=one_line(by))
    say(f"{email}: is in {into} again")


def lift(
    context: typer.Context,
    email: Address,
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    by: By = "",
) -> None:
    """Let a suppressed address be mailed again, where it was a mistake.

    Subscriptions that have ended stay ended. Who complained should stay suppressed.
    """
    from dispatch.app import open_app
    from dispatch.model.people.suppression import target_of
    from dispatch.model.text.plain_text import one_line

    email = checked_address(email)
    _ground(reason, "--reason", by)
    with open_app(context.obj) as opened:
        opened.people.lift(target_of(email), note=one_line(reason), by=one_line(by))
    say(f"{email}: may be mailed again")


def _ground(text: str, option: str, by: str) -> str:
    """A ground and who noted it; raises BadInput where there is none."""
    from dispatch.errors import BadInput
    from dispatch.model.people.subscriber import noted_by
    from dispatch.model.text.plain_text import one_line

    if not (ground := one_line(text)):
        raise BadInput([f"{option}: is empty - say in a few words on what ground"])
    return noted_by(ground, one_line(by))


def _row(email: str, said: dict[str, str], *, by: str, now: Any) -> "SubscriberRow":
    """What the options say, read as columns of a file are; raises BadInput with all problems."""
    from dispatch.config.people.typed import read_typed
    from dispatch.errors import BadInput
    from dispatch.model.people.record import Trace
    from dispatch.model.people.subscriber import Consent, SubscriberRow
    from dispatch.model.text.plain_text import one_line
    from dispatch.pipeline.people.suppress import of_team

    values, wrong = read_typed(said)
    if wrong:
        raise BadInput(
            [error.at(f"--{name.replace('_', '-')}", None, "") for name, error in wrong.items()]
        )
    trace = Trace(email=email, note=_ground(values.pop("consent_source", ""), "--source", by))
    consent = Consent(values.pop("consented_at", now), of_team(one_line(by)), trace=trace)
    return SubscriberRow(1, email, consent, **values)
