"""The pieces of an edition, each by itself: two can write at once."""

from http import HTTPStatus

from pydantic import Field

from dispatch.errors import NotFound, NothingChanges
from dispatch.model.editions.edition import Edition
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.editions.standing import Again
from dispatch.model.team.role import Right
from dispatch.pipeline.editions.edit import Changes, Edited
from dispatch.pipeline.editions.edit_pieces import WrittenPiece, piece_id
from dispatch.web.api.answers import Answer, tag_of
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed
from dispatch.web.api.editions.shown import edited, edition_of
from dispatch.web.api.operation import Operation
from dispatch.web.api.shapes.pieces import (
    AgainIn,
    PieceOf,
    PieceWords,
    again_in,
    piece_shown,
    written,
)


class NewPiece(PieceWords):
    """A piece, and where it is to stand."""

    kind: PieceKind
    below: str = Field(
        default="",
        description="The id of the part that it stands below; empty, or of none: at the end.",
        max_length=100,
    )
    again: AgainIn | None = Field(default=None, description="Have it come again.", examples=[None])


class PieceChanges(PieceWords):
    """What a piece is to say from now on; what is left out stays."""

    again: AgainIn | None = Field(
        default=None,
        description="Have it come again as it is after this; left out, that stays as it is.",
        examples=[None],
    )


def list_pieces(call: Call) -> Listed[PieceOf]:
    """What the team wrote into an edition, in the order of reading: 100 pieces at most."""
    edition = edition_of(call)
    pieces = [one for one in edition.content.parts if isinstance(one, Piece)]
    return Listed(items=[_shown(one, edition) for one in pieces], next=None)


def show_piece(call: Call) -> PieceOf:
    """One piece of an edition."""
    return _shown(_piece_of(call), edition_of(call))


def add_piece(call: Call) -> Answer:
    """Write a new piece into an edition.

    What was approved waits for approval again. Nobody is told before somebody asks for approval.
    """
    said = call.said(NewPiece)
    piece = written(Piece(id=piece_id(call.app.tools.new_id), kind=said.kind), said)
    made = _write(call, WrittenPiece(piece, "", said.below, _again(call, said.again)))
    kept = _in(made.edition, piece.id)
    found = {"Location": f"{call.request.url.path}/{kept.id}", "ETag": f'"{_tag(kept)}"'}
    return Answer(_shown(kept, made.edition), headers=found | edited(call, made))


def edit_piece(call: Call) -> Answer:
    """Change what a piece says, wherever it stands; others may write the other pieces meanwhile."""
    said, was = call.said(PieceChanges), _piece_of(call)
    again = _again(call, said.again)
    try:
        made = _write(call, WrittenPiece(written(was, said), was.fingerprint, again=again))
    except NothingChanges:
        return Answer(_shown(was, edition_of(call)))
    headers = edited(call, made)
    return Answer(_shown(_piece_of(call), made.edition), headers=headers)


def take_out_piece(call: Call) -> Answer:
    """Take a piece out of an edition."""
    edition, piece = edition_of(call), _piece_of(call)
    changes = Changes(take_out=(piece.id,))
    seen = edition.fingerprint
    made = call.app.editions.edit(edition.id, changes, by=call.by, ready=False, seen=seen)
    return Answer(None, headers=edited(call, made))


def tag_of_piece(call: Call) -> str:
    """The tag of what is told of it."""
    return _tag(_piece_of(call))


def _tag(piece: Piece) -> str:
    return tag_of(piece.fingerprint, piece.standing)


def _write(call: Call, one: WrittenPiece) -> Edited:
    changes, edition = Changes(write=(one,)), edition_of(call)
    return call.app.editions.edit(edition.id, changes, by=call.by, ready=False)


def _again(call: Call, said: AgainIn | None) -> Again | None:
    again = again_in(said)
    return call.app.editions.standing.checked(again) if again else None


def _piece_of(call: Call) -> Piece:
    return _in(edition_of(call), call.part("piece"))


def _in(edition: Edition, key: str) -> Piece:
    found = next((one for one in edition.content.pieces if one.id == key), None)
    if found is None:
        raise NotFound(f"piece {key[:40]}: is not in the edition - see its pieces")
    return found


def _shown(piece: Piece, edition: Edition) -> PieceOf:
    return piece_shown(piece, edition.content.publisher.public_url)


_AT = "/editions/{id}/pieces"

OPERATIONS = (
    Operation("GET", _AT, list_pieces, Right.LOOK, gives=Listed[PieceOf]),
    Operation(
        "POST",
        _AT,
        add_piece,
        Right.WRITE,
        gives=PieceOf,
        takes=NewPiece,
        status=HTTPStatus.CREATED,
        slow=True,  # a trial renders the edition
    ),
    Operation("GET", f"{_AT}/{{piece}}", show_piece, Right.LOOK, gives=PieceOf, tag=tag_of_piece),
    Operation(
        "PATCH",
        f"{_AT}/{{piece}}",
        edit_piece,
        Right.WRITE,
        gives=PieceOf,
        takes=PieceChanges,
        tag=tag_of_piece,
        slow=True,
    ),
    Operation(
        "DELETE", f"{_AT}/{{piece}}", take_out_piece, Right.WRITE, tag=tag_of_piece, slow=True
    ),
)
