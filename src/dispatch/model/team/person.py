"""Somebody of the team, the browsers in which they have signed in, and who was asked to join."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatch.errors import BadInput
from dispatch.model.team.role import Right, Role, rights_of

HANDLE = re.compile(r"^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$")
"""What a handle looks like: it stands in `approval.by`, in addresses and in the audit log."""

IDLE = timedelta(hours=12)
"""How long a session lasts in which nobody does anything."""

LONGEST = timedelta(days=30)
"""How long a session lasts at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the team. `handle` is their name in what they did; `locale`, `theme`: or empty.

    `has_factor` says whether an app on their phone is asked for a code, too, `has_service` whether
    the sign-in service has vouched for them.
    """

    id: int
    handle: str
    name: str
    email: str
    roles: tuple[Role, ...]
    locale: str = ""
    theme: str = ""
    keys_off: bool = False
    has_password: bool = True
    has_factor: bool = False
    has_service: bool = False
    calendar_version: int = 0
    made: datetime | None = None
    ended: datetime | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """All that they may do."""
        return rights_of(self.roles)

    def may(self, right: Right) -> bool:
        """Whether they may do something."""
        return right in self.rights

    @property
    def initials(self) -> str:
        """Two letters for their picture.

        >>> Person(id=1, handle="al", name="Ada de Lindqvist", email="", roles=()).initials
        'AL'
        """
        words = (self.name or self.handle).split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """By what somebody proves who they are; each is empty where they have none.

    `password` is its hash, `factor` what their app's secret is reckoned from, `factor_step` the
    moment of the last code of it. `subject` is how the sign-in service `issuer` knows them.
    """

    password: str = field(default="", repr=False)
    factor: str = field(default="", repr=False)
    factor_step: int = 0
    issuer: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser in which somebody has signed in."""

    id: int
    person: Person
    since: datetime
    last_seen: datetime
    device: str
    network: str

    def holds(self, now: datetime) -> bool:
        """Whether its time is not over."""
        return now - self.last_seen < IDLE and now - self.since < LONGEST


def handle_of(text: str) -> str:
    """A handle as it is kept; raises BadInput for what cannot be one."""
    handle = text.strip().lower()
    if not HANDLE.match(handle):
        raise BadInput(
            [f"handle: {text.strip()!r} is none - use 1 to 40 of a-z, 0-9, dot, dash, underscore"]
        )
    return handle
