"""Standing pieces as an edition gets them: copies of its own, at their places."""

from collections.abc import Mapping
from datetime import date

from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.piece import MOST_PIECES, Piece
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


def shows_parts(files: Mapping[str, str]) -> bool:
    """Whether a template with these files does: others loop over posts alone."""
    return any("edition.parts" in source for source in files.values())
