"""Channels, as the API tells of them; secrets by their names, never by what they are."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from dispatch.config.values.simple import NAME
from dispatch.pipeline.delivery.channel_standing import StandingWord
from dispatch.web.api.cursors import Listed
from dispatch.web.api.shapes.plan import Keys


class StopShape(BaseModel):
    """Why nothing leaves over a channel."""

    until: datetime | None = Field(description="Until when; null: until a person lets it go on.")
    reason: str = Field(description="Why.", examples=["paused by ada: a wrong link"])


class CheckShape(BaseModel):
    """What trying a channel last came to."""

    at: datetime = Field(description="When.")
    by: str = Field(description="Who asked for it, by their handle.", examples=["ada"])
    account: str = Field(description="Who we are there.", examples=["@acme on social.example"])
    problem: str = Field(description="What is wrong; empty where all is well.")


class ChannelShape(BaseModel):
    """A channel, and how it stands."""

    name: str = Field(description="Its name.", examples=["mail"])
    provider: str = Field(description="The name of its provider.", examples=["smtp"])
    carries: list[str] = Field(description="What it takes.", examples=[["email"]])
    state: StandingWord = Field(description="One word for how it stands.")
    problem: str = Field(description="Why its provider is not there; else empty.")
    stop: StopShape | None = Field(description="Why nothing leaves over it, if so.")
    check: CheckShape | None = Field(description="What trying it last came to.")
    waiting: int = Field(description="Messages planned over it and not handed over.")
    used_today: int = Field(description="Messages handed over today.")
    per_day: int | None = Field(description="How many may go in a day; null: no limit.")
    posted_this_month: int = Field(description="Posts made in this calendar month.")
    posts_per_month: int | None = Field(description="How many it may make; null: no limit.")
    max_text: int | None = Field(description="Characters that a text may have; null: no limit.")
    access: str | None = Field(
        description="How long its account lets us in: none, fine, soon, ended or stuck; null where"
        " that never ends.",
        examples=["fine"],
    )
    access_ends: datetime | None = Field(description="When that ends, where it is known.")
    campaigns: list[str] = Field(description="The campaigns that use it.", examples=[["weekly"]])


class Channels(Listed[ChannelShape]):
    """A page of channels, in the order of schedules.yaml."""


class FindingShape(BaseModel):
    """Something that the doctor found."""

    kind: str = Field(description="stop, look or fine.", examples=["look"])
    name: str = Field(description="What it is about.", examples=["dmarc_none"])
    values: Keys = Field(description="What it names.")


class ExaminationShape(BaseModel):
    """What the doctor found of a channel, the worst first."""

    at: datetime = Field(description="When.")
    by: str = Field(description="Who asked for it, by their handle.", examples=["ada"])
    findings: list[FindingShape] = Field(description="What was found.")


class ChannelWhole(ChannelShape):
    """A channel with its options. The ETag is that of schedules.yaml."""

    options: Keys = Field(
        description="Its options as the file has them; a secret is env:NAME or file:PATH.",
        examples=[{"host": "smtp.example.org", "password": "env:SMTP_PASSWORD"}],
    )
    pace: Keys = Field(
        description="Its pace: per_second, connections.", examples=[{"per_second": 50}]
    )
    hook: str = Field(description="The address where its service calls us back; or empty.")
    examined: ExaminationShape | None = Field(description="What the doctor last found.")


class PacePatch(BaseModel):
    """How fast it may go; null takes a limit out."""

    model_config = ConfigDict(extra="forbid")

    per_second: float | None = Field(
        default=None, description="Messages a second.", gt=0, examples=[50]
    )
    per_day: int | None = Field(default=None, description="Messages a day.", gt=0)
    connections: int | None = Field(default=None, description="Connections or calls at once.", gt=0)


_OPTIONS: Any = Field(
    default_factory=dict,
    description="What the provider wants to know, as schedules.yaml has it below `options`. A"
    " secret is told by the name of an environment variable (env:NAME); a file is named only in"
    " the file itself.",
    examples=[{"server": "https://social.example", "token": "env:MASTODON_TOKEN"}],
)
_ANYWAY = Field(default=False, description="Save it also where trying it fails.", examples=[False])


class NewChannel(BaseModel):
    """A channel to connect."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        description="Its name in schedules.yaml.",
        pattern=f"^{NAME.pattern}$",
        examples=["mastodon"],
    )
    provider: str = Field(
        description="The name of its provider.", max_length=200, examples=["mastodon"]
    )
    options: dict[str, Any] = _OPTIONS
    pace: PacePatch | None = Field(default=None, description="How fast it may go.")
    anyway: bool = _ANYWAY


class ChannelPatch(BaseModel):
    """What is to be another; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    options: dict[str, Any] | None = Field(
        default=None,
        description="A merge patch (RFC 7396) of its options: null takes one out. A secret is"
        " told by env:NAME.",
        examples=[{"token": "env:NEW_TOKEN"}],
    )
    pace: PacePatch | None = Field(default=None, description="A merge patch of its pace.")
    anyway: bool = _ANYWAY


class PauseBody(BaseModel):
    """Why nothing is to leave."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(
        description="Why, for the record.",
        min_length=1,
        max_length=500,
        examples=["a wrong link went out"],
    )


class Disconnected(BaseModel):
    """Whether a channel's access was ended."""

    ended: bool = Field(description="false: there was none.")
