"""What somebody decides about an edition: ask, approve, ask for changes, reject."""

from pydantic import BaseModel, ConfigDict, Field

from dispatch.model.team.role import Right
from dispatch.web.api.call import Call
from dispatch.web.api.editions.shown import Decided, decided, edition_of
from dispatch.web.api.operation import Operation


class Approval(BaseModel):
    """What was looked at."""

    model_config = ConfigDict(extra="forbid")

    fingerprint: str = Field(
        description="Of the edition as it was looked at: one that says something else by now is"
        " not approved.",
        pattern="^[0-9a-f]{64}$",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )


def approve_edition(call: Call) -> Decided:
    """Let an edition go out as it was looked at."""
    seen = call.said(Approval).fingerprint
    edition = edition_of(call)
    return decided(call, call.app.editions.approve(edition.id, by=call.by, seen=seen))


OPERATIONS = (
    Operation(
        "POST",
        "/editions/{id}/approve",
        approve_edition,
        Right.APPROVE,
        gives=Decided,
        takes=Approval,
    ),
)
