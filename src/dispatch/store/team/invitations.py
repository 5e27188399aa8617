"""Who was asked to join the team: rows known by a hash of what the link in the mail holds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.people.subscriber import email_key
from dispatch.model.team.invitation import VALID_FOR, Invitation
from dispatch.model.team.role import Role
from dispatch.store.database.schema import invitations


class Invitations:
    """Rows of them; what was accepted or cancelled is kept."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self, mark: str, *, name: str, email: str, roles: Iterable[Role], by: str, now: datetime
    ) -> Invitation:
        """Ask somebody to join."""
        values = {
            "mark": mark,
            "name": name,
            "email": email,
            "email_key": email_key(email),
            "roles": [role.value for role in roles],
            "by": by,
            "made_at": now,
            "ends_at": now + VALID_FOR,
        }
        statement = invitations.insert().values(values).returning(invitations)
        return _read(self._connection.execute(statement).one())

    def find(self, mark: str, *, now: datetime) -> Invitation | None:
        """The open one that a link is for."""
        found = self._one(invitations.c.mark == mark)
        return found if found and found.is_open(now) else None

    def by_number(self, number: int) -> Invitation | None:
        """One by its number, open or not."""
        return self._one(invitations.c.id == number)

    def mark_of(self, invitation: Invitation) -> str:
        """The hash of what its link holds."""
        query = sa.select(invitations.c.mark).where(invitations.c.id == invitation.id)
        return str(self._connection.scalar(query))

    def open(self, *, now: datetime) -> list[Invitation]:
        """Those that can be accepted, the newest first."""
        query = sa.select(invitations).where(*_open(now)).order_by(invitations.c.id.desc())
        return list(map(_read, self._connection.execute(query)))

    def of(self, email: str, *, now: datetime) -> Invitation | None:
        """The newest open one for an address, however it is written."""
        query = sa.select(invitations).where(
            invitations.c.email_key == email_key(email), *_open(now)
        )
        newest = query.order_by(invitations.c.id.desc()).limit(1)
        row = self._connection.execute(newest).one_or_none()
        return _read(row) if row else None

    def accept(self, invitation: Invitation, *, now: datetime) -> bool:
        """They have joined; False if it was not open any more."""
        return self._end(invitation, now, accepted_at=now)

    def cancel(self, invitation: Invitation, *, now: datetime) -> bool:
        """They are not asked any more; False if it was not open."""
        return self._end(invitation, now, cancelled_at=now)

    def _end(self, invitation: Invitation, now: datetime, **values: datetime) -> bool:
        ours = invitations.c.id == invitation.id
        statement = invitations.update().where(ours, *_open(now)).values(**values)
        return self._connection.execute(statement).rowcount == 1

    def _one(self, condition: sa.ColumnElement[bool]) -> Invitation | None:
        row = self._connection.execute(sa.select(invitations).where(condition)).one_or_none()
        return _read(row) if row else None


def _open(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        invitations.c.accepted_at.is_(None),
        invitations.c.cancelled_at.is_(None),
        invitations.c.ends_at > now,
    )


def _read(row: sa.Row[Any]) -> Invitation:
    return Invitation(
        id=row.id,
        name=row.name,
        email=row.email,
        roles=tuple(role for role in Role if role.value in row.roles),
        by=row.by,
        made=row.made_at,
        ends=row.ends_at,
        accepted=row.accepted_at,
        cancelled=row.cancelled_at,
    )
