"""Pieces that come again: all of them, and one with its words, its campaigns and its last day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from dispatch.errors import BadInput, ChangedMeanwhile, Conflict, NotFound
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.piece import MOST_LINE, MOST_WORDS, Piece, PieceKind
from dispatch.model.editions.refused import PieceRefused
from dispatch.model.editions.standing import Again, StandingPiece
from dispatch.model.editions.uploaded import address_of
from dispatch.pipeline.editions.change_standing import Changed
from dispatch.web.team.numbers import number_in
from dispatch.web.team.review.again import comes_told
from dispatch.web.team.review.pieces import FIELDS, title_of
from dispatch.web.team.review.uploads import why_not_so
from dispatch.web.team.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One in a list: where it comes, and until when."""

    id: int
    title: str
    kind: PieceKind
    after: int
    until: str
    campaigns: str
    rests: bool


def show(visit: Visit) -> Response:
    """The newest first."""
    before = number_in(visit.asked("before")) or 0
    with visit.app.store.read() as tx:
        found = tx.standing.page(before=before, most=A_PAGE + 1)
    page = found[:A_PAGE]
    return visit.page(
        "standing.html",
        here="editions",
        lines=lines_of(visit, page),
        older=page[-1].id if len(found) > A_PAGE else 0,
    )


def show_one(visit: Visit) -> Response:
    """One, with its form for who may write."""
    return _page(visit, _asked(visit))


def save(visit: Visit) -> Response:
    """Change it; one that rests is taken up anew."""
    was = _asked(visit)
    typed = _typed(visit, was)
    try:
        until = date.fromisoformat(visit.form("until"))
    except ValueError:
        return _page(visit, typed, {"until": visit.words("standing.no_day")}, was=was)
    after = number_in(visit.form("after"))
    wanted = Changed(typed.piece, Again(until, typed.campaigns), -1 if after is None else after)
    try:
        visit.app.editions.standing.change(was.id, wanted, seen=visit.form("seen"), by=visit.by)
    except ChangedMeanwhile:
        return _page(visit, typed, {"": visit.words("standing.meanwhile")}, now=was)
    except PieceRefused as error:
        told = {error.field: why_not_so(error, visit)}
        return _page(visit, typed, told, was=was)
    except BadInput as error:
        return _page(visit, typed, _at_fields(error), was=was)
    return visit.to(f"/standing/{was.id}", "standing_saved")


def end(visit: Visit) -> Response:
    """Have it come no more."""
    number = _asked(visit).id
    try:
        visit.app.editions.standing.end(number, by=visit.by)
    except Conflict:
        return visit.to(f"/standing/{number}", "standing_rests")
    return visit.to(f"/standing/{number}", "standing_ended")


def lines_of(visit: Visit, standing: "Sequence[StandingPiece]") -> list[Line]:
    """As lists say them."""
    today, titles = visit.app.editions.standing.today, titles_of(visit)
    return [
        Line(
            id=one.id,
            title=title_of(visit, one.piece),
            kind=one.piece.kind,
            after=one.after,
            until=visit.times.day(one.until),
            campaigns=", ".join(titles.get(name, name) for name in one.campaigns),
            rests=one.rests(today),
        )
        for one in standing
    ]


def titles_of(visit: Visit) -> "Mapping[str, str]":
    """The campaigns in whose editions a piece can come, as somebody reads them."""
    known = visit.app.editions.standing.campaigns
    return {**known, LETTERS: visit.words("standing.letters")}


def _asked(visit: Visit) -> StandingPiece:
    number = number_in(visit.part("id"))
    if number is None:
        raise NotFound("piece: none comes again by that number - see them all")
    return visit.app.editions.standing.get(number)


def _typed(visit: Visit, was: StandingPiece) -> StandingPiece:
    """What was filled in, as far as it can be shown again."""
    said: dict[str, Any] = {name: visit.form.raw(name) for name in FIELDS[was.piece.kind]}
    decorates = visit.form.has("decorates")
    return replace(
        was,
        piece=replace(was.piece, **said, decorates=decorates),
        campaigns=tuple(visit.form.all("campaigns")),
    )


def _page(
    visit: Visit,
    shown: StandingPiece,
    errors: "Mapping[str, str] | None" = None,
    *,
    was: StandingPiece | None = None,
    now: StandingPiece | None = None,
) -> Response:
    """`shown` is in the form. `was` is what is kept, where that is something else.

    `now` is what it says by now, where somebody else has changed it meanwhile.
    """
    kept = now or was or shown
    titles = titles_of(visit)
    gone = {name: name for name in shown.campaigns if name not in titles}
    with visit.app.store.read() as tx:
        names = tx.persons.names()
    values: dict[str, Any] = {
        "here": "editions",
        "one": shown,
        "now": now,
        "title": title_of(visit, kept.piece),
        "kind": shown.piece.kind,
        "until": visit.times.day(kept.until),
        "rests": kept.rests(visit.app.editions.standing.today),
        "choices": [*titles.items(), *gone.items()],
        "comes": comes_told(visit, kept),
        "comes_in": [titles.get(name, name) for name in kept.campaigns],
        "names": names,
        "most": {"words": MOST_WORDS, "line": MOST_LINE},
        "seen": visit.form("seen") if errors and not now else (now or shown).fingerprint,
        "picture": _picture(visit, shown.piece),
        "after": visit.form("after") if errors else str(shown.after),
        "last_day": visit.form("until") if errors else shown.until.isoformat(),
    }
    if errors is None:
        return visit.page("standing_one.html", **values)
    if now is not None:
        return visit.page("standing_one.html", status_code=409, errors=errors, **values)
    return visit.wrong("standing_one.html", errors, **values)


def _picture(visit: Visit, piece: Piece) -> str:
    picture = piece.picture
    if picture is None:
        return ""
    return address_of(picture, visit.request.app.state.base)


def _at_fields(error: BadInput) -> dict[str, str]:
    """Each problem at the field that it begins with."""
    found: dict[str, str] = {}
    for problem in map(str, error.problems):
        name, _, rest = problem.partition(": ")
        known = name in {"text", "alt", "address", "until", "campaigns", "after"}
        found[name if known else ""] = rest if known else problem
    return found
