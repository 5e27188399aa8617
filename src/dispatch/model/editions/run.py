"""What became of a slot: a run as the run log tells it, and the sentence for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dispatch.model.campaigns.approval import NOBODY_NEEDED
from dispatch.model.campaigns.schedule import read_key
from dispatch.model.delivery.event import Later
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import SCHEDULED, EditionState, stage
from dispatch.model.text.time_words import long

ON_TIME = timedelta(minutes=1)
"""What a run may start after its slot and nobody would call it late; a tick comes earlier."""

SKIPPED = "skipped"

NOBODY = "there is nobody"
"""How the reason begins of a run that had posts, and no reader."""


class Edit(StrEnum):
    """What a person did to a run's choice."""

    ADDED = "added"
    DROPPED = "dropped"
    PINNED = "pinned"


@dataclass(frozen=True, slots=True)
class ChoiceEdit:
    """What somebody did about one post of a run, and when."""

    what: Edit
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunPost:
    """One post that a run looked at.

    `chosen` and `reason` are the run's own; None and empty where a person brought the post in.
    `edits` came after, in order.
    """

    id: int
    feed: str
    title: str
    link: str
    chosen: bool | None
    reason: str
    edits: tuple[ChoiceEdit, ...] = ()

    @property
    def included(self) -> bool:
        """Whether it is in the edition after all."""
        return self.edits[-1].what is not Edit.DROPPED if self.edits else bool(self.chosen)

    @property
    def why(self) -> str:
        """The run's reason, then what people did: nothing of it is written over."""
        edits = [f"{one.what} by {one.by} ({one.at:%Y-%m-%d %H:%M} UTC)" for one in self.edits]
        return "; ".join([self.reason, *edits] if self.reason else edits)


@dataclass(frozen=True, slots=True)
class MadeEdition:
    """What the log tells of the edition that a run made.

    `deliveries` is how many are in which state, `came_later` of how many of them what was told
    later, `due` when the next of them can go out.
    """

    id: str
    state: EditionState
    posts: int
    reason: str
    note: str
    author: str
    approved_by: str
    approved_at: datetime | None
    ended_by: str
    finished_at: datetime | None
    deliveries: Mapping[DeliveryState, int] = field(default_factory=dict)
    due: datetime | None = None
    came_later: Mapping[Later, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """One firing of a campaign. `skipped` says why it made no edition, or is empty.

    `never_used` counts, by reason, posts that it looked at and that no run will ever use.
    `posts` is None where they were not asked for.
    """

    id: int
    campaign: str
    slot: str
    moment: datetime
    started: datetime
    manual: bool
    skipped: str = ""
    edition: MadeEdition | None = None
    never_used: Mapping[str, int] = field(default_factory=dict)
    posts: tuple[RunPost, ...] | None = None

    @property
    def edition_id(self) -> str | None:
        """The id of the edition it made."""
        return self.edition.id if self.edition else None

    @property
    def local(self) -> datetime:
        """The slot by the clock on the wall, without tzinfo."""
        return read_key(self.slot)[0]

    @property
    def timezone(self) -> str:
        """The zone of that clock."""
        return read_key(self.slot)[1]

    @property
    def late(self) -> timedelta:
        """How long after its slot it started."""
        return max(self.started - self.moment, timedelta(0))

    def outcome(self, now: datetime) -> str:
        """One word or two: skipped, or where its edition stands now."""
        if self.edition is None:
            return SKIPPED
        return stage(self.edition, self.edition.deliveries, due=self.edition.due, now=now)

    def sentence(self, now: datetime) -> str:
        """All of it in one line."""
        made = self.edition
        if made is None:
            return f"{SKIPPED}: {self.skipped}{'; started by hand' if self.manual else ''}"
        parts = [self._end(made, self.outcome(now)), _facts(made), self._circumstances(made)]
        return "; ".join(filter(None, parts))

    def _end(self, made: MadeEdition, word: str) -> str:
        if word == EditionState.CHANGES_REQUESTED:
            return f"{word} by {made.note}"
        by = "" if word == SKIPPED else made.ended_by
        if word == EditionState.APPROVED and made.approved_by != NOBODY_NEEDED:
            by = made.approved_by
        if word == SCHEDULED and made.due is not None:
            return f"{word} for {self._local(made.due)}"
        said = f"{word} by {by}" if by else word
        over = {EditionState.REJECTED, EditionState.CANCELLED, EditionState.PAUSED}
        return f"{said}: {made.reason}" if made.reason and made.state in over else said

    def _circumstances(self, made: MadeEdition) -> str:
        said = []
        if self.manual:
            said.append("started by hand")
        elif self.late > ON_TIME:
            said.append(f"started {long(self.late)} late")
        if made.finished_at is not None:
            said.append(f"done {self._local(made.finished_at)}")
        return ", ".join(said)

    def _local(self, moment: datetime) -> str:
        there = moment.astimezone(ZoneInfo(self.timezone))
        same_day = there.date() == self.local.date()
        return f"{there:%H:%M}" if same_day else f"{there:%Y-%m-%d %H:%M}"


def _facts(made: MadeEdition) -> str:
    posts = "1 post" if made.posts == 1 else f"{made.posts} posts"
    deliveries = [
        f"{made.deliveries[state]:,} {state}"
        for state in DeliveryState
        if made.deliveries.get(state)
    ]
    return ", ".join([f"edition {made.id[:8]}", posts, *deliveries])
