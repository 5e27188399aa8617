"""What one run made: the chosen posts and all that is needed to say them again, byte for byte."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.errors import Conflict
from dispatch.model.campaign import EmailPlan, Publisher, SocialPlan, channels_of
from dispatch.model.post import Post


class EditionState(StrEnum):
    """Where an edition stands."""

    IN_REVIEW = "in review"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"
    REJECTED = "rejected"


MOVES: dict[EditionState, frozenset[EditionState]] = {
    EditionState.IN_REVIEW: frozenset({EditionState.APPROVED, EditionState.REJECTED}),
    EditionState.APPROVED: frozenset(
        {EditionState.SENDING, EditionState.REJECTED, EditionState.CANCELLED}
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

UNFINISHED = frozenset({EditionState.APPROVED, EditionState.SENDING})
"""Approved, but not everybody has been served."""


def check_move(edition: "Edition", to: EditionState) -> None:
    """Raise Conflict unless the table lets the edition go there."""
    if to not in MOVES[edition.state]:
        raise Conflict(f"edition {edition.id} is {edition.state} - it cannot become {to}")


@dataclass(frozen=True, slots=True)
class FeedTitle:
    """How an edition shows the feed some posts are from."""

    name: str
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class EditionContent:
    """All that goes into the texts of an edition except the recipient: frozen when it is composed.

    `templates` maps a template's name to its files (file name to source), so that a template
    edited after approval changes nothing. `feeds` and `posts` are in the order of reading.
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

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels it goes out over, each once, email first."""
        return channels_of(self.email, self.social)


@dataclass(frozen=True, slots=True)
class Edition:
    """What one run made. `fingerprint` is of the content as it is stored now,
    `approved_fingerprint` of what was approved, or empty. `reason` says why it was rejected, paused
    or cancelled.
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


def fingerprint(content: str) -> str:
    """The hash that approval pins: SHA-256 of the content as stored, as 64 hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()
