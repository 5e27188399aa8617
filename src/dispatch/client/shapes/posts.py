# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of posts."""

from typing import Literal, NotRequired, TypedDict


class DecidedPosts(TypedDict):
    """The posts about which it was decided."""

    ids: list[str]
    """Their ids."""


class HeldAgain(TypedDict):
    """Which decision is taken back."""

    ids: list[str]
    """Of posts; all are decided about, or none."""
    seen: Literal["released", "dropped"]
    """What was decided and is taken back."""


class HoldShape(TypedDict):
    """Why a post is, or was, set aside for a person."""

    reason: str
    """What it looks like."""
    since: str
    """When it was set aside."""
    like: str | None
    """The id of the post that it looks like."""
    decision: Literal["released", "dropped"] | None
    """What a person said; null: nobody has yet."""
    by: str
    """Who said so, by their handle; else empty."""
    at: str | None
    """When they did."""


class PostDecision(TypedDict):
    """About which posts something is decided."""

    ids: list[str]
    """Of posts; all are decided about, or none."""
    seen: NotRequired[Literal["", "released", "dropped"] | None]
    """What was decided about them when you looked, empty for nothing: where somebody has said
    otherwise since, that is a conflict (409). null: it counts whatever they said.
    """


class PostRunShape(TypedDict):
    """A run that looked at a post."""

    campaign: str
    """The campaign."""
    slot: str
    """The wall-clock time of the run."""
    included: bool
    """Whether it took the post."""
    reason: str
    """Why."""
    edition: str | None
    """The id of the edition that the run made."""


class UseShape(TypedDict):
    """An edition that has a post."""

    edition: str
    """Its id."""
    campaign: str
    """The campaign that it is of."""
    slot: str
    """The wall-clock time that it is for, and the zone."""
    state: str
    """How the edition stands."""


class PostShape(TypedDict):
    """A post in a list."""

    id: str
    """Its id."""
    feed: str
    """The name of its feed."""
    title: str
    """Its title, as plain text."""
    link: str
    """Where it is."""
    state: Literal["new", "held", "edition", "told", "dropped", "backlog"]
    """What has become of it; backlog: it was in the feed before the first poll."""
    published: str | None
    """When its feed says that it was published."""
    first_seen: str
    """When we met it."""
    revision: int
    """1 for what it said first; more after edits."""
    hold: HoldShape | None
    """Why it was set aside, if it was."""
    editions: list[UseShape]
    """The editions that have it, the latest first."""
    campaigns: list[str]
    """The campaigns that follow its feed."""


class RevisionShape(TypedDict):
    """What a post said until then."""

    number: int
    """1 is the first."""
    replaced_at: str
    """Until when it said so."""
    title: str
    """The title then."""
    text: str
    """The text then, as safe HTML."""


class PostWhole(TypedDict):
    """A post with all that it says, and what runs thought of it."""

    id: str
    """Its id."""
    feed: str
    """The name of its feed."""
    title: str
    """Its title, as plain text."""
    link: str
    """Where it is."""
    state: Literal["new", "held", "edition", "told", "dropped", "backlog"]
    """What has become of it; backlog: it was in the feed before the first poll."""
    published: str | None
    """When its feed says that it was published."""
    first_seen: str
    """When we met it."""
    revision: int
    """1 for what it said first; more after edits."""
    hold: HoldShape | None
    """Why it was set aside, if it was."""
    editions: list[UseShape]
    """The editions that have it, the latest first."""
    campaigns: list[str]
    """The campaigns that follow its feed."""
    summary: str
    """Plain text."""
    content: str
    """Safe HTML."""
    authors: list[str]
    """Their names."""
    topics: list[str]
    """Its topics."""
    image: str
    """The address of its picture; empty: it has none."""
    image_alt: str
    """What stands for the picture."""
    language: str
    """As a tag; empty: nobody has said it."""
    updated: str | None
    """When its feed says that it was changed."""
    runs: list[PostRunShape]
    """The last 50 runs that looked at it."""
    revisions: list[RevisionShape]
    """What it said before, the latest first."""
