"""What one run made: the chosen posts and all that is needed to say them again, byte for byte."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dispatch.errors import ChangedMeanwhile, Conflict
from dispatch.model.campaigns.approval import NOBODY_NEEDED, PASSED_OVER, Review
from dispatch.model.campaigns.campaign import EmailPlan, Publisher, SocialPlan, channels_of
from dispatch.model.campaigns.sending import STILL_IN_TIME, SendingPlan
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.card import PostCard
from dispatch.model.editions.letter import Letter
from dispatch.model.editions.picture import Picture
from dispatch.model.editions.piece import Part, Piece, in_order
from dispatch.model.intake.post import Post


class EditionState(StrEnum):
    """Where an edition stands, as stored; `stage` has more words for people."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    CHANGES_REQUESTED = "changes requested"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"
    REJECTED = "rejected"


MOVES: dict[EditionState, frozenset[EditionState]] = {
    # Only letters are drafts: what a run has made is for review at once.
    EditionState.DRAFT: frozenset({EditionState.IN_REVIEW, EditionState.REJECTED}),
    EditionState.IN_REVIEW: frozenset(
        {EditionState.APPROVED, EditionState.CHANGES_REQUESTED, EditionState.REJECTED}
    ),
    # Not to approved: whoever asked for changes is to see them.
    EditionState.CHANGES_REQUESTED: frozenset({EditionState.IN_REVIEW, EditionState.REJECTED}),
    EditionState.APPROVED: frozenset(
        {
            EditionState.IN_REVIEW,  # edited
            EditionState.CHANGES_REQUESTED,
            EditionState.SENDING,
            EditionState.REJECTED,
            EditionState.CANCELLED,
        }
    ),
    EditionState.SENDING: frozenset(
        {EditionState.FINISHED, EditionState.PAUSED, EditionState.CANCELLED}
    ),
    EditionState.PAUSED: frozenset({EditionState.SENDING, EditionState.CANCELLED}),
    # A person may have failed or unknown deliveries sent again.
    EditionState.FINISHED: frozenset({EditionState.SENDING}),
    EditionState.CANCELLED: frozenset(),
    EditionState.REJECTED: frozenset(),
}

_WAYS_ON = {
    EditionState.DRAFT: "its page asks for approval, or throws it away",
    EditionState.IN_REVIEW: "'dispatch editions' can approve, edit or reject it",
    EditionState.CHANGES_REQUESTED: "'dispatch editions' can edit or reject it",
    EditionState.APPROVED: "'dispatch editions request-changes' holds it back, 'reject' drops it",
    EditionState.SENDING: "'dispatch editions pause' halts it, 'cancel' ends it",
    EditionState.PAUSED: "'dispatch editions resume' lets it go on, 'cancel' ends it",
    EditionState.FINISHED: "it has gone out",
    EditionState.CANCELLED: "that was its end",
    EditionState.REJECTED: "that was its end",
}
"""What a person can do with one, or that there is nothing."""

UNDECIDED = frozenset({EditionState.IN_REVIEW, EditionState.CHANGES_REQUESTED})
"""Waits for a person, until its deadline if it has one."""

NOT_SENT = UNDECIDED | {EditionState.DRAFT, EditionState.APPROVED}
"""Nothing of it has left, so that it can still be edited."""

NOT_ADDRESSED = NOT_SENT | {EditionState.REJECTED}
"""It has no deliveries."""

UNFINISHED = frozenset({EditionState.APPROVED, EditionState.SENDING})
"""Approved, but not everybody has been served."""


RESTORED = "the database was put back from a copy"
"""How the note of an edition begins that may have gone out since that copy was made."""


def check_move(edition: "Edition", to: EditionState) -> None:
    """Raise Conflict unless the table lets the edition go there."""
    state = edition.state
    if to in MOVES[state]:
        return
    words = f"{state} already - " if to is state else f"{state} - it cannot become {to}; "
    raise Conflict(f"edition {edition.id[:8]} is {words}{_WAYS_ON[state]}")


def check_seen(edition: "Edition", seen: str) -> None:
    """Raise ChangedMeanwhile unless it says what somebody saw: the beginning of its fingerprint."""
    if not edition.fingerprint.startswith(seen):
        named = f"edition {edition.id[:8]}"
        raise ChangedMeanwhile(f"{named}: was edited meanwhile - look at it again")


def check_editable(edition: "Edition", seen: str) -> None:
    """Raise Conflict unless nothing of it has left; ChangedMeanwhile as `check_seen` does."""
    if edition.state not in NOT_SENT:
        named = f"edition {edition.id[:8]}"
        raise Conflict(f"{named} is {edition.state} - only what waits to go out can be edited")
    check_seen(edition, seen)


