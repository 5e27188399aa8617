"""Tokens of programs: each is known by a hash, and goes nowhere without who made it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.errors import NotFound
from dispatch.model.team.api_token import ApiToken
from dispatch.model.team.person import Person
from dispatch.model.team.role import Role
from dispatch.store.database.schema import persons
from dispatch.store.database.schema.api import api_tokens
from dispatch.store.team.persons import read_person


class ApiTokens:
    """All that were made; who has ended stays, as it stands in what was done with it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        mark: str,
        *,
        hint: str,
        name: str,
        roles: Iterable[Role],
        person: Person,
        now: datetime,
        ends: datetime,
    ) -> ApiToken:
        """Keep a new one by the hash of it."""
        values = {
            "mark": mark,
            "hint": hint,
            "name": name,
            "roles": [role.value for role in roles],
            "person_id": person.id,
            "made_at": now,
            "ends_at": ends,
        }
        statement = api_tokens.insert().values(values).returning(api_tokens.c.id)
        return self.get(self._connection.scalars(statement).one())

    def find(self, mark: str) -> ApiToken | None:
        """One by its hash, whether it holds or not."""
        row = self._connection.execute(_BY_MARK, {"mark": mark}).one_or_none()
        return None if row is None else _read(row)

    def get(self, number: int) -> ApiToken:
        """One by its number; raises NotFound."""
        found = self._one(api_tokens.c.id == number)
        if found is None:
            raise NotFound(f"token {number}: is not known - see the list of tokens")
        return found

    def all(self, *, person: Person | None = None) -> list[ApiToken]:
        """The newest first; of one person only if asked for."""
        query = _QUERY.order_by(api_tokens.c.id.desc())
        if person is not None:
            query = query.where(api_tokens.c.person_id == person.id)
        return list(map(_read, self._connection.execute(query)))

    def used(self, token: ApiToken, *, network: str, now: datetime) -> None:
        """Note that it is in use, and from where."""
        self._change(token, last_used=now, last_network=network)

    def revoke(self, token: ApiToken, *, by: str, now: datetime) -> bool:
        """Have it open nothing any more; False where it has been revoked before."""
        statement = api_tokens.update().where(
            api_tokens.c.id == token.id, api_tokens.c.revoked_at.is_(None)
        )
        changed = self._connection.execute(statement.values(revoked_at=now, revoked_by=by))
        return changed.rowcount == 1

    def _change(self, token: ApiToken, **values: Any) -> None:
        statement = api_tokens.update().where(api_tokens.c.id == token.id)
        self._connection.execute(statement.values(**values))

    def _one(self, condition: sa.ColumnElement[bool]) -> ApiToken | None:
        row = self._connection.execute(_QUERY.where(condition)).one_or_none()
        return None if row is None else _read(row)


_QUERY = sa.select(
    persons,
    *(column.label(f"token_{column.name}") for column in api_tokens.c if column.name != "mark"),
).join(api_tokens, api_tokens.c.person_id == persons.c.id)

_BY_MARK = _QUERY.where(api_tokens.c.mark == sa.bindparam("mark"))
"""Made once, as each call of the API asks it."""


def _read(row: sa.Row[Any]) -> ApiToken:
    return ApiToken(
        id=row.token_id,
        name=row.token_name,
        hint=row.token_hint,
        roles=tuple(role for role in Role if role.value in row.token_roles),
        person=read_person(row),
        made=row.token_made_at,
        ends=row.token_ends_at,
        last_used=row.token_last_used,
        last_network=row.token_last_network,
        revoked=row.token_revoked_at,
        revoked_by=row.token_revoked_by,
    )
