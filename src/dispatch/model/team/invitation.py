"""Somebody was asked to join the team."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.team.role import Role

VALID_FOR = timedelta(days=7)
"""How long an invitation can be accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """`by` is the handle of who invites them, with these roles."""

    id: int
    name: str
    email: str
    roles: tuple[Role, ...]
    by: str
    made: datetime
    ends: datetime
    accepted: datetime | None = None
    cancelled: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted is None and self.cancelled is None and now < self.ends
