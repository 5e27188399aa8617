"""The calendar and its slots, as the API tells of them."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dispatch.web.api.shapes.campaigns import SLOT, BriefPost

MOST_DAYS = 100


class CalendarQuery(BaseModel):
    """Which days."""

    model_config = ConfigDict(extra="forbid")

    first: date | None = Field(
        default=None,
        alias="from",
        description="The first day, by the clocks of the workspace; left out: today.",
        examples=["2026-12-01"],
    )
    last: date | None = Field(
        default=None,
        alias="to",
        description=f"The last day; no more than {MOST_DAYS} of them. Left out: 31 days.",
        examples=["2026-12-31"],
    )
    campaign: str = Field(default="", description="Only of this campaign.", max_length=200)
    channel: str = Field(default="", description="Only over this channel.", max_length=200)


class EventShape(BaseModel):
    """A slot: past, or to come."""

    kind: Literal["past", "waiting", "planned", "left out"] = Field(
        description="past: it had its run; waiting: its edition is made and has not gone out;"
        " planned: it is to come; left out: its day is."
    )
    campaign: str = Field(description="The campaign.", examples=["weekly"])
    title: str = Field(description="What readers call it.", examples=["The week"])
    slot: str = Field(description="The wall-clock time and the zone.", examples=[SLOT])
    moment: datetime = Field(description="The same as a moment.")
    leaves: datetime | None = Field(description="When its first message leaves, or did.")
    state: str = Field(
        description="planned, skipped, or where its edition stands.", examples=["planned"]
    )
    why: str = Field(description="Why it made no edition; else empty.")
    edition: str | None = Field(description="The id of its edition.")
    channels: list[str] = Field(description="Over which channels.", examples=[["mail"]])


class CalendarShape(BaseModel):
    """What there is on some days."""

    items: list[EventShape] = Field(description="In order of their moments.")
    horizon: int = Field(description="So many days ahead plans are told.", examples=[90])


class SlotShape(EventShape):
    """A slot, and what its edition would have now, while it is to come."""

    made: datetime | None = Field(description="When its edition is made; null: it is over.")
    posts: list[BriefPost] = Field(description="The posts that would be in it now; at most 50.")
    left: list[BriefPost] = Field(description="Those that would not, and why; at most 50.")
    why_none: str = Field(description="Why there would be no edition now; else empty.")


class SkipBody(BaseModel):
    """Why a slot is left out."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(
        default="", description="Why, for the record.", max_length=500, examples=["a holiday"]
    )
