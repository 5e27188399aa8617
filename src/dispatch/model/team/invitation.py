"""Somebody who was asked to join the team."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.team.role import Role

GOOD_FOR = timedelta(days=7)
"""How long an invitation can be accepted: who is away for a weekend finds it in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation, by `by`: it ends by itself, or was accepted or cancelled before."""

    id: int
    email: str
    roles: tuple[Role, ...]
    by: str
    made: datetime
    ends: datetime
    name: str = ""
    accepted: datetime | None = None
    cancelled: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted is None and self.cancelled is None and now < self.ends
