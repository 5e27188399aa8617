"""Who was asked to join the team and has not answered yet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.errors import NotFound
from dispatch.model.people.subscriber import email_key
from dispatch.model.team.invitation import Invitation
from dispatch.model.team.role import Role
from dispatch.store.database.schema import invitations


class Invitations:
    """Invitations by number, or by the mark of the token that their link holds."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        mark: str,
        *,
        email: str,
        roles: Iterable[Role],
        by: str,
        now: datetime,
        ends: datetime,
        name: str = "",
    ) -> Invitation:
        """Somebody is asked to join."""
        values = {
            "mark": mark,
            "name": name,
            "email": email,
            "email_key": email_key(email),
            "roles": [role.value for role in roles],
            "by": by,
            "made_at": now,
            "ends_at": ends,
        }
        statement = invitations.insert().values(values).returning(invitations)
        return _read(self._connection.execute(statement).one())

    def open(self, *, now: datetime) -> list[Invitation]:
        """Those that can still be accepted, the newest first."""
        query = sa.select(invitations).where(*_OPEN, invitations.c.ends_at > now)
        rows = self._connection.execute(query.order_by(invitations.c.id.desc()))
        return list(map(_read, rows))

    def get(self, number: int) -> Invitation:
        """One by its number, open or not; raises NotFound."""
        query = sa.select(invitations).where(invitations.c.id == number)
        if row := self._connection.execute(query).one_or_none():
            return _read(row)
        raise NotFound(f"invitation {number}: there is none")

    def find(self, mark: str) -> Invitation | None:
        """One by the mark of its token, open or not."""
        query = sa.select(invitations).where(invitations.c.mark == mark)
        row = self._connection.execute(query).one_or_none()
        return _read(row) if row else None

    def accept(self, invitation: Invitation, *, now: datetime) -> bool:
        """It was accepted; False if somebody was quicker, or it is over."""
        statement = invitations.update().where(
            invitations.c.id == invitation.id, *_OPEN, invitations.c.ends_at > now
        )
        return self._connection.execute(statement.values(accepted_at=now)).rowcount == 1

    def cancel(self, *, now: datetime, number: int = 0, email: str = "") -> int:
        """End one by its number, or all that are open for an address: how many."""
        statement = invitations.update().where(*_OPEN)
        if number:
            statement = statement.where(invitations.c.id == number)
        if email or not number:
            statement = statement.where(invitations.c.email_key == email_key(email))
        return self._connection.execute(statement.values(cancelled_at=now)).rowcount


_OPEN = (invitations.c.accepted_at.is_(None), invitations.c.cancelled_at.is_(None))


def _read(row: sa.Row[Any]) -> Invitation:
    return Invitation(
        id=row.id,
        email=row.email,
        name=row.name,
        roles=tuple(role for role in Role if role.value in row.roles),
        by=row.by,
        made=row.made_at,
        ends=row.ends_at,
        accepted=row.accepted_at,
        cancelled=row.cancelled_at,
    )
