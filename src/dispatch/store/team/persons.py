"""People of the team, by handle, address or number."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.errors import NotFound
from dispatch.model.people.subscriber import email_key
from dispatch.model.team.person import Credentials, Person
from dispatch.model.team.role import Role
from dispatch.store.database.schema import persons


class Persons:
    """The team. Who has ended stays, as their handle stands in what they did."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        handle: str,
        name: str,
        email: str,
        roles: Iterable[Role],
        now: datetime,
        password: str = "",
        locale: str = "",
    ) -> Person:
        """Let somebody join; `password` is its hash. Handle and address must be free."""
        values = {
            "handle": handle,
            "name": name,
            "email": email,
            "email_key": email_key(email),
            "roles": [role.value for role in roles],
            "password": password,
            "locale": locale,
            "made_at": now,
        }
        statement = persons.insert().values(values).returning(persons)
        return read_person(self._connection.execute(statement).one())

    def change(self, person: Person, **values: Any) -> Person:
        """Change columns of somebody's row."""
        if "roles" in values:
            values["roles"] = [Role(role).value for role in values["roles"]]
        statement = persons.update().where(persons.c.id == person.id).values(values)
        return read_person(self._connection.execute(statement.returning(persons)).one())

    def find(self, handle: str) -> Person | None:
        """Somebody by handle, ended or not."""
        return self._one(persons.c.handle == handle.strip().lower())

    def get(self, handle: str) -> Person:
        """The same; raises NotFound."""
        if person := self.find(handle):
            return person
        raise NotFound(f"person {handle!r}: there is none - see 'dispatch people list'")

    def by_number(self, number: int) -> Person | None:
        """Somebody by the number of their row, ended or not."""
        return self._one(persons.c.id == number)

    def by_email(self, email: str) -> Person | None:
        """Somebody by address, ended or not, however it is written."""
        return self._one(persons.c.email_key == email_key(email))

    def by_service(self, issuer: str, subject: str) -> Person | None:
        """Somebody whom a sign-in service knows, ended or not."""
        return self._one((persons.c.issuer == issuer) & (persons.c.subject == subject))

    def credentials(self, person: Person) -> Credentials:
        """By what they prove who they are."""
        row = self._connection.execute(sa.select(persons).where(persons.c.id == person.id)).one()
        return Credentials(
            password=row.password,
            factor=row.factor,
            factor_step=row.factor_step,
            issuer=row.issuer,
            subject=row.subject,
        )

    def take_step(self, person: Person, step: int) -> bool:
        """Use up the code of a moment, and those before; False if that was done before."""
        statement = persons.update().where(persons.c.id == person.id, persons.c.factor_step < step)
        return self._connection.execute(statement.values(factor_step=step)).rowcount == 1

    def all(self, *, ended: bool = False) -> list[Person]:
        """Everybody by handle; those who have ended only if asked for."""
        query = sa.select(persons).order_by(persons.c.handle)
        if not ended:
            query = query.where(persons.c.ended_at.is_(None))
        return list(map(read_person, self._connection.execute(query)))

    def to_change(self) -> list[Person]:
        """Everybody who has not ended, kept from other changes until this transaction ends."""
        query = sa.select(persons).where(persons.c.ended_at.is_(None)).order_by(persons.c.id)
        return list(map(read_person, self._connection.execute(query.with_for_update())))

    def names(self) -> Mapping[str, str]:
        """Handle to name, of those who have ended, too: as what they did is told."""
        query = sa.select(persons.c.handle, persons.c.name)
        return {row.handle: row.name or row.handle for row in self._connection.execute(query)}

    def is_empty(self) -> bool:
        """Whether nobody has ever joined."""
        return self._connection.scalar(sa.select(persons.c.id).limit(1)) is None

    def _one(self, condition: sa.ColumnElement[bool]) -> Person | None:
        row = self._connection.execute(sa.select(persons).where(condition)).one_or_none()
        return read_person(row) if row else None


def read_person(row: sa.Row[Any]) -> Person:
    """Somebody from a row that has all columns of `persons`."""
    return Person(
        id=row.id,
        handle=row.handle,
        name=row.name,
        email=row.email,
        roles=tuple(role for role in Role if role.value in row.roles),
        locale=row.locale,
        theme=row.theme,
        keys_off=row.keys_off,
        has_password=bool(row.password),
        has_factor=bool(row.factor),
        has_service=bool(row.subject),
        calendar_version=row.calendar_version,
        made=row.made_at,
        ended=row.ended_at,
    )
