"""Standing pieces as an edition gets them: copies of its own, at their places."""

from collections.abc import Iterator
from datetime import date

from dispatch.model.editions.edition import NOT_SENT, Edition, EditionContent
from dispatch.model.editions.finding import Finding, Kind
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.piece import MOST_PIECES, Piece
from dispatch.render.templates.files import shows_parts
from dispatch.store.transactions import Transaction


def standing_for(campaign: str, day: date, tx: Transaction) -> tuple[Piece, ...]:
    """Copies of those that come again in an edition of the campaign for that day.

    `campaign` is LETTERS for a letter. The day is the edition's own, by its campaign's clocks. The
    same piece has the same id in all editions, so that what is rehearsed is what is made.
    """
    return tuple(one.copy for one in tx.standing.of(campaign, day)[:MOST_PIECES])


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
