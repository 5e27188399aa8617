"""Have a piece come again in each edition until a day, change that, end it, take it up anew."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dispatch.clock import Clock
from dispatch.errors import BadInput, ChangedMeanwhile, Conflict
from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.piece import Piece
from dispatch.model.editions.refused import PieceRefused, Why
from dispatch.model.editions.standing import (
    MOST_AFTER,
    MOST_CAMPAIGNS,
    MOST_DAYS,
    Again,
    StandingPiece,
)
from dispatch.store.transactions import Store, Transaction

Checked = Callable[[Piece, Transaction], Piece]
"""A piece that somebody wrote, clean; raises BadInput."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What somebody makes of a standing piece; `piece` is what it says, whatever its id."""

    piece: Piece
    again: Again
    after: int


def checked_again(again: Again, *, known: Collection[str], today: date) -> Again:
    """What was asked for, in order. Raises BadInput: each begins with the field it is about."""
    names = tuple(dict.fromkeys(again.campaigns))
    if not names:
        raise PieceRefused("campaigns", Why.NONE_TICKED, "none is ticked - tick one at least")
    if len(names) > MOST_CAMPAIGNS:
        raise BadInput([f"campaigns: are too many - tick {MOST_CAMPAIGNS} at most"])
    for name in names:
        if name not in known:
            advice = "tick those that the page shows"
            raise BadInput([f"campaigns: there is no '{name[:40]}' with a mail - {advice}"])
    if again.until < today:
        problem = f"{again.until} is over - choose a day from {today} on"
        raise PieceRefused("until", Why.DAY_OVER, problem, fact=today)
    last = today + timedelta(days=MOST_DAYS)
    if again.until > last:
        problem = f"{again.until} is too far away - choose one until {last}"
        raise PieceRefused("until", Why.DAY_TOO_FAR, problem, fact=last)
    return Again(again.until, names)


def stand_piece(
    piece: Piece, again: Again, *, after: int, tx: Transaction, by: str, now: datetime
) -> StandingPiece:
    """Have a piece of an edition come again, as it is now; `again` is checked, and so is it.

    Where it is a copy, the one that it came from is changed, and what others have changed in that
    meanwhile is not asked: this is what comes from now on.
    """
    if not piece.standing:
        made = tx.standing.add(
            piece, again.campaigns, after=after, until=again.until, by=by, now=now
        )
        _log(made, "make", tx=tx, by=by, now=now)
        return made
    was = tx.standing.get(piece.standing, lock=True)
    wanted = replace(was, piece=piece, campaigns=again.campaigns, after=after, until=again.until)
    return _changed(was, wanted, tx=tx, by=by, now=now)


def have_come_again(
    content: EditionContent,
    asked: Mapping[str, Again],
    *,
    tx: Transaction,
    by: str,
    now: datetime,
) -> tuple[EditionContent, bool]:
    """The content, of which the pieces with these ids say whose copies they are from now on.

    And whether any standing piece is new, or says something else than before.
    """
    pieces, changed = list(content.pieces), False
    for at, piece in enumerate(pieces):
        if again := asked.get(piece.id):
            was = tx.standing.get(piece.standing, lock=True) if piece.standing else None
            stands = stand_piece(piece, again, after=piece.after, tx=tx, by=by, now=now)
            pieces[at] = replace(piece, standing=stands.id)
            changed |= stands != was
    return replace(content, pieces=tuple(pieces)), changed


def change_standing(
    number: int,
    changed: Changed,
    *,
    seen: str,
    by: str,
    store: Store,
    clock: Clock,
    checked: Checked,
) -> StandingPiece:
    """Change what it says, where, until when; after its last day that takes it up anew.

    Editions that have a copy keep it as it is. `seen` is the fingerprint of what somebody saw.
    Raises ChangedMeanwhile, BadInput and NotFound.
    """
    if not 0 <= changed.after <= MOST_AFTER:
        raise BadInput([f"after: is no number of posts - write one from 0 to {MOST_AFTER}"])
    with store.begin() as tx:
        was = tx.standing.get(number, lock=True)
        if not seen or not was.fingerprint.startswith(seen):
            raise ChangedMeanwhile(f"piece {number}: was changed meanwhile - look at it again")
        if changed.piece.kind is not was.piece.kind:
            problem = f"is a {was.piece.kind} - it cannot become a {changed.piece.kind}"
            raise BadInput([f"piece: {problem}"])
        wanted = replace(
            was,
            piece=checked(replace(changed.piece, id=was.key), tx),
            campaigns=changed.again.campaigns,
            after=changed.after,
            until=changed.again.until,
        )
        return _changed(was, wanted, tx=tx, by=by, now=clock())


def end_standing(number: int, *, today: date, by: str, store: Store, clock: Clock) -> StandingPiece:
    """Have it come no more: its last day is the one before `today`. Raises Conflict, NotFound."""
    with store.begin() as tx:
        was = tx.standing.get(number, lock=True)
        if was.rests(today):
            raise Conflict(f"piece {number}: rests since {was.until} - nothing is left to end")
        ended = replace(was, until=today - timedelta(days=1))
        tx.standing.change(ended, by=by, now=clock())
        _log(ended, "end", tx=tx, by=by, now=clock())
        return ended


def _changed(
    was: StandingPiece, wanted: StandingPiece, *, tx: Transaction, by: str, now: datetime
) -> StandingPiece:
    if wanted.fingerprint == was.fingerprint:
        return was
    tx.standing.change(wanted, by=by, now=now)
    _log(wanted, "change", tx=tx, by=by, now=now)
    return tx.standing.get(was.id)


def _log(standing: StandingPiece, what: str, *, tx: Transaction, by: str, now: datetime) -> None:
    tx.audit.add(
        f"standing.{what}",
        by=by,
        now=now,
        kind="standing",
        subject=str(standing.id),
        until=str(standing.until),
        campaigns=list(standing.campaigns),
    )
