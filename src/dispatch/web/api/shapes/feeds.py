"""Feeds, as the API tells of them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from dispatch.pipeline.intake.feed_state import FeedWord
from dispatch.web.api.cursors import Listed, PageQuery

LONGEST = 2_048

_NAME = Field(
    description="Its name in schedules.yaml.", examples=["blog"], max_length=200, min_length=1
)


class FeedQuery(PageQuery):
    """Which feeds."""

    state: FeedWord | None = Field(
        default=None, description="Only those that are so.", examples=["failing"]
    )
    text: str = Field(
        default="", description="What their name, title or address has in it.", max_length=200
    )


class FeedShape(BaseModel):
    """A feed in a list."""

    name: str = _NAME
    title: str = Field(
        description="What readers call it, or what it calls itself.", examples=["The Acme Blog"]
    )
    url: str = Field(
        description="Its address in the file, with *** for what is secret of it.",
        examples=["https://blog.example.org/feed.xml"],
    )
    moved_to: str = Field(description="Where it has moved to for good; empty: it has not.")
    state: FeedWord = Field(description="How it is; new: it was never polled.")
    problem: str = Field(description="Why the last poll brought no feed; empty where it did.")
    polled_at: datetime | None = Field(description="When it was polled last.")
    next_poll_at: datetime | None = Field(description="When it is polled next.")
    next_poll_why: str = Field(description="Why it is polled then.")
    last_post_at: datetime | None = Field(description="When its latest post was published.")
    usual_gap: int | None = Field(
        description="Seconds between two posts, usually; null: not known yet.", examples=[86400]
    )
    fulltext: bool = Field(description="Whether the pages of new posts are read for their text.")
    page_images: bool = Field(description="Whether they are read for a picture.")
    campaigns: list[str] = Field(description="The campaigns that use it.", examples=[["weekly"]])


class Feeds(Listed[FeedShape]):
    """A page of feeds, in the order of schedules.yaml."""


class FeedWhole(FeedShape):
    """A feed, and how many posts it has brought. The ETag is that of schedules.yaml."""

    site: str = Field(description="The address of its site, as it says.")
    backfill: str = Field(
        description="What the first poll takes of what is there already.", examples=["none"]
    )
    posts: int = Field(description="How many posts it has brought.", examples=[120])
    waiting: int = Field(description="How many wait for an edition; 1,000 is as much as more.")
    held: int = Field(description="How many wait for a person.")
    hub: str = Field(description="The hub that tells of new posts; empty: it names none.")


class NewFeedBody(BaseModel):
    """A feed to add."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        description="The address of the feed itself (see POST /feeds/find); http or https.",
        max_length=LONGEST,
        min_length=1,
        examples=["https://blog.example.org/feed.xml"],
    )
    name: str = Field(
        default="",
        description="Its name in schedules.yaml; empty: one is made from its title or address.",
        max_length=200,
        examples=["blog"],
    )
    title: str = Field(
        default="",
        description="What readers call it; empty: what it calls itself.",
        max_length=200,
        examples=["The Acme Blog"],
    )
    backfill: str | int = Field(
        default="none",
        description="What the first poll takes of what is there already: none, all, a number of"
        " posts, or 'since 2026-11-01'.",
        examples=[5],
    )


class FeedPatch(BaseModel):
    """What is to be another; what is left out, or null, stays."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(
        default=None,
        description="Its address, whole: where *** stands for a secret, it stays as it is.",
        max_length=LONGEST,
        min_length=1,
    )
    title: str | None = Field(
        default=None,
        description="What readers call it; empty: what it calls itself.",
        max_length=200,
        examples=["The blog"],
    )
    fulltext: bool | None = Field(
        default=None, description="Whether the pages of new posts are read for their text."
    )
    page_images: bool | None = Field(
        default=None, description="Whether they are read for a picture."
    )


class FindBody(BaseModel):
    """Where to look for feeds."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(
        description="The address of a site, a page or a feed.",
        max_length=LONGEST,
        min_length=1,
        examples=["blog.example.org"],
    )


class Offer(BaseModel):
    """A feed that was found, fetched and read."""

    url: str = Field(description="Its address.", examples=["https://blog.example.org/feed.xml"])
    title: str = Field(description="What it calls itself.", examples=["The Acme Blog"])
    kind: str = Field(description="What it is.", examples=["rss"])
    entries: int = Field(description="How many entries it has.", examples=[20])
    newest: datetime | None = Field(description="The date of the newest of them.")
    comments: bool = Field(description="Whether it has what readers say about the posts.")
    language: str = Field(description="What it says of itself; or empty.", examples=["en"])
    known_as: str | None = Field(description="The name of the feed that it is already, if any.")
    name: str = Field(description="The name that it would get.", examples=["the-acme-blog"])


class Offers(BaseModel):
    """The feeds that a site offers."""

    found: list[Offer] = Field(description="The likeliest first.")


class PollShape(BaseModel):
    """What one poll of a feed brought."""

    problem: str = Field(description="Why it brought no feed; empty where it did.")
    unchanged: bool = Field(description="Whether the feed is as it was.")
    new: int = Field(description="New posts.", examples=[1])
    held: int = Field(description="New ones that look like a post we have: a person decides.")
    backlog: int = Field(description="New ones that were in the feed before the first poll.")
    revised: int = Field(description="Posts that say something else by now.")
    notes: list[str] = Field(description="Sentences on entries that are no posts of their own.")


class PollsDue(BaseModel):
    """How many feeds are polled at the next tick."""

    feeds: int = Field(description="How many.", examples=[12])


class NewName(BaseModel):
    """A feed of a list that is added."""

    name: str = _NAME
    url: str = Field(description="Its address.", examples=["https://blog.example.org/feed.xml"])
    title: str = Field(description="What the list calls it.", examples=["The Acme Blog"])


class FeedsTaken(BaseModel):
    """What became of a list of feeds."""

    added: list[NewName] = Field(description="Those that are added, or would be.")
    known: int = Field(description="How many were there already, or twice in the list.")
    left_out: int = Field(description="How many more there are than one call adds (1,500).")
    problems: list[str] = Field(description="What of the list is of no use, a sentence each.")
    written: bool = Field(description="Whether schedules.yaml was written.")
