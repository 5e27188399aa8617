"""Mails to somebody of the team about their own affairs: an invitation, a new password."""

from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.model.delivery.single_mail import SingleMail


class TeamTopic(StrEnum):
    """What a mail to the team is about."""

    INVITATION = "invitation"
    RESET = "reset"  # a link to choose a new password
    CHANGED = "changed"  # the password is a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMail(SingleMail):
    """One of them. `subject` is a handle, or the number of an invitation.

    `seed` is what the token of its link is reckoned from, with the workspace's key.
    """

    about: TeamTopic
    subject: str
    seed: str = field(repr=False)
    locale: str
    via: str

    @property
    def message_id(self) -> str:
        """What receivers know a repeat by: the same for each attempt, and for no other mail."""
        return f"{self.made:%Y%m%d%H%M%S}.team-mail-{self.id}"
