"""What reviewers are told about an edition, whether it is still so, and when to try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.model.campaigns.approval import BY_DEADLINE
from dispatch.model.delivery.single_mail import MailState, next_due
from dispatch.model.editions.edition import UNDECIDED, Edition, EditionState

REMINDED_BEFORE = timedelta(hours=1)
"""How long before a deadline somebody is reminded; a quarter of the time where that is less."""


class About(StrEnum):
    """What a review mail tells."""

    WAITS = "waits for approval"
    CHANGES = "changes requested"
    REMINDER = "deadline is near"
    DECIDED = "deadline has passed"


@dataclass(frozen=True, slots=True)
class ReviewMail:
    """One mail to one reviewer. `fingerprint` is of the edition that it tells of.

    `said` is what was requested or decided. `due` is when it may be tried; `attempt` counts the
    attempts that were begun, the last of which is under way until `lease_until` at most. `reason`
    says why it was not accepted so far.
    """

    id: int
    edition_id: str
    about: About
    address: str
    fingerprint: str
    said: str
    state: MailState
    made: datetime
    due: datetime
    attempt: int = 0
    lease_until: datetime | None = None
    accepted: datetime | None = None
    reason: str = ""

    @property
    def message_id(self) -> str:
        """What receivers know a repeat by: the same for each attempt, and for no other mail."""
        return f"{self.edition_id}.notice-{self.id}"

    def is_so(self, edition: Edition, now: datetime) -> bool:
        """Whether what it tells still holds for the edition as it is now."""
        match self.about:
            case About.WAITS:
                waits = edition.state is EditionState.IN_REVIEW
                return waits and edition.fingerprint == self.fingerprint
            case About.CHANGES:
                return edition.state is EditionState.CHANGES_REQUESTED and edition.note == self.said
            case About.REMINDER:
                deadline = edition.review.deadline
                return edition.state in UNDECIDED and deadline is not None and now < deadline
            case About.DECIDED:
                dropped = edition.state in {EditionState.REJECTED, EditionState.CANCELLED}
                by_deadline = edition.approved_by == BY_DEADLINE and not dropped
                return by_deadline or edition.reason == self.said

    def next_due(self, now: datetime) -> datetime | None:
        """When to try again after an attempt that came to nothing; None: not any more."""
        return next_due(self.made, self.attempt, now)


def reminder_due(edition: Edition) -> datetime | None:
    """When to remind of an edition that was just made; None where it has no deadline."""
    deadline = edition.review.deadline
    if deadline is None:
        return None
    return deadline - min(REMINDED_BEFORE, (deadline - edition.created) / 4)
