"""The audit log: who did what, when, to what, from where."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from dispatch.model.team.act import Done
from dispatch.model.team.role import Right
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cursor_of, cut
from dispatch.web.api.moments import Moment
from dispatch.web.api.operation import Operation
from dispatch.web.team.audit import sheet_of

CSV = "text/csv"


class AuditSheetQuery(BaseModel):
    """Which lines."""

    model_config = ConfigDict(extra="forbid")

    by: str = Field(default="", description="What one person did, by handle.", max_length=40)
    kind: str = Field(default="", description="What it was done to.", max_length=40)
    since: Moment | None = Field(default=None, description="From a moment on.")
    q: str = Field(
        default="",
        description="With this in what it was done to or in the details.",
        max_length=200,
    )


class AuditQuery(PageQuery, AuditSheetQuery):
    """Which lines."""

    act: str = Field(
        default="",
        description="The beginning of what was done.",
        max_length=80,
        examples=["edition."],
    )


class AuditLine(BaseModel):
    """What somebody did."""

    id: str = Field(examples=["1007"])
    at: datetime
    by: str = Field(description="Their handle.", examples=["ada"])
    act: str = Field(examples=["edition.approve"])
    kind: str = Field(description="What it was done to.", examples=["edition"])
    subject: str = Field(description="Which of them, by id or name.")
    detail: dict[str, Any] = Field(description="What else there is to say.", examples=[{}])
    origin: str = Field(
        description="From where.", examples=['token "museum screen", 203.0.113.0/24']
    )


def list_audit(call: Call) -> Listed[AuditLine]:
    """The lines of the audit log, the newest first.

    With `act`, `since` or `q` a page may have fewer than `limit`, or none, and a `next` all the
    same: no index helps with that, and each page looks through some of them.
    """
    asked = call.query(AuditQuery)
    last = behind(asked.cursor, int)
    before, most = int(last[0]) if last else 0, asked.limit + 1
    below = 0
    with call.app.store.read() as tx:
        if asked.act or asked.since or asked.q:
            sought = tx.audit.sought(
                by=asked.by,
                act=asked.act,
                kind=asked.kind,
                since=asked.since,
                text=asked.q,
                before=before,
                most=most,
            )
            found, below = list(sought.items), sought.below
        else:
            found = tx.audit.page(by=asked.by, kind=asked.kind, before=before, most=most)
    page, onward = cut(found, asked.limit, lambda one: (one.id,))
    onward = onward or (cursor_of(below) if below else None)
    return Listed(items=list(map(_line, page)), next=onward)


def export_audit(call: Call) -> Response:
    """The lines of the audit log as a CSV file, the newest first."""
    asked = call.query(AuditSheetQuery)
    kinds = (asked.kind,) if asked.kind else ()
    filters = {"by": asked.by, "kinds": kinds, "since": asked.since, "text": asked.q}
    return sheet_of(call.app.store, filters)


def _line(one: Done) -> AuditLine:
    return AuditLine(
        id=str(one.id),
        at=one.at,
        by=one.by,
        act=one.act,
        kind=one.kind,
        subject=one.subject,
        detail=dict(one.detail),
        origin=one.origin,
    )


OPERATIONS = (
    Operation("GET", "/audit", list_audit, Right.PEOPLE, gives=Listed[AuditLine], query=AuditQuery),
    Operation("GET", "/audit.csv", export_audit, Right.PEOPLE, query=AuditSheetQuery, media=CSV),
)
