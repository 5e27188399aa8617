"""What calls with an Idempotency-Key were answered: kept a day, so that none does twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.model.team.api_token import ApiToken
from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema.api import api_answers

UNDER_WAY = 0
"""The status of a call that has not been answered."""

KEPT = timedelta(days=1)
"""How long a key is known: whoever repeats a call does so within minutes."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """`asked` is a hash of what was asked; `status` is 0 while nothing was answered."""

    asked: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime


class ApiAnswers:
    """One row for each token and key."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def begin(self, token: ApiToken, key: str, asked: str, *, now: datetime) -> KeptAnswer | None:
        """Take a key; what is known of it already, if anything is.

        Who takes the same at the same time waits until it is known what became of the first.
        """
        mine = {"token": token.id, "named": key}
        self._connection.execute(_FORGET_OLD, {**mine, "old": now - KEPT})
        values: dict[str, Any] = {"token_id": token.id, "key": key, "asked": asked, "at": now}
        values |= {"status": UNDER_WAY, "headers": {}, "body": b""}
        row = None
        while row is None:  # who had it may have given it back in the same moment
            if insert_new(self._connection, api_answers, [values]):
                return None
            row = self._connection.execute(_FIND, mine).one_or_none()
        return KeptAnswer(row.asked, row.status, row.headers, row.body, row.at)

    def keep(
        self, token: ApiToken, key: str, *, status: int, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Note what was answered."""
        said = {"status": status, "headers": dict(headers), "body": body}
        self._connection.execute(_KEEP, {"token": token.id, "named": key, **said})

    def give_back(self, token: ApiToken, key: str) -> None:
        """Let a key be used again: nothing was done."""
        self._connection.execute(_GIVE_BACK, {"token": token.id, "named": key})

    def forget(self, *, now: datetime) -> int:
        """Remove those that are too old: how many."""
        old = api_answers.delete().where(api_answers.c.at < now - KEPT)
        return self._connection.execute(old).rowcount


# Made once, as each change of the API asks them.
_MINE = (
    api_answers.c.token_id == sa.bindparam("token"),
    api_answers.c.key == sa.bindparam("named"),
)
_FIND = sa.select(api_answers).where(*_MINE)
_KEEP = (
    api_answers.update()
    .where(*_MINE)
    .values({name: sa.bindparam(name) for name in ("status", "headers", "body")})
)
_GIVE_BACK = api_answers.delete().where(*_MINE)
_FORGET_OLD = _GIVE_BACK.where(api_answers.c.at < sa.bindparam("old"))
