"""`dispatch editions`: what runs have made, and the say over it."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.output import JsonFlag, say, show, show_json

if TYPE_CHECKING:
    from dispatch.model.delivery import DeliveryState
    from dispatch.model.edition import Edition

app = typer.Typer(
    help="See editions; approve or reject them; pause, resume, cancel.", no_args_is_help=True
)
EditionId = Annotated[str, typer.Argument(help="The edition's id, or its beginning.")]


@app.command("list", epilog="Example: dispatch editions list --campaign weekly")
def list_editions(
    context: typer.Context,
    campaign: Annotated[str | None, typer.Option(help="Only this campaign.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show the editions, newest first."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        if campaign:
            opened.campaign(campaign)
        with opened.store.read() as tx:
            rows = [edition_row(edition) for edition in tx.editions.latest(campaign)]
    columns = ("edition", "campaign", "slot", "state", "posts", "approved_by", "reason")
    show("Editions", columns, rows, as_json=as_json, empty="none yet")


@app.command("show", epilog="Example: dispatch editions show 4f2a")
def show_edition(context: typer.Context, edition: EditionId, as_json: JsonFlag = False) -> None:
    """Show one edition: its posts, and how its deliveries stand."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened, opened.store.read() as tx:
        found = tx.editions.get(edition)
        counts = tx.deliveries.counts_by_channel(found)
    posts = [
        {"feed": post.feed, "title": post.title, "link": post.link} for post in found.content.posts
    ]
    if as_json:
        show_json({**edition_row(found), "content": posts, "deliveries": counts})
        return
    say(f"{found.content.title}, {found.slot_key}: {found.state}")
    if found.reason:
        say(f"reason: {found.reason}")
    say(f"fingerprint {found.fingerprint}")
    show("Posts", ("feed", "title", "link"), posts, as_json=False)
    show_counts(counts)


@app.command(epilog="Example: dispatch editions approve 4f2a --by marie")
def approve(
    context: typer.Context,
    edition: EditionId,
    by: Annotated[str, typer.Option(help="Who approves.", show_default="your login")] = "",
) -> None:
    """Let an edition go out as it stands; the next run of its campaign, or `up`, sends it."""
    from dispatch.app import open_app
    from dispatch.pipeline.review import approve_edition

    with open_app(context.obj) as opened:
        approved = approve_edition(
            edition, by=by or getpass.getuser(), store=opened.store, clock=opened.clock
        )
    say(f"edition {approved.id[:8]} is approved - 'dispatch run {approved.campaign}' sends it")


@app.command(epilog="Example: dispatch editions reject 4f2a --reason 'wrong lead story'")
def reject(
    context: typer.Context,
    edition: EditionId,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
) -> None:
    """Drop an edition for good; its posts are free for the next one."""
    from dispatch.app import open_app
    from dispatch.pipeline.review import reject_edition

    with open_app(context.obj) as opened:
        rejected = reject_edition(edition, reason=reason, store=opened.store)
    say(f"edition {rejected.id[:8]} is rejected - its posts wait for the next one")


@app.command(epilog="Example: dispatch editions pause 4f2a --reason 'the first link is dead'")
def pause(
    context: typer.Context,
    edition: EditionId,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "by hand",
) -> None:
    """Hand nothing more of an edition over, on any machine, until somebody resumes it."""
    from dispatch.app import open_app
    from dispatch.pipeline.hold import pause_edition

    with open_app(context.obj) as opened:
        paused = pause_edition(edition, reason=reason, store=opened.store)
    made = paused.id[:8]
    say(
        f"edition {made} is paused after the hand-overs under way - "
        f"'dispatch editions resume {made}' lets it go on"
    )


@app.command(epilog="Example: dispatch editions resume 4f2a")
def resume(context: typer.Context, edition: EditionId) -> None:
    """Let a paused edition go on; the next run of its campaign, or `up`, sends the rest."""
    from dispatch.app import open_app
    from dispatch.pipeline.hold import go_on_with_edition

    with open_app(context.obj) as opened:
        resumed = go_on_with_edition(edition, store=opened.store)
    say(
        f"edition {resumed.id[:8]} may go on - 'dispatch run {resumed.campaign}' "
        "or 'dispatch up' sends the rest"
    )


@app.command(epilog="Example: dispatch editions cancel 4f2a --reason 'sent to the wrong people'")
def cancel(
    context: typer.Context,
    edition: EditionId,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "by hand",
) -> None:
    """Hand nothing more of an edition over, for good; its posts are not used again."""
    from dispatch.app import open_app
    from dispatch.pipeline.hold import cancel_edition

    with open_app(context.obj) as opened:
        cancelled = cancel_edition(
            edition, reason=reason, store=opened.store, clock=opened.engine_clock()
        )
        with opened.store.read() as tx:
            counts = tx.deliveries.counts_by_channel(cancelled)
    say(f"edition {cancelled.id[:8]} is cancelled after the hand-overs under way")
    show_counts(counts)


def edition_row(edition: "Edition") -> dict[str, object]:
    """One edition as a row."""
    return {
        "edition": edition.id[:8],
        "id": edition.id,
        "campaign": edition.campaign,
        "slot": edition.slot_key,
        "state": edition.state.value,
        "posts": len(edition.content.posts),
        "fingerprint": edition.fingerprint,
        "approved_by": edition.approved_by,
        "reason": edition.reason,
        "created": edition.created,
    }


def show_counts(counts: "dict[str, dict[DeliveryState, int]]") -> None:
    """Deliveries by channel and state, with the sum that must be the audience."""
    rows = [
        {"channel": channel, "state": state.value, "deliveries": number}
        for channel, states in counts.items()
        for state, number in states.items()
    ]
    show("Deliveries", ("channel", "state", "deliveries"), rows, as_json=False, empty="none yet")
