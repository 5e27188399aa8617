"""`dispatch subscribers`: people come in by file, go out by file, and leave when they want."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import By, checked_address
from dispatch.cli.output.console import (
    JsonFlag,
    say,
    show,
    show_json_lines,
    text_file,
)
from dispatch.cli.output.lists import (
    LimitOption,
    TableLimitOption,
    TextArgument,
    most_rows,
    tell_more,
    tell_number,
)
from dispatch.cli.people import bring_in, one_person, one_record, segment
from dispatch.cli.people import show as show_one

if TYPE_CHECKING:
    from dispatch.model.people.subscriber import Subscription

app = typer.Typer(help="Bring people in and out, and see who is there.", no_args_is_help=True)
bring_in.register(app)
one_person.register(app)
one_record.register(app)
show_one.register(app)
segment.register(app)
AudienceOption = Annotated[
    str | None,
    typer.Option("--audience", help="Only this audience.", autocompletion=completion.audiences),
]


@app.command("export", epilog="Example: dispatch subscribers export readers > readers.csv")
def export(
    context: typer.Context,
    audience: Annotated[
        str,
        typer.Argument(
            metavar="AUDIENCE|EMAIL",
            help="The audience, or somebody's address.",
            autocompletion=completion.audiences,
        ),
    ],
    to: Annotated[Path | None, typer.Option(help="A file; standard output by default.")] = None,
) -> None:
    """Write an audience as CSV, or all that is known of one person as JSON.

    An audience: everybody who is or was in it, with the state of their consent. A person: by their
    address, for them to have and to take along.
    """
    if "@" in audience:
        one_record.export_person(context, audience, to)
        return
    from dispatch.app import open_app
    from dispatch.config.people.export_subscribers import write_subscribers
    from dispatch.errors import NotFound
    from dispatch.model.text.suggestions import did_you_mean

    with open_app(context.obj) as opened, opened.store.read() as tx:
        people = [one for _, one in tx.roster.listed(audience=audience)]
        audiences = tx.subscribers.audiences()
    if not people:
        advice = did_you_mean(audience, audiences)
        raise NotFound(f"audience {audience}: nobody is or was in it - {advice}")
    with text_file(to) as file:
        number = write_subscribers(people, file)
    if to is not None:
        say(f"{to}: {number} people written")


@app.command("list", epilog="Example: dispatch subscribers list zoe --audience readers --limit 10")
def list_subscribers(
    context: typer.Context,
    text: TextArgument = "",
    audience: AudienceOption = None,
    state: Annotated[
        str, typer.Option(help="Only this state: active, paused, pending, ended or suppressed.")
    ] = "",
    limit: TableLimitOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show who is or was in an audience, by address.

    With TEXT those who have it in their address or name, in small or capital letters.
    """
    from dispatch.app import open_app

    chosen: dict[str, Any] = {
        "audience": audience or "",
        "text": text.strip(),
        "state": _state(state),
    }
    most = most_rows(limit, as_json=as_json)
    with open_app(context.obj) as opened, opened.store.read() as tx:
        if audience:
            opened.people.audience(audience)
        rows = (_row(name, one) for name, one in tx.roster.listed(**chosen, limit=most))
        if as_json:
            show_json_lines(rows)
            return
        shown = list(rows)
        number = tx.roster.count(**chosen) if len(shown) == most else len(shown)
    columns = ("audience", "email", "name", "locale", "topics", "state", "consent_source")
    nobody = "nobody like that" if any(chosen.values()) else "nobody yet"
    show("Subscribers", columns, shown, as_json=False, empty=nobody)
    tell_number(len(shown), number)


def _row(audience: str, one: "Subscription") -> dict[str, object]:
    return {
        "audience": audience,
        "email": one.subscriber.email,
        "name": one.subscriber.name,
        "locale": one.subscriber.locale,
        "timezone": one.subscriber.timezone,
        "topics": list(one.subscriber.topics),
        "cadence": one.subscriber.cadence,
        "fields": one.subscriber.fields,
        "state": one.standing,
        "consented_at": one.consent.at,
        "consent_source": one.consent.source,
    }