@dataclass(frozen=True, slots=True)
class FeedTitle:
    """How an edition shows the feed some posts are from."""

    name: str
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class OwnSnippet:
    """A snippet that somebody wrote; `part` is the post's id, or empty for the whole edition."""

    channel: str
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class EditionContent:
    """All that goes into the texts of an edition except the recipient: frozen when it is composed.

    `templates` maps a template's name to its files (file name to source), so that a template
    edited after approval changes nothing. `pictures` are those that may go with its digest, by the
    name that the template says, and the logo. `feeds` and `posts` are in the order of reading.
    `subject`, `preheader`, `intro` and `snippets` are plain texts that somebody wrote while it was
    in review; where they are empty, the template says what it says. `page` is the name of its page
    in the archive of its campaign, or empty where there was none. `cards` are what stands beside
    its snippets, of the posts for which anything was looked for. `pieces` are what the team has
    written among the posts; `letter` is there where no campaign made it.
    """

    campaign: str
    title: str
    slot: datetime  # the wall-clock time it is for, without tzinfo
    publisher: Publisher
    feeds: tuple[FeedTitle, ...]
    posts: tuple[Post, ...]
    templates: Mapping[str, Mapping[str, str]]
    email: EmailPlan | None = None
    social: tuple[SocialPlan, ...] = ()
    subject: str = ""
    preheader: str = ""
    intro: str = ""
    snippets: tuple[OwnSnippet, ...] = ()
    earlier: tuple[str, ...] = ()
    sending: SendingPlan = field(default_factory=SendingPlan)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    page: str = ""
    cards: tuple[PostCard, ...] = ()
    pieces: tuple[Piece, ...] = ()
    letter: Letter | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Posts and pieces as they are read."""
        return tuple(in_order(self.posts, self.pieces))

    @property
    def archive_url(self) -> str:
        """Where the past editions are, or empty."""
        return f"{self.publisher.public_url}/archive/{self.campaign}" if self.page else ""

    @property
    def page_url(self) -> str:
        """Where this one can be read in a browser, or empty."""
        return f"{self.archive_url}/{self.page}" if self.page else ""

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels it goes out over, each once, email first."""
        return channels_of(self.email, self.social)


@dataclass(frozen=True, slots=True)
class Edition:
    """What one run made.

    `fingerprint` is of the content as it is stored now, `approved_fingerprint` of what was
    approved, or empty. `reason` says why it was rejected, paused or cancelled; `ended_by` says who
    rejected or cancelled it. `author` is who edited it last, or empty. `note` is what somebody
    asked to be changed, until it is approved. `goes_out` is its time, as it was known when it was
    approved. `welcome_of` is the id of the edition that it says once more, to those who came after
    that one; empty for one that a run made.
    """

    id: str
    campaign: str
    slot_key: str
    state: EditionState
    content: EditionContent
    fingerprint: str
    created: datetime
    number: int = 0  # given by the store
    approved_fingerprint: str = ""
    approved_by: str = ""
    reason: str = ""
    review: Review = field(default_factory=Review)
    author: str = ""
    note: str = ""
    ended_by: str = ""
    goes_out: datetime | None = None
    welcome_of: str = ""

    @property
    def needed_nobody(self) -> bool:
        """Whether it was approved by nobody: what a person has approved, only a person does."""
        return self.approved_by == NOBODY_NEEDED

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may have gone out already, as far as we know, though it waits to."""
        return self.state in NOT_SENT and self.note.startswith(RESTORED)

    def missed(self, now: datetime) -> datetime | None:
        """The time at which it should have gone out, if that was longer than `late` ago.

        It was approved by then, and nobody was there to send it. What quiet hours kept back so soon
        after its time that nobody may have got round to it has missed nothing: it is for their end.
        """
        if self.state is not EditionState.APPROVED or self.goes_out is None:
            return None
        sending = self.content.sending
        time = sending.due(self.goes_out)
        closes = sending.open_until(time)
        if closes is not None and closes - time < STILL_IN_TIME:
            time = sending.due(closes)
        return time if sending.late is not None and now > time + sending.late else None

    def waits_until(self, now: datetime) -> datetime | None:
        """Until when an approved edition waits for its time to go out; None if it does not."""
        starts = self.content.sending.starts(now)
        return starts if self.state is EditionState.APPROVED and starts > now else None


@dataclass(frozen=True, slots=True)
class Course:
    """How far an edition has come, and when; `reason` as in `Edition`."""

    state: EditionState
    reason: str
    approved: datetime | None = None
    addressed: datetime | None = None
    finished: datetime | None = None


def fingerprint(content: str) -> str:
    """The hash that approval pins: SHA-256 of the content as stored, as 64 hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()


SCHEDULED = "scheduled"
"""The word for an edition that is approved, of which nothing has left, as it goes out later."""

_TROUBLE = frozenset({DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.UNKNOWN})


class HasStage(Protocol):
    """What of an edition says where it stands."""

    @property
    def state(self) -> EditionState:
        """As it is stored."""

    @property
    def ended_by(self) -> str:
        """Who rejected or cancelled it."""


def stage(
    edition: HasStage,
    counts: Mapping[DeliveryState, int],
    *,
    due: datetime | None = None,
    now: datetime,
) -> str:
    """The word for people: the state, or what its deliveries and its end add to that.

    `due` is when it, or its next batch, can go out. A draft has no row: it is what `preview` and
    `run --dry-run` show.
    """
    if edition.state is EditionState.REJECTED and edition.ended_by in PASSED_OVER:
        return "skipped"
    if edition.state is EditionState.FINISHED and not _TROUBLE.isdisjoint(counts):
        return "partly failed"
    untouched = edition.state is EditionState.APPROVED or (
        edition.state is EditionState.SENDING and set(counts) == {DeliveryState.PENDING}
    )
    if untouched and due is not None and due > now:
        return SCHEDULED
    return edition.state.value
