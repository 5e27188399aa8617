"""Campaigns, as the API tells of them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, RootModel

from dispatch.config.values.simple import NAME
from dispatch.web.api.cursors import Listed, PageQuery
from dispatch.web.api.shapes.plan import Keys

SLOT = "2026-11-24T09:00[Europe/Paris]"


class CampaignQuery(PageQuery):
    """Which campaigns."""

    text: str = Field(
        default="", description="What their name, title or feeds have in it.", max_length=200
    )


class CampaignShape(BaseModel):
    """A campaign in a list."""

    name: str = Field(description="Its name.", examples=["weekly"])
    title: str = Field(description="What readers call it.", examples=["The week"])
    family: str | None = Field(
        description="The campaign of the file that it is one cadence of; null: it has no cadences."
    )
    cadence: str | None = Field(description="Which cadence.", examples=["weekly"])
    feeds: list[str] = Field(description="The names of its feeds.", examples=[["blog"]])
    when: str = Field(
        description="When it runs, in words; empty: only when a person starts it.",
        examples=["tuesday at 09:00 Europe/Paris"],
    )
    next_run: datetime | None = Field(description="The next moment that its schedule names.")
    approval_needed: bool = Field(description="Whether somebody has to approve its editions.")
    audience: str | None = Field(description="Whom its digest goes to.", examples=["readers"])
    readers: int | None = Field(
        description="How many there are in the audience, as last counted.", examples=[1200]
    )
    templates: list[str] = Field(description="The templates it uses.", examples=[["weekly"]])
    channels: list[str] = Field(description="The channels it uses.", examples=[["mail"]])
    archive: str = Field(description="Whether its editions are pages, too.", examples=["off"])


class Campaigns(Listed[CampaignShape]):
    """A page of campaigns, in the order of schedules.yaml."""


class NextRun(BaseModel):
    """A slot to come."""

    slot: str = Field(description="The wall-clock time and the zone.", examples=[SLOT])
    moment: datetime = Field(description="The same as a moment.")
    edition: str | None = Field(description="The id of its edition, where that is made ahead.")


class CampaignWhole(CampaignShape):
    """A campaign with its plan and what comes next. The ETag is that of schedules.yaml."""

    next_runs: list[NextRun] = Field(description="The next six slots.")
    plan: Keys | None = Field(
        description="What schedules.yaml says of it (of its family, where it is one cadence), with"
        " the keys of that file; null where the token has not the right 'plan'.",
        examples=[{"feeds": ["blog"], "schedule": {"every": "tuesday", "at": "09:00"}}],
    )
    line: int | None = Field(description="Where it begins in the file.", examples=[12])


class NewCampaign(BaseModel):
    """A campaign to make."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        description="Its name in schedules.yaml; not `new`.",
        pattern=f"^{NAME.pattern}$",
        examples=["weekly"],
    )
    plan: Keys = Field(
        description="Its keys, as schedules.yaml has them below `campaigns.<name>`: title, feeds,"
        " posts, schedule, approval, email, social, archive, cadences.",
        examples=[
            {
                "title": "The week",
                "feeds": ["blog"],
                "schedule": {"every": "tuesday", "at": "09:00"},
                "approval": {"needed": True},
                "email": {"audience": "readers", "template": "weekly"},
            }
        ],
    )


class CampaignPatch(RootModel[Keys]):
    """A merge patch (RFC 7396) of a campaign's keys: null takes one out, what is left out stays."""

    root: Keys = Field(examples=[{"posts": {"at_least": 3}, "archive": None}])


class SimulationQuery(BaseModel):
    """How far back."""

    model_config = ConfigDict(extra="forbid")

    weeks: int = Field(default=8, description="So many weeks back.", ge=1, le=52, examples=[8])


class BriefPost(BaseModel):
    """A post by its title."""

    id: str = Field(description="Its id.", examples=["42"])
    feed: str = Field(description="The name of its feed.", examples=["blog"])
    title: str = Field(description="Its title.", examples=["Open on Monday"])
    why: str = Field(description="Why it is in, or not.", examples=["is news"])


class SimulatedRunShape(BaseModel):
    """What a slot would have come to by the plan as it is now."""

    slot: str = Field(description="The wall-clock time and the zone.", examples=[SLOT])
    moment: datetime = Field(description="The same as a moment.")
    skipped: str = Field(description="Why there would have been no edition; else empty.")
    posts: list[BriefPost] = Field(description="The posts of the edition.")
    waiting: int = Field(description="How many posts would have been left for later.")
    edition: str | None = Field(description="The id of the edition that there really was.")


class NeverIn(BaseModel):
    """Why posts are in no edition."""

    why: str = Field(description="The reason.", examples=["held, and nobody has decided"])
    posts: int = Field(description="How many.", examples=[2])


class SimulationShape(BaseModel):
    """The last weeks by the plan as it is now."""

    runs: list[SimulatedRunShape] = Field(description="The slots in order.")
    editions: int = Field(description="How many would have made an edition.", examples=[8])
    published: int = Field(description="How many posts those would have had.", examples=[31])
    never: list[NeverIn] = Field(description="Why other posts are in none.")


class RehearsalShape(BaseModel):
    """What a run would come to now; nothing of it is kept."""

    made: bool = Field(description="Whether there would be an edition.")
    skipped: str = Field(description="Why there would be none; else empty.")
    subject: str = Field(description="The subject of its digest; or empty.", examples=["The week"])
    posts: list[BriefPost] = Field(description="The posts that would be in it.")
    left: list[BriefPost] = Field(description="Those that would not, and why.")
    recipients: dict[str, int] = Field(
        description="Channel to how many messages would go.", examples=[{"mail": 1200}]
    )
    problems: list[str] = Field(description="What would go wrong, a sentence each.")


class RunMade(BaseModel):
    """What a run by hand came to."""

    edition: str | None = Field(description="The id of the edition; null: there is none.")
    skipped: str = Field(description="Why there is none; else empty.")
    problems: list[str] = Field(description="What went wrong on the way, a sentence each.")
