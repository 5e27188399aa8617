"""Two people have written one piece at once: its texts, its picture, and what it is for."""

from markupsafe import Markup, escape
from starlette.responses import Response

from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.web.team.review import clash
from dispatch.web.team.review.again import hidden_again
from dispatch.web.team.review.desk import Desk, desk_of
from dispatch.web.team.review.pieces import FIELDS, Opened, picture_mark, thumbnail
from dispatch.web.team.visit import Visit


def both(desk: Desk, opened: Opened) -> Response:
    """409: what was typed, beside what the piece says by now, or that it is out."""
    visit, mine = desk.visit, opened.piece
    fresh = desk_of(visit)
    now = next((one for one in fresh.edition.content.pieces if one.id == mine.id), None)
    theirs = now or Piece(id=mine.id, kind=mine.kind)
    picks = _picks(visit, opened, theirs) if now else []
    differ = [
        name
        for name in FIELDS[mine.kind]
        if getattr(mine, name).strip() != getattr(theirs, name).strip()
    ]
    fields = differ if differ or picks else FIELDS[mine.kind][:1]
    same = {name: str(getattr(mine, name)) for name in FIELDS[mine.kind] if name not in fields}
    asked = {pick.name for pick in picks}
    hidden = {
        "piece": mine.id,
        "kind": str(mine.kind),
        "below": opened.below,
        "seen": now.fingerprint if now else "",
        "mark": "" if "mark" in asked else picture_mark(mine),
        "decorates": "yes" if mine.decorates and "decorates" not in asked else "",
        "was-mark": picture_mark(theirs),
        "was-decorates": "yes" if theirs.decorates else "",
        **hidden_again(visit),
    }
    return clash.page(
        fresh,
        "pieces",
        fields,
        {name: getattr(mine, name) for name in fields},
        {name: getattr(theirs, name) for name in fields},
        titles={name: visit.words(f"pieces.{mine.kind}_{name}") for name in fields},
        hidden={name: value for name, value in (hidden | same).items() if value},
        picks=picks,
        gone=now is None,
    )


def _picks(visit: Visit, opened: Opened, theirs: Piece) -> list[clash.Pick]:
    """What is no text and differs: one of the two is kept, by default the one that is new."""
    mine, words = opened.piece, visit.words
    if mine.kind is not PieceKind.PICTURE:
        return []
    found = []
    if picture_mark(mine) != picture_mark(theirs):
        found.append(
            clash.Pick(
                name="mark",
                title=words("pieces.picture"),
                mine=picture_mark(mine),
                theirs=picture_mark(theirs),
                mine_shown=_shown(visit, mine),
                theirs_shown=_shown(visit, theirs),
                keeps_theirs=picture_mark(mine) == opened.mark,
            )
        )
    if mine.decorates != theirs.decorates:
        yes, no = ("yes", escape(words("letters.yes"))), ("", escape(words("letters.no")))
        my_value, my_word = yes if mine.decorates else no
        their_value, their_word = yes if theirs.decorates else no
        found.append(
            clash.Pick(
                name="decorates",
                title=words("pieces.decorates"),
                mine=my_value,
                theirs=their_value,
                mine_shown=my_word,
                theirs_shown=their_word,
                keeps_theirs=mine.decorates == opened.was.decorates,
            )
        )
    return found


def _shown(visit: Visit, piece: Piece) -> Markup:
    """The picture itself, which its alternative text is beside."""
    path, picture = thumbnail(piece), piece.picture
    if picture is None or not path:
        return escape(visit.words("pieces.nothing"))
    return Markup('<img src="{}{}" alt="{}" width="{}" height="{}">').format(
        visit.request.app.state.base, path, piece.alt, picture.width, picture.height
    )
