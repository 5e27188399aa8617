"""Mails to somebody of the team about their own affairs: an invitation, a new password."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.model.delivery.single_mail import MailState, next_due


class TeamTopic(StrEnum):
    """What a mail to the team is about."""

    INVITATION = "invitation"
    RESET = "reset"  # a link to choose a new password
    CHANGED = "changed"  # the password is a new one


@dataclass(frozen=True, slots=True)
class TeamMail:
    """One of them. `subject` is a handle, or the number of an invitation.

    `seed` is what the token of its link is reckoned from, with the workspace's key.
    """

    id: int
    about: TeamTopic
    address: str
    subject: str
    seed: str = field(repr=False)
    locale: str
    via: str
    state: MailState
    made: datetime
    due: datetime
    attempt: int = 0
    lease_until: datetime | None = None
    accepted: datetime | None = None
    reason: str = ""

    def next_due(self, now: datetime) -> datetime | None:
        """When to try again after an attempt that came to nothing; None: not any more."""
        return next_due(self.made, self.attempt, now)

    @property
    def message_id(self) -> str:
        """What receivers know a repeat by: the same for each attempt, and for no other mail."""
        return f"{self.made:%Y%m%d%H%M%S}.team-mail-{self.id}"
