"""Posts, as the API tells of them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dispatch.web.api.cursors import Listed, PageQuery

MOST_AT_ONCE = 1_900
"""Posts about which one call may decide: as many as a page can."""

PostWord = Literal["new", "held", "edition", "told", "dropped", "backlog"]
PostTab = Literal["all", "new", "held", "edition", "told", "dropped"]


class PostQuery(PageQuery):
    """Which posts."""

    state: PostTab = Field(
        default="all",
        description="new: waits for an edition; held: waits for a person; edition: is in one that"
        " has not gone out; told: has gone out; dropped: a person has said that no edition is to"
        " have it.",
        examples=["held"],
    )
    feed: str = Field(
        default="",
        description="The name of a feed; empty: of all.",
        max_length=200,
        examples=["blog"],
    )
    text: str = Field(
        default="",
        description="What their title or link has in it; looked for in the newest 20,000 posts.",
        max_length=200,
        examples=["concert"],
    )


class HoldShape(BaseModel):
    """Why a post is, or was, set aside for a person."""

    reason: str = Field(description="What it looks like.", examples=["looks like an edit"])
    since: datetime = Field(description="When it was set aside.")
    like: str | None = Field(description="The id of the post that it looks like.", examples=["41"])
    decision: Literal["released", "dropped"] | None = Field(
        description="What a person said; null: nobody has yet."
    )
    by: str = Field(description="Who said so, by their handle; else empty.", examples=["ada"])
    at: datetime | None = Field(description="When they did.")


class UseShape(BaseModel):
    """An edition that has a post."""

    edition: str = Field(description="Its id.", examples=["0198c0de"])
    campaign: str = Field(description="The campaign that it is of.", examples=["weekly"])
    slot: str = Field(
        description="The wall-clock time that it is for, and the zone.",
        examples=["2026-11-24T09:00[Europe/Paris]"],
    )
    state: str = Field(description="How the edition stands.", examples=["in review"])


class PostShape(BaseModel):
    """A post in a list."""

    id: str = Field(description="Its id.", examples=["42"])
    feed: str = Field(description="The name of its feed.", examples=["blog"])
    title: str = Field(description="Its title, as plain text.", examples=["Open on Monday"])
    link: str = Field(description="Where it is.", examples=["https://blog.example.org/monday"])
    state: PostWord = Field(
        description="What has become of it; backlog: it was in the feed before the first poll."
    )
    published: datetime | None = Field(description="When its feed says that it was published.")
    first_seen: datetime = Field(description="When we met it.")
    revision: int = Field(description="1 for what it said first; more after edits.", examples=[1])
    hold: HoldShape | None = Field(description="Why it was set aside, if it was.")
    editions: list[UseShape] = Field(description="The editions that have it, the latest first.")
    campaigns: list[str] = Field(
        description="The campaigns that follow its feed.", examples=[["weekly"]]
    )


class Posts(Listed[PostShape]):
    """A page of posts, those that we met last first."""


class PostRunShape(BaseModel):
    """A run that looked at a post."""

    campaign: str = Field(description="The campaign.", examples=["weekly"])
    slot: str = Field(
        description="The wall-clock time of the run.", examples=["2026-11-24T09:00[Europe/Paris]"]
    )
    included: bool = Field(description="Whether it took the post.")
    reason: str = Field(description="Why.", examples=["is news"])
    edition: str | None = Field(description="The id of the edition that the run made.")


class RevisionShape(BaseModel):
    """What a post said until then."""

    number: int = Field(description="1 is the first.", examples=[1])
    replaced_at: datetime = Field(description="Until when it said so.")
    title: str = Field(description="The title then.", examples=["Open on Sunday"])
    text: str = Field(description="The text then, as safe HTML.", examples=["<p>We open.</p>"])


class PostWhole(PostShape):
    """A post with all that it says, and what runs thought of it."""

    summary: str = Field(description="Plain text.", examples=["We open on Monday."])
    content: str = Field(description="Safe HTML.", examples=["<p>We open on Monday.</p>"])
    authors: list[str] = Field(description="Their names.", examples=[["Ada"]])
    topics: list[str] = Field(description="Its topics.", examples=[["museum"]])
    image: str = Field(description="The address of its picture; empty: it has none.")
    image_alt: str = Field(description="What stands for the picture.")
    language: str = Field(description="As a tag; empty: nobody has said it.", examples=["en"])
    updated: datetime | None = Field(description="When its feed says that it was changed.")
    runs: list[PostRunShape] = Field(description="The last 50 runs that looked at it.")
    revisions: list[RevisionShape] = Field(description="What it said before, the latest first.")


_IDS = Field(
    description="Of posts; all are decided about, or none.",
    min_length=1,
    max_length=MOST_AT_ONCE,
    examples=[["42", "43"]],
)


class PostDecision(BaseModel):
    """About which posts something is decided."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] = _IDS
    seen: Literal["", "released", "dropped"] | None = Field(
        default=None,
        description="What was decided about them when you looked, empty for nothing: where somebody"
        " has said otherwise since, that is a conflict (409). null: it counts whatever they said.",
    )


class HeldAgain(BaseModel):
    """Which decision is taken back."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] = _IDS
    seen: Literal["released", "dropped"] = Field(
        description="What was decided and is taken back.", examples=["released"]
    )


class DecidedPosts(BaseModel):
    """The posts about which it was decided."""

    ids: list[str] = Field(description="Their ids.", examples=[["42", "43"]])
