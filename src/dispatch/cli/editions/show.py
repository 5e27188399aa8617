"""`dispatch editions`: what runs have made, and the say over it."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import By, own_snippet
from dispatch.cli.editions.amend import amendment_row, tell_amendments
from dispatch.cli.editions.came_later import came_later, later_row, show_later
from dispatch.cli.editions.edition_row import deadline, edition_row, welcome_of, why
from dispatch.cli.editions.parts import piece_rows, post_rows, show_parts
from dispatch.cli.editions.published import published_rows, show_published
from dispatch.cli.editions.review_mails import review_mail_row, show_review_mails
from dispatch.cli.editions.sending_times import goes_out, zone_rows
from dispatch.cli.output.console import JsonFlag, say, show, show_json
from dispatch.cli.output.verbosity import verbosity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dispatch.model.delivery.state import DeliveryState
    from dispatch.model.editions.edition import Edition
    from dispatch.store.transactions import Transaction

app = typer.Typer(
    help="See editions; edit, approve or reject them; pause, resume, cancel.",
    no_args_is_help=True,
)
EditionId = Annotated[
    str,
    typer.Argument(help="The edition's id, or its beginning.", autocompletion=completion.editions),
]


@app.command("list", epilog="Example: dispatch editions list --campaign weekly")
def list_editions(
    context: typer.Context,
    campaign: Annotated[
        str | None,
        typer.Option(
            help="Only this campaign; '(letter)': only letters.",
            autocompletion=completion.campaigns,
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 20,
    as_json: JsonFlag = False,
) -> None:
    """Show the editions, newest first, and how many more there are."""
    from dispatch.app import open_app
    from dispatch.model.editions.letter import LETTERS

    with open_app(context.obj) as opened:
        if campaign and campaign != LETTERS:
            opened.campaign(campaign)
        with opened.store.read() as tx:
            now = opened.clock()
            found = tx.editions.latest(campaign, limit=limit)
            more = tx.editions.count(campaign) - len(found)
            rows = [edition_row(edition, _stage(edition, tx, now), now) for edition in found]
    if not as_json:
        rows = [
            {**row, "slot": edition.content.slot, "reason": why(edition)}
            for row, edition in zip(rows, found, strict=True)
        ]
    columns = (
        *("edition", "campaign", "slot", "stage", "goes_out_utc", "posts"),
        *("approved_by", "reason", "note"),
    )
    show("Editions", columns, rows, as_json=as_json, empty="none yet")
    if more > 0 and not as_json:
        say(f"and {more} more - '--limit {limit + more}' shows them all", aside=True)


@app.command("show", epilog="Example: dispatch editions show 4f2a")
def show_edition(context: typer.Context, edition: EditionId, as_json: JsonFlag = False) -> None:
    """Show one edition: its posts, who was told of it, and how its deliveries stand.

    And what came later of those that were accepted; what a channel cannot tell is said.
    """
    from dispatch.app import open_app

    with open_app(context.obj) as opened, opened.store.read() as tx:
        now = opened.clock()
        found = tx.editions.get(edition)
        counts, later = tx.deliveries.counts_by_channel(found), came_later(found, tx, opened)
        word, out = _stage(found, tx, now), goes_out(found, now)
        zones = zone_rows(found, tx, now, opened.tools.trials)
        review_mails = tx.review_mails.of(found.id)
        amendments = tx.archive.amendments(found.id)
        published = published_rows(found, tx)
        reasons, remarks = tx.reasons.count(found.id), tx.reasons.remarks(found.id)
    content = found.content
    texts = {
        "subject": content.subject,
        "preheader": content.preheader,
        "intro": content.intro,
        **{
            f"snippet {one.channel}{':' if one.part else ''}{one.part}": one.text
            for one in content.snippets
        },
    }
    if as_json:
        row = edition_row(found, word, now) | {"notices": list(map(review_mail_row, review_mails))}
        row |= {"amendments": list(map(amendment_row, amendments))}
        row |= {"reasons_for_leaving": reasons, "remarks_on_leaving": remarks}
        show_json(
            {**row, "texts": texts, "content": post_rows(content), "pieces": piece_rows(content)}
            | {"zones": zones, "deliveries": counts}
            | {"came_later": later_row(later), "published": published}
        )
        return
    verbosity().tell_whole()
    when = f"{content.slot:%Y-%m-%d %H:%M} ({content.sending.timezone})"
    say(f"{content.title}, {when}: {word}")
    for name, value in {
        "welcome of": welcome_of(found),
        "reason": found.reason,
        "in doubt": found.note if found.is_in_doubt else "",
        "changes requested by": "" if found.is_in_doubt else found.note,
        "last edited by": found.author,
        "approved by": found.approved_by,
        "deadline": deadline(found),
        "goes out": out,
        **texts,
    }.items():
        if value:
            say(f"{name}: {value}" if name != "changes requested by" else f"{name} {value}")
    say(f"fingerprint {found.fingerprint}")
    tell_amendments(amendments)
    show_parts(content)
    if zones:
        show("By time zone", ("zone", "local", "utc", "readers", "done"), zones, as_json=False)
    show_review_mails(review_mails)
    show_counts(counts)
    show_published(published)
    show_later(later)
    _tell_reasons(reasons, remarks)


def _tell_reasons(reasons: dict[str, int], remarks: list[str]) -> None:
    """Why people left after it, without them; nothing where nobody said why."""
    if not reasons:
        return
    rows = [{"reason": reason, "people": number} for reason, number in reasons.items()]
    show("Why people left after it", ("reason", "people"), rows, as_json=False)
    for remark in remarks:
        say(f"in their words: {remark}")


@app.command(epilog="Example: dispatch editions approve 4f2a --by marie")
def approve(
    context: typer.Context,
    edition: EditionId,
    by: By = "",
    fingerprint: Annotated[
        str,
        typer.Option(
            help="The fingerprint of what you looked at, or its beginning: not if it differs."
        ),
    ] = "",
) -> None:
    """Let an edition go out as it stands; the next run of its campaign, or `up`, sends it."""
    from dispatch.app import open_app
    from dispatch.pipeline.delivery.may_go_out import sent_by

    with open_app(context.obj) as opened:
        approved = opened.editions.approve(edition, by=by, seen=fingerprint)
        when = goes_out(approved, opened.clock())
    if when:
        made = approved.id[:8]
        say(
            f"edition {made} is approved and goes out on {when} - "
            f"'dispatch up' sends it then, or '{sent_by(approved)}' after that"
        )
        return
    plan = approved.content.sending
    hours = ", to each reader in their hours" if plan.local_time and plan.hours.quiet else ""
    made = approved.id[:8]
    sends = f"'{sent_by(approved)}' sends it{hours}"
    if approved.content.letter is not None:
        say(f"edition {made} is approved - {sends}, and so does 'dispatch up'")
        return
    alone = f"'dispatch editions send {made}' does nothing else"
    say(f"edition {made} is approved - {sends}; {alone}")


@app.command(epilog="Example: dispatch editions request-changes 4f2a --note 'the lead is stale'")
def request_changes(
    context: typer.Context,
    edition: EditionId,
    note: Annotated[str, typer.Option(help="What is to be changed.")],
    by: By = "",
) -> None:
    """Have an edition wait until somebody has edited it; what was approved is so no longer."""
    from dispatch.app import open_app
    from dispatch.pipeline.reviews.decide import request_changes as ask_for_changes

    with open_app(context.obj) as opened:
        asked = ask_for_changes(
            edition,
            note=note,
            by=by,
            store=opened.store,
            clock=opened.clock,
        )
    made = asked.id[:8]
    say(f"edition {made} waits for changes - make them with 'dispatch editions edit {made}'")


@app.command(epilog="Example: dispatch editions edit 4f2a --pin 7 --subject 'All about spring'")
def edit(
    context: typer.Context,
    edition: EditionId,
    order: Annotated[
        str, typer.Option(help="Posts in the order of reading, such as 3,1,2; the rest follow.")
    ] = "",
    pin: Annotated[int | None, typer.Option(metavar="POST", help="The post to come first.")] = None,
    drop: Annotated[
        list[int] | None, typer.Option(metavar="POST", help="A post for the next edition instead.")
    ] = None,
    add: Annotated[
        list[int] | None, typer.Option(metavar="POST", help="A post that was left out.")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="The subject.")] = None,
    preheader: Annotated[
        str | None, typer.Option(help="What mail programs show beside the subject.")
    ] = None,
    intro: Annotated[str | None, typer.Option(help="What the digest says first of all.")] = None,
    snippet: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHANNEL:POST=TEXT",
            help="The text for a post on a network; CHANNEL=TEXT if there is one per edition.",
        ),
    ] = None,
    by: By = "",
) -> None:
    """Change an edition that has not gone out: its posts by their ids, and its texts.

    Texts are plain, and go out as they are; an empty one is left to the template again. Whatever
    was approved has to be approved again.
    """
    from dispatch.app import open_app
    from dispatch.pipeline.editions.edit import Changes, edit_edition

    changes = Changes(
        order=_post_ids(order),
        pin=pin,
        drop=tuple(drop or ()),
        add=tuple(add or ()),
        subject=subject,
        preheader=preheader,
        intro=intro,
        snippets=tuple(map(own_snippet, snippet or ())),
    )
    with open_app(context.obj) as opened:
        edited = edit_edition(
            edition,
            changes,
            by=by,
            store=opened.store,
            clock=opened.clock,
            try_out=opened.tools.trials.proof,
            takes_of=opened.channels.takes,
        )
    made = edited.edition.id[:8]
    lost = "; its approval no longer holds" if edited.voided else ""
    say(f"edition {made} is edited and {edited.edition.state}{lost}")
    if edited.open_ended:
        say(f"its deadline had passed - it waits for 'dispatch editions approve {made}'")


@app.command(epilog="Example: dispatch editions reject 4f2a --reason 'wrong lead story'")
def reject(
    context: typer.Context,
    edition: EditionId,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    by: By = "",
) -> None:
    """Drop an edition for good; its posts are free for the next one."""
    from dispatch.app import open_app
    from dispatch.pipeline.reviews.decide import reject_edition

    with open_app(context.obj) as opened:
        rejected = reject_edition(
            edition, reason=reason, by=by, store=opened.store, clock=opened.clock
        )
    say(f"edition {rejected.id[:8]} is rejected - its posts wait for the next one")


@app.command(epilog="Example: dispatch editions pause 4f2a --reason 'the first link is dead'")
def pause(
    context: typer.Context,
    edition: EditionId,
    reason: Annotated[
        str, typer.Option(help="Why, for the record.", show_default="who paused it")
    ] = "",
    by: By = "",
) -> None:
    """Hand nothing more of an edition over, on any machine, until somebody resumes it."""
    from dispatch.app import open_app
    from dispatch.pipeline.delivery.pause import pause_edition

    with open_app(context.obj) as opened:
        paused = pause_edition(
            edition,
            reason=reason or f"by {by}",
            by=by,
            store=opened.store,
            clock=opened.clock,
        )
    made = paused.id[:8]
    say(
        f"edition {made} is paused after the hand-overs under way - "
        f"'dispatch editions resume {made}' lets it go on"
    )


@app.command(epilog="Example: dispatch editions resume 4f2a")
def resume(context: typer.Context, edition: EditionId, by: By = "") -> None:
    """Let a paused edition go on; the next run of its campaign, or `up`, sends the rest."""
    from dispatch.app import open_app
    from dispatch.pipeline.delivery.may_go_out import sent_by
    from dispatch.pipeline.delivery.pause import go_on_with_edition

    with open_app(context.obj) as opened:
        resumed = go_on_with_edition(edition, by=by, store=opened.store, clock=opened.clock)
    say(
        f"edition {resumed.id[:8]} may go on - '{sent_by(resumed)}' or 'dispatch up' sends the rest"
    )


@app.command(epilog="Example: dispatch editions cancel 4f2a --reason 'sent to the wrong people'")
def cancel(
    context: typer.Context,
    edition: EditionId,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "by hand",
    by: By = "",
) -> None:
    """Hand nothing more of an edition over, for good; its posts are not used again."""
    from dispatch.app import open_app
    from dispatch.pipeline.delivery.pause import cancel_edition

    with open_app(context.obj) as opened:
        cancelled = cancel_edition(
            edition,
            reason=reason,
            by=by,
            store=opened.store,
            clock=opened.tools.engine_clock(),
        )
        with opened.store.read() as tx:
            counts = tx.deliveries.counts_by_channel(cancelled)
    say(f"edition {cancelled.id[:8]} is cancelled after the hand-overs under way")
    show_counts(counts)


def _post_ids(text: str) -> tuple[int, ...]:
    words = text.replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() for word in words):
        raise typer.BadParameter("write ids of posts with commas, such as 3,1,2")
    return tuple(map(int, words))


def _stage(edition: "Edition", tx: "Transaction", now: "datetime") -> str:
    """The word for where it stands; its deliveries are asked only where they add to it."""
    from dispatch.model.editions.edition import EditionState, stage

    if edition.state not in {EditionState.SENDING, EditionState.FINISHED}:
        return stage(edition, {}, due=edition.waits_until(now), now=now)
    dues = [tx.batches.next_due(edition.id, name) for name in edition.content.channels]
    due = min((one for one in dues if one), default=None)
    return stage(edition, tx.deliveries.counts(edition), due=due, now=now)


def show_counts(counts: "Mapping[str, Mapping[DeliveryState, int]]") -> None:
    """Deliveries by channel and state, with the sum that must be the audience."""
    rows = [
        {"channel": channel, "state": state.value, "deliveries": number}
        for channel, states in counts.items()
        for state, number in states.items()
    ]
    show("Deliveries", ("channel", "state", "deliveries"), rows, as_json=False, empty="none yet")
