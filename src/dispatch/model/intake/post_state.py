"""Where posts stand, as the team's pages sort them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.model.campaigns.schedule import read_key
from dispatch.model.editions.edition import EditionState
from dispatch.model.intake.post import Decision, Hold

WAITS_AT_MOST = timedelta(days=100)
"""How long ago a post may have come that is still shown as waiting for an edition."""

GONE_OUT = frozenset(
    {
        EditionState.SENDING,
        EditionState.PAUSED,
        EditionState.FINISHED,
        EditionState.CANCELLED,
    }
)
"""Editions that are out, or partly: their posts are told."""


class PostState(StrEnum):
    """What has become of a post so far. One that two campaigns have may be in two of them."""

    NEW = "new"  # waits for an edition
    HELD = "held"  # waits for a person
    EDITION = "edition"  # is in one that has not gone out
    TOLD = "told"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class PostUse:
    """An edition that a post is in, and that is not rejected."""

    edition_id: str
    campaign: str
    slot: str
    state: EditionState

    @property
    def told(self) -> bool:
        """Whether it has gone out, or begun to."""
        return self.state in GONE_OUT

    @property
    def local(self) -> datetime:
        """Its slot by the clock on the wall, without tzinfo."""
        return read_key(self.slot)[0]


@dataclass(frozen=True, slots=True)
class ListedPost:
    """A post as lists show it: without its texts. `like` is the post that a held one looks like."""

    id: int
    feed: str
    title: str
    link: str
    published: datetime | None
    first_seen: datetime
    backlog: bool
    revision: int
    hold: Hold | None
    like: int | None = None

    @property
    def awaits_decision(self) -> bool:
        """Whether a person has to say what becomes of it."""
        return self.hold is not None and self.hold.decision is None

    @property
    def is_dropped(self) -> bool:
        """Whether a person has said that no edition is to have it."""
        return self.hold is not None and self.hold.decision is Decision.DROPPED


@dataclass(frozen=True, slots=True)
class PostRun:
    """A run that looked at a post: whether it took it, and why."""

    run_id: int
    campaign: str
    slot: str
    included: bool
    reason: str
    edition_id: str | None

    @property
    def local(self) -> datetime:
        """The run's slot by the clock on the wall, without tzinfo."""
        return read_key(self.slot)[0]


@dataclass(frozen=True, slots=True)
class Revision:
    """What a post said until then."""

    number: int
    replaced_at: datetime
    title: str
    text: str
