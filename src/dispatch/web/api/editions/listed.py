"""Editions: what runs have made, and the slots that made none."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from dispatch.model.editions.listed import ListedEdition
from dispatch.model.team.role import Right
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cut
from dispatch.web.api.editions.shown import ID, ShownEdition, edition_of, shown, tag_of_edition
from dispatch.web.api.operation import Operation

Stage = Literal[
    "",
    "draft",
    "in review",
    "changes requested",
    "approved",
    "scheduled",
    "sending",
    "paused",
    "finished",
    "partly failed",
    "skipped",
    "rejected",
    "cancelled",
]


class LettersQuery(PageQuery):
    """Which letters."""

    state: Stage = Field(default="", description="Where they stand, in the words of the pages.")
    q: str = Field(
        default="",
        description="With this in the subject or in the title of a post, among the newest 3,000.",
        max_length=200,
    )


class EditionsQuery(LettersQuery):
    """Which editions."""

    campaign: str = Field(default="", description="Of one campaign only.", max_length=200)


class EditionRow(BaseModel):
    """An edition, or a slot that made none."""

    id: str | None = Field(description="null: the slot made none.", examples=[ID])
    run: str = Field(description="The number of the run.", examples=["42"])
    campaign: str | None = Field(description="null: a letter.", examples=["weekly"])
    letter: bool = Field(description="Whether no schedule made it.")
    moment: datetime = Field(description="The time that it is for.")
    manual: bool = Field(description="Whether somebody had it made.")
    state: str = Field(description="Where it stands, in one of the words of `state`.")
    skipped: str = Field(description="Why there is none, or empty.")
    title: str = Field(description="Its subject, or the title of its first post.")
    posts: int
    readers: int = Field(description="0 before it was addressed.")
    reason: str = Field(description="Why it was rejected, paused or cancelled.")
    note: str = Field(description="What is to be changed, where somebody has asked for that.")
    approved_by: str
    ended_by: str
    deadline: datetime | None
    goes_out: datetime | None


def list_editions(call: Call) -> Listed[EditionRow]:
    """Editions, letters among them, and slots that made none, the newest first."""
    asked = call.query(EditionsQuery)
    return page_of(call, asked, asked.campaign)


def page_of(call: Call, asked: LettersQuery, campaign: str) -> Listed[EditionRow]:
    """A page of the list; `campaign` is empty for all."""
    last = behind(asked.cursor, int)
    with call.app.store.read() as tx:
        found = tx.listed_editions.page(
            campaign=campaign,
            stage=asked.state,
            text=asked.q,
            before=last[0] if last else 0,
            now=call.now,
            most=asked.limit + 1,
        )
    page, onward = cut(found, asked.limit, lambda one: (one.run,))
    return Listed(items=[_row(one, call) for one in page], next=onward)


def show_edition(call: Call) -> ShownEdition:
    """What an edition says, and where it stands."""
    return shown(edition_of(call))


def _row(one: ListedEdition, call: Call) -> EditionRow:
    return EditionRow(
        id=one.edition or None,
        run=str(one.run),
        campaign=None if one.is_letter else one.campaign,
        letter=one.is_letter,
        moment=one.moment,
        manual=one.manual,
        state=one.stage(call.now),
        skipped=one.skipped,
        title=one.title,
        posts=one.posts,
        readers=one.readers,
        reason=one.reason,
        note=one.note,
        approved_by=one.approved_by,
        ended_by=one.ended_by,
        deadline=one.deadline,
        goes_out=one.goes_out,
    )


OPERATIONS = (
    Operation(
        "GET",
        "/editions",
        list_editions,
        Right.LOOK,
        gives=Listed[EditionRow],
        query=EditionsQuery,
    ),
    Operation(
        "GET", "/editions/{id}", show_edition, Right.LOOK, gives=ShownEdition, tag=tag_of_edition
    ),
)
