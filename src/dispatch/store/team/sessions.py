"""Browsers in which somebody has signed in: kept by a hash of what their cookie holds."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.team.person import Person, Session
from dispatch.store.database.schema import persons, sessions
from dispatch.store.team.persons import read_person


class Sessions:
    """Open sessions. A session that was ended is kept, so that its end can be told."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def begin(
        self, mark: str, person: Person, *, device: str, network: str, now: datetime
    ) -> Session:
        """Somebody has signed in."""
        statement = sessions.insert().values(
            mark=mark,
            person_id=person.id,
            since=now,
            last_seen=now,
            device=device,
            network=network,
        )
        row = self._connection.execute(statement.returning(sessions)).one()
        return _read(row, person)

    def find(self, mark: str, *, now: datetime) -> Session | None:
        """An open session, and whose; None if it has ended, or they have."""
        query = sa.select(sessions).where(sessions.c.mark == mark, sessions.c.ended_at.is_(None))
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        whose = sa.select(persons).where(persons.c.id == row.person_id)
        person = read_person(self._connection.execute(whose).one())
        session = _read(row, person)
        return session if person.ended is None and session.holds(now) else None

    def renew(self, session: Session, mark: str) -> None:
        """Give it another token: the one before proves nothing any more."""
        self._connection.execute(
            sessions.update().where(sessions.c.id == session.id).values(mark=mark)
        )

    def seen(self, session: Session, *, now: datetime) -> None:
        """Note that it is in use."""
        self._connection.execute(
            sessions.update().where(sessions.c.id == session.id).values(last_seen=now)
        )

    def of(self, person: Person, *, now: datetime) -> list[Session]:
        """Those of one person that are open, the last one seen first."""
        query = sa.select(sessions).where(
            sessions.c.person_id == person.id, sessions.c.ended_at.is_(None)
        )
        rows = self._connection.execute(query.order_by(sessions.c.last_seen.desc()))
        return [one for one in (_read(row, person) for row in rows) if one.holds(now)]

    def last_seen(self) -> dict[int, datetime]:
        """When each person was last here, by number; ended sessions count, too."""
        query = sa.select(sessions.c.person_id, sa.func.max(sessions.c.last_seen))
        rows = self._connection.execute(query.group_by(sessions.c.person_id))
        return {row[0]: row[1] for row in rows}

    def end(self, person: Person, *, now: datetime, only: int = 0, but: int = 0) -> int:
        """End all of them, or one, or all but one, by number: how many."""
        statement = sessions.update().where(
            sessions.c.person_id == person.id, sessions.c.ended_at.is_(None)
        )
        if only:
            statement = statement.where(sessions.c.id == only)
        if but:
            statement = statement.where(sessions.c.id != but)
        return self._connection.execute(statement.values(ended_at=now)).rowcount


def _read(row: sa.Row[Any], person: Person) -> Session:
    return Session(
        id=row.id,
        person=person,
        since=row.since,
        last_seen=row.last_seen,
        device=row.device,
        network=row.network,
    )
