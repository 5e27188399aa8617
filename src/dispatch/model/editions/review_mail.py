"""What reviewers are told about an edition, whether it is still so, and when to try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.model.campaigns.approval import BY_DEADLINE
from dispatch.model.delivery.single_mail import SingleMail
from dispatch.model.editions.edition import UNDECIDED, Edition, EditionState

REMINDED_BEFORE = timedelta(hours=1)
"""How long before a deadline somebody is reminded; a quarter of the time where that is less."""


class About(StrEnum):
    """What a review mail tells."""

    WAITS = "waits for approval"
    CHANGES = "changes requested"
    REMINDER = "deadline is near"
    DECIDED = "deadline has passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMail(SingleMail):
    """One mail to one reviewer. `fingerprint` is of the edition that it tells of.

    `said` is what was requested or decided.
    """

    edition_id: str
    about: About
    fingerprint: str
    said: str

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


def reminder_due(edition: Edition) -> datetime | None:
    """When to remind of an edition that was just made; None where it has no deadline."""
    deadline = edition.review.deadline
    if deadline is None:
        return None
    return deadline - min(REMINDED_BEFORE, (deadline - edition.created) / 4)
