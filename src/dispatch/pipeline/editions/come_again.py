"""Standing pieces as an edition gets them: copies of its own, at their places."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.editions.edition import NOT_SENT, Edition, EditionContent
from dispatch.model.editions.finding import Finding, Kind
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.piece import MOST_PIECES, Piece
from dispatch.pipeline.editions.plan_days import HORIZON, plan_days
from dispatch.render.templates.files import shows_parts
from dispatch.store.transactions import Transaction


def standing_for(campaign: str, day: date, tx: Transaction) -> tuple[Piece, ...]:
    """Copies of those that come again in an edition of the campaign for that day.

    `campaign` is LETTERS for a letter. The day is the edition's own, by its campaign's clocks. The
    same piece has the same id in all editions, so that what is rehearsed is what is made.
    """
    return tuple(one.copy for one in tx.standing.of(campaign, day)[:MOST_PIECES])


def days_to_come(
    campaigns: Iterable[Campaign], names: Collection[str], until: date, *, now: datetime
) -> Sequence[date]:
    """Days of the planned editions of the named campaigns that are not made yet, up to `until`.

    As far as a plan is told; two editions of one day are two.
    """
    own = [one for one in campaigns if one.name in names and one.email]
    planned = plan_days(own, first=now, until=now + HORIZON)
    days = [one.slot.local.date() for one in planned if one.made > now and not one.is_off]
    return sorted(day for day in days if day <= until)


def has_place(content: EditionContent) -> bool:
    """Whether its digest shows pieces."""
    email = content.email
    return email is not None and shows_parts(content.templates.get(email.template, {}))


def left_out(edition: Edition, tx: Transaction) -> Iterator[Finding]:
    """That an edition does without what should come again, as its template cannot show it.

    What somebody has taken out of one that was edited is left out on purpose.
    """
    content = edition.content
    if edition.state not in NOT_SENT or content.email is None or content.campaign == LETTERS:
        return
    there = {piece.standing for piece in content.pieces}
    day = content.slot.date()
    known = tx.standing.was_for(content.campaign, day, made=edition.created)
    missing = [one for one in known[:MOST_PIECES] if one.id not in there]
    if not missing:
        return
    values = {"count": len(missing), "template": content.email.template}
    if not has_place(content):
        yield Finding(Kind.LOOK, "again_no_place", values)
    elif not edition.author:
        yield Finding(Kind.LOOK, "again_failed", values)
