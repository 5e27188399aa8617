"""What somebody decides about an edition: ask, approve, ask for changes, reject."""

from pydantic import BaseModel, ConfigDict, Field

from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Right
from dispatch.pipeline.reviews import decide
from dispatch.pipeline.reviews.ask import MOST_NOTE, ask_for_approval, take_back_approval
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.editions.shown import (
    FINGERPRINT,
    Decided,
    decided,
    edition_of,
)
from dispatch.web.api.operation import Operation

MOST_REASON = 500


class EditionApproval(BaseModel):
    """What was looked at."""

    model_config = ConfigDict(extra="forbid")

    fingerprint: str = Field(
        description="Of the edition as it was looked at: one that says something else by now is"
        " not approved.",
        pattern="^[0-9a-f]{64}$",
        examples=[FINGERPRINT],
    )


class ApprovalRequest(BaseModel):
    """What those who approve are to know."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", description="For those who approve.", max_length=MOST_NOTE)
    fingerprint: str = Field(
        default="",
        description="Of what is to be approved; empty: as it is now.",
        pattern="^([0-9a-f]{64})?$",
    )


class WantedChanges(BaseModel):
    """What is to be changed."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(
        description="For whoever edits it.",
        min_length=1,
        max_length=MOST_NOTE,
        examples=["Leave out the second post"],
    )


class EditionRejection(BaseModel):
    """Why it does not go out."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=MOST_REASON, examples=["Nothing new this week"])


def ask_approval(call: Call) -> Answer:
    """Ask for approval: those who approve are told."""
    said, app, edition = call.said(ApprovalRequest), call.app, edition_of(call)
    if edition.state is EditionState.DRAFT:
        asked = app.letters.ask(edition.id, by=call.by, note=said.note, seen=said.fingerprint)
        return decided(call, asked)
    edition = ask_for_approval(
        edition.id,
        by=call.by,
        note=said.note,
        seen=said.fingerprint,
        store=app.store,
        clock=app.clock,
    )
    return decided(call, edition)


def approve_edition(call: Call) -> Answer:
    """Let an edition go out as it was looked at."""
    seen = call.said(EditionApproval).fingerprint
    edition = edition_of(call)
    return decided(call, call.app.editions.approve(edition.id, by=call.by, seen=seen))


def request_changes(call: Call) -> Answer:
    """Have an edition wait for an edit."""
    app, note = call.app, call.said(WantedChanges).note
    edition = edition_of(call)
    asked = decide.request_changes(
        edition.id, note=note, by=call.by, store=app.store, clock=app.clock
    )
    return decided(call, asked)


def reject_edition(call: Call) -> Answer:
    """Drop an edition for good; its posts wait for the next one."""
    app, reason = call.app, call.said(EditionRejection).reason
    edition = edition_of(call)
    rejected = decide.reject_edition(
        edition.id, reason=reason, by=call.by, store=app.store, clock=app.clock
    )
    return decided(call, rejected)


def take_back_edition(call: Call) -> Answer:
    """Have what is approved wait for a decision again."""
    app, edition = call.app, edition_of(call)
    back = take_back_approval(edition.id, by=call.by, store=app.store, clock=app.clock)
    return decided(call, back)


_AT = "/editions/{id}"

OPERATIONS = (
    Operation(
        "POST", f"{_AT}/ready", ask_approval, Right.WRITE, gives=Decided, takes=ApprovalRequest
    ),
    Operation("POST", f"{_AT}/take-back", take_back_edition, Right.WRITE, gives=Decided),
    Operation(
        "POST",
        f"{_AT}/request-changes",
        request_changes,
        Right.APPROVE,
        gives=Decided,
        takes=WantedChanges,
    ),
    Operation(
        "POST",
        f"{_AT}/approve",
        approve_edition,
        Right.APPROVE,
        gives=Decided,
        takes=EditionApproval,
        slow=True,  # its checks render it
    ),
    Operation(
        "POST",
        f"{_AT}/reject",
        reject_edition,
        Right.APPROVE,
        gives=Decided,
        takes=EditionRejection,
    ),
)