def _state(word: str) -> str:
    """A state that people may be in; raises NotFound for another word."""
    from dispatch.errors import NotFound
    from dispatch.model.people.subscriber import SUPPRESSED, SubscriptionState
    from dispatch.model.text.suggestions import did_you_mean

    known = [*SubscriptionState, SUPPRESSED]
    if word and word not in known:
        raise NotFound(f"--state {word}: no such state - {did_you_mean(word, known)}")
    return word


@app.command("suppressed", epilog="Example: dispatch subscribers suppressed acme.com")
def list_suppressed(
    context: typer.Context,
    text: TextArgument = "",
    limit: LimitOption = 50,
    as_json: JsonFlag = False,
) -> None:
    """Show the addresses that are never mailed, newest first, also those of nobody here."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened, opened.store.read() as tx:
        found = list(tx.suppressions.listed(text=text.strip(), limit=limit + 1))
    rows = [{"email": one.email, "reason": one.reason, "since": one.since} for one in found]
    columns = ("email", "reason", "since")
    show("Suppressed", columns, rows[:limit], as_json=as_json, empty="no address")
    tell_more(rows, limit, quiet=as_json)


@app.command(epilog="Example: dispatch subscribers end ada@example.org --source 'asked by phone'")
def end(
    context: typer.Context,
    emails: Annotated[list[str], typer.Argument(metavar="EMAIL...", help="The addresses.")],
    source: Annotated[str, typer.Option(help="On whose word, for the record.")] = "the team",
    by: By = "",
) -> None:
    """End every subscription of a person, or of several; no file brings them back."""
    from dispatch.app import open_app
    from dispatch.pipeline.people.subscribe import end_all_subscriptions
    from dispatch.pipeline.people.suppress import BY_TEAM

    addresses = [checked_address(one) for one in emails]
    with open_app(context.obj) as opened:
        for email in addresses:
            left = end_all_subscriptions(
                email,
                source=BY_TEAM,
                note="" if source == BY_TEAM else source,
                store=opened.store,
                clock=opened.clock,
                endings=opened.tools.endings,
                by=by,
            )
            say(f"{email}: left {', '.join(left)}" if left else f"{email}: had left already")


@app.command(epilog="Example: dispatch subscribers suppress ada@example.org --reason complaint")
def suppress(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="The address.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    by: By = "",
) -> None:
    """Never mail an address again, whatever anything else says."""
    from dispatch.app import open_app
    from dispatch.pipeline.people.suppress import suppress_address

    email = checked_address(email)
    with open_app(context.obj) as opened:
        new = suppress_address(
            email,
            reason=reason,
            store=opened.store,
            clock=opened.clock,
            endings=opened.tools.endings,
            by=by,
        )
    say(f"{email}: suppressed" if new else f"{email}: was suppressed already")


@app.command(epilog="Example: dispatch subscribers cadence ada@example.org weekly")
def cadence(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="The address.")],
    choice: Annotated[str, typer.Argument(help="each-post, daily, weekly or monthly; or default.")],
    by: By = "",
) -> None:
    """Note how often somebody wants what they get, on their own word: no file changes it.

    With `default` it is again what a file says, or else what the campaign gives by default.
    """
    from dispatch.app import open_app
    from dispatch.model.campaigns.cadence import Cadence, read_cadence
    from dispatch.model.text.suggestions import did_you_mean
    from dispatch.pipeline.people.choose_cadence import choose_cadence_of

    email = checked_address(email)
    chosen = read_cadence(choice)
    if chosen is None and choice != "default":
        words = [cadence.value.replace(" ", "-") for cadence in Cadence]
        advice = did_you_mean(choice, [*words, "default"])
        raise typer.BadParameter(f"'{choice}' is no cadence - {advice}")
    with open_app(context.obj) as opened:
        families = opened.workspace.families.values()
        audiences = choose_cadence_of(
            email, chosen, families, store=opened.store, clock=opened.clock, by=by
        )
    where = ", ".join(audiences)
    if chosen is None:
        say(f"{email}: has no choice of their own any more, in {where}")
    else:
        say(f"{email}: gets {where} with the cadence '{chosen}' from now on, and misses nothing")
