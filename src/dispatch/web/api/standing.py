"""Pieces that come again in each edition of some campaigns until a day."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.standing import MOST_AFTER, MOST_CAMPAIGNS, Again, StandingPiece
from dispatch.model.team.role import Right
from dispatch.pipeline.editions.change_standing import Changed
from dispatch.web.api.answers import tag_of
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cut
from dispatch.web.api.operation import Operation
from dispatch.web.api.shapes.pieces import PieceWords, UploadedPicture, picture_shown, written


class StandingPieceOf(BaseModel):
    """A piece that comes again, and until when."""

    id: str = Field(examples=["7"])
    kind: str = Field(examples=["text"])
    text: str
    address: str
    picture: UploadedPicture | None
    alt: str
    decorates: bool
    campaigns: list[str] = Field(
        description=f"In whose editions; {LETTERS} is for letters.", examples=[["weekly"]]
    )
    until: date = Field(description="The last day.", examples=["2026-12-24"])
    after: int = Field(description="How many posts are read before it.")
    rests: bool = Field(description="Whether its last day is over.")
    made_by: str = Field(examples=["ada"])
    made: datetime
    changed_by: str
    changed: datetime | None


class StandingChanges(PieceWords):
    """What comes from now on; what is left out stays. Editions that have a copy keep it."""

    campaigns: list[str] = Field(
        default_factory=list,
        description=f"In whose editions; {LETTERS} is for letters.",
        max_length=MOST_CAMPAIGNS,
        examples=[["weekly"]],
    )
    until: date | None = Field(
        default=None,
        description="The last day; one to come takes up anew what rests.",
        examples=["2026-12-24"],
    )
    after: int | None = Field(
        default=None, description="How many posts are read before it.", ge=0, le=MOST_AFTER
    )


def list_standing(call: Call) -> Listed[StandingPieceOf]:
    """The pieces that come again, and those that rest, the newest first."""
    asked = call.query(PageQuery)
    last = behind(asked.cursor, int)
    with call.app.store.read() as tx:
        found = tx.standing.page(before=last[0] if last else 0, most=asked.limit + 1)
    page, onward = cut(found, asked.limit, lambda one: (one.id,))
    return Listed(items=[_shown(one, call) for one in page], next=onward)


def show_standing(call: Call) -> StandingPieceOf:
    """One that comes again."""
    return _shown(_standing_of(call), call)


def change_standing(call: Call) -> StandingPieceOf:
    """Change what it says, where it comes, and until when: after its last day, take it up anew."""
    said, was = call.said(StandingChanges), _standing_of(call)
    wanted = Changed(
        written(was.piece, said),
        Again(said.until or was.until, tuple(said.campaigns) or was.campaigns),
        was.after if said.after is None else said.after,
    )
    standing = call.app.editions.standing
    changed = standing.change(was.id, wanted, seen=was.fingerprint, by=call.by)
    return _shown(call.again("standing", changed), call)


def end_standing(call: Call) -> StandingPieceOf:
    """Have it come no more."""
    return _shown(call.app.editions.standing.end(call.number("number"), by=call.by), call)


def tag_of_standing(call: Call) -> str:
    """The tag of what is told of it."""
    return tag_of(_shown(_standing_of(call), call).model_dump_json())


def _standing_of(call: Call) -> StandingPiece:
    return call.once("standing", lambda: call.app.editions.standing.get(call.number("number")))


def _shown(one: StandingPiece, call: Call) -> StandingPieceOf:
    piece, publisher = one.piece, call.app.workspace.publisher
    return StandingPieceOf(
        id=str(one.id),
        kind=piece.kind,
        text=piece.text,
        address=piece.address,
        picture=picture_shown(piece.picture, publisher.public_url) if piece.picture else None,
        alt=piece.alt,
        decorates=piece.decorates,
        campaigns=list(one.campaigns),
        until=one.until,
        after=one.after,
        rests=one.rests(call.app.editions.standing.today),
        made_by=one.by,
        made=one.at,
        changed_by=one.changed_by,
        changed=one.changed_at,
    )


_AT = "/standing/{number}"

OPERATIONS = (
    Operation(
        "GET",
        "/standing",
        list_standing,
        Right.LOOK,
        gives=Listed[StandingPieceOf],
        query=PageQuery,
    ),
    Operation("GET", _AT, show_standing, Right.LOOK, gives=StandingPieceOf, tag=tag_of_standing),
    Operation(
        "PATCH",
        _AT,
        change_standing,
        Right.WRITE,
        gives=StandingPieceOf,
        takes=StandingChanges,
        tag=tag_of_standing,
    ),
    Operation("POST", f"{_AT}/end", end_standing, Right.WRITE, gives=StandingPieceOf),
)
