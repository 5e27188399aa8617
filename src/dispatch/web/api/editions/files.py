"""An edition's deliveries and its digest as files, and what edits have changed in it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from dispatch.errors import NotFound
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.difference import Did, EditionEdit
from dispatch.model.team.role import Right
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed
from dispatch.web.api.editions.previews import DigestQuery, reader_of
from dispatch.web.api.editions.shown import edition_of
from dispatch.web.api.operation import Operation
from dispatch.web.team.campaign_titles import file_name
from dispatch.web.team.deliveries import MISSED, Choice, sheet_of
from dispatch.web.team.readers.sheets import PRIVATE

CSV = "text/csv"
MAIL = "message/rfc822"


class DeliveriesSheetQuery(BaseModel):
    """Which deliveries."""

    model_config = ConfigDict(extra="forbid")

    state: DeliveryState | Literal["", "missed"] = Field(
        default="", description="In one state; missed: who did not get it; empty: all."
    )


class ChangedText(BaseModel):
    """A text before and after; empty: what the template says."""

    name: str = Field(examples=["subject"])
    before: str
    after: str
    channel: str = Field(description="Of a snippet: where.")
    part: str = Field(description="Of a snippet: for which post.")


class ChangedPiece(BaseModel):
    """A piece before and after, in words; empty: it was not there, or stayed as it is."""

    id: str = Field(examples=["p7f3c"])
    kind: str = Field(examples=["text"])
    what: Did
    before: str
    after: str


class EditOf(BaseModel):
    """What somebody changed at once."""

    by: str = Field(examples=["ada"])
    at: datetime
    was: str = Field(description="The fingerprint before.")
    fingerprint: str = Field(description="The fingerprint after.")
    texts: list[ChangedText]
    pieces: list[ChangedPiece]
    added: list[str] = Field(description="Posts by id.")
    dropped: list[str]
    order: list[str] = Field(description="Of posts, where it is another.")


def list_edition_changes(call: Call) -> Listed[EditOf]:
    """Every edit of an edition, the newest first."""
    edition = edition_of(call)
    with call.app.store.read() as tx:
        edits = tx.edition_edits.of(edition.id)
    return Listed(items=list(map(_edit, edits)), next=None)


def export_mail(call: Call) -> Response:
    """The digest as a file that mail programs open, as a typical reader would get it."""
    edition = edition_of(call)
    if edition.content.email is None:
        raise NotFound(f"edition {edition.id[:8]}: has no email - look at its snippets")
    mail = call.app.editions.as_mail(edition.content, reader_of(call, edition))
    name = f"{file_name(edition.campaign)}-{edition.content.slot:%Y-%m-%d}.eml"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(mail, media_type=MAIL, headers=PRIVATE | disposition)


def export_deliveries(call: Call) -> Response:
    """The deliveries of an edition as a CSV file."""
    state = call.query(DeliveriesSheetQuery).state
    chosen = Choice("all")
    if state == "missed":
        chosen = Choice("missed", MISSED)
    elif state:
        chosen = Choice(state, (DeliveryState(state),))
    return sheet_of(call.app.store, edition_of(call), chosen)


def _edit(one: EditionEdit) -> EditOf:
    changes = one.changes
    return EditOf(
        by=one.by,
        at=one.at,
        was=one.was,
        fingerprint=one.fingerprint,
        texts=[
            ChangedText(
                name=text.name,
                before=text.before,
                after=text.after,
                channel=text.channel,
                part=text.part,
            )
            for text in changes.texts
        ],
        pieces=[
            ChangedPiece(
                id=piece.id,
                kind=piece.kind,
                what=piece.what,
                before=piece.before,
                after=piece.after,
            )
            for piece in changes.pieces
        ],
        added=list(map(str, changes.added)),
        dropped=list(map(str, changes.dropped)),
        order=list(map(str, changes.order)),
    )


_AT = "/editions/{id}"

OPERATIONS = (
    Operation("GET", f"{_AT}/changes", list_edition_changes, Right.LOOK, gives=Listed[EditOf]),
    Operation("GET", f"{_AT}/edition.eml", export_mail, Right.LOOK, query=DigestQuery, media=MAIL),
    Operation(
        "GET",
        f"{_AT}/deliveries.csv",
        export_deliveries,
        Right.READERS,
        query=DeliveriesSheetQuery,
        media=CSV,
    ),
)
