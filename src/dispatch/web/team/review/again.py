"""The part of an open piece's form that has it come again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import BadInput
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.piece import Piece
from dispatch.model.editions.standing import Again, StandingPiece
from dispatch.pipeline.editions.plan_days import HORIZON

if TYPE_CHECKING:
    from dispatch.web.team.review.desk import Desk
    from dispatch.web.team.visit import Visit

FEW = 3
"""Editions whose days are all named."""


@dataclass(frozen=True, slots=True)
class AgainShown:
    """`of` is the one that the piece is a copy of; `choices` are name, title, and if it is ticked.

    `on` only says what was typed: whoever mends a copy mends it there, unless they tick it anew.
    """

    on: bool
    until: str
    choices: Sequence[tuple[str, str, bool]]
    of: StandingPiece | None
    rests: bool
    comes: str


def again_of(desk: "Desk", piece: Piece) -> AgainShown:
    """What the form shows, as it was typed where it was posted."""
    visit = desk.visit
    standing = visit.app.editions.standing
    of = standing.get(piece.standing) if piece.standing else None
    posted = visit.form.has("kind")
    ticked = set(of.campaigns if of else (desk.edition.campaign,))
    until = "" if of is None or of.rests(standing.today) else of.until.isoformat()
    if posted:
        ticked, until = set(_names(visit)), visit.form("until")
    titles = {**standing.campaigns, LETTERS: visit.words("standing.letters")}
    gone = {name: name for name in ticked & set(of.campaigns if of else ()) if name not in titles}
    return AgainShown(
        on=posted and visit.form.has("again"),
        until=until,
        choices=[(name, title, name in ticked) for name, title in (titles | gone).items()],
        of=of,
        rests=of is not None and of.rests(standing.today),
        comes=comes_told(visit, of) if of else "",
    )


def comes_told(visit: "Visit", piece: StandingPiece) -> str:
    """How many editions to come have it, and on which days; empty where none is planned."""
    days = visit.app.editions.standing.days_to_come(piece)
    if not days:
        return ""
    if len(days) > FEW:
        told = visit.times.day(days[0])
        return visit.words("standing.comes_often", n=len(days), within=HORIZON.days, day=told)
    told = visit.times.all_of([visit.times.day(day) for day in dict.fromkeys(days)])
    return visit.words("standing.comes_on", count=len(days), days=told)


def asked_again(visit: "Visit") -> Again | None:
    """Where and until when it is to come again; None: nothing is said. Raises BadInput."""
    if not visit.form.has("again"):
        return None
    try:
        until = date.fromisoformat(visit.form("until"))
    except ValueError:
        raise BadInput([f"until: {visit.words('standing.no_day')}"]) from None
    return visit.app.editions.standing.checked(Again(until, tuple(_names(visit))))


def hidden_again(visit: "Visit") -> dict[str, str]:
    """The same for a form that asks about something else first."""
    if not visit.form.has("again"):
        return {}
    return {"again": "yes", "until": visit.form("until"), "campaigns": " ".join(_names(visit))}


def _names(visit: "Visit") -> list[str]:
    return [name for said in visit.form.all("campaigns") for name in said.split()]
