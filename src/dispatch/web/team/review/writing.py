"""A piece is saved by itself, and shown while somebody writes it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from dispatch.errors import BadInput, ChangedMeanwhile, NothingChanges, TemplateFailed
from dispatch.model.editions.piece import MOST_WORDS, Piece, PieceKind, PiecePicture
from dispatch.model.editions.refused import PieceRefused
from dispatch.model.editions.uploaded import PictureRefused
from dispatch.pipeline.editions.edit import Changes
from dispatch.pipeline.editions.edit_pieces import WrittenPiece
from dispatch.render.pieces.markdown import html_of, word_count
from dispatch.web.team.frame import HEADERS
from dispatch.web.team.review import clash, piece_clash
from dispatch.web.team.review.again import asked_again
from dispatch.web.team.review.desk import Desk, desk_of
from dispatch.web.team.review.edits import at_fields, said_of
from dispatch.web.team.review.page import answer
from dispatch.web.team.review.pieces import FIELDS, Opened, path_of
from dispatch.web.team.review.uploads import why_not_so, why_refused
from dispatch.web.team.visit import Visit

NAMED = frozenset({"text", "alt", "address", "picture", "until", "campaigns"})
"""Fields that a problem may begin with."""

MOST_SHOWN = 200
"""Characters of the name of a file, in a message."""

Show = Callable[[Desk, Mapping[str, str], Opened], Response]
"""The page once more (422): with an error at each field, and the piece as it was typed."""


def save(visit: Visit) -> Response:
    """One piece of an edition. Where somebody else has written the same one meanwhile: both."""
    return save_at(desk_of(visit), _answer)


def save_at(desk: Desk, show: Show) -> Response:
    """The same, for any page with such a list."""
    visit = desk.visit
    kind = visit.form("kind")
    if kind not in {*PieceKind}:
        raise BadInput([visit.words("errors.bad_form")])
    fields = {name: visit.form.raw(name) for name in FIELDS[PieceKind(kind)]}
    typed = clash.taken(visit, fields)
    key = visit.form("piece")
    if typed is None:
        return visit.to(path_of(desk, key), "edition_theirs")
    piece = Piece(
        id=key,
        kind=PieceKind(kind),
        text=typed.get("text", ""),
        address=typed.get("address", ""),
        alt=typed.get("alt", ""),
        decorates=bool(clash.chosen(visit, "decorates")),
    )
    seen, below, mark = visit.form("seen"), visit.form("below"), visit.form("was-mark")
    opened = Opened(piece, _was(visit, piece), seen, below, mark)
    if piece.kind is PieceKind.PICTURE:
        try:
            opened = replace(opened, piece=replace(piece, picture=_picture(visit)))
        except PictureRefused as error:
            return show(desk, {"piece-picture": why_refused(error, visit.words)}, opened)
    return _saved(desk, opened, show)


def _saved(desk: Desk, opened: Opened, show: Show) -> Response:
    visit, piece = desk.visit, opened.piece
    try:
        write = WrittenPiece(piece, opened.seen, opened.below, asked_again(visit))
        edited = visit.app.editions.edit(
            desk.edition.id, Changes(write=(write,)), by=visit.by, ready=False
        )
    except NothingChanges:
        return visit.to(path_of(desk, piece.id), "edition_nothing")
    except ChangedMeanwhile:
        return piece_clash.both(desk, opened)
    except PieceRefused as error:
        return show(desk, {f"piece-{error.field}": why_not_so(error, visit)}, opened)
    except (BadInput, TemplateFailed) as error:
        return show(desk, at_fields(error, NAMED, begin="piece-", others="posts"), opened)
    return visit.to(path_of(desk, piece.id), said_of(edited))


def preview(visit: Visit) -> Response:
    """What a text becomes, for the block beside its field."""
    text = visit.form.raw("text")[:MOST_WORDS]
    told = visit.words("pieces.words", count=word_count(text))
    page = Markup("<!doctype html><title>dispatch</title><div>{}</div><p>{}</p>")
    return HTMLResponse(page.format(html_of(text), told), headers=HEADERS)


def _answer(desk: Desk, errors: Mapping[str, str], opened: Opened) -> Response:
    return answer(desk, errors=errors, opened=opened)


def _was(visit: Visit, piece: Piece) -> Piece:
    """The piece as it was when the form was made, as far as the form says it."""
    return replace(
        piece,
        text=visit.form.raw("was-text"),
        alt=visit.form.raw("was-alt"),
        address=visit.form.raw("was-address"),
        decorates=visit.form.has("was-decorates"),
    )


def _picture(visit: Visit) -> PiecePicture | None:
    """The one that came with the form, or the one that it names. Raises BadInput."""
    file = visit.form.files.get("picture")
    if file is not None and file.filename:
        name = file.filename[:MOST_SHOWN]
        return visit.app.pictures.take(name, file.file.read(), by=visit.by)
    mark = clash.chosen(visit, "mark")
    if not mark:
        return None
    with visit.app.store.read() as tx:
        return tx.uploaded_pictures.of([mark]).get(mark)
