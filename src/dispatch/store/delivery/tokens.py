"""What networks gave us to post with, sealed: one row for each channel that was let in."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.clock import SKEW
from dispatch.model.delivery.tokens import RENEWAL_LEASE
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensRow:
    """What of it can be read without the key.

    They are of `provider`, whatever the channel leads to now. `ends` is when the access ends that
    is used now, and `refresh_ends` when only a person can get another one; None: never, or not
    told. `by` has let us in, then `at`, and since then they were last `renewed`. Until
    `claimed_until` nobody begins a renewal: one is going on, or has failed, and `problem` says why.
    """

    channel: str
    provider: str
    sealed: str = field(repr=False)
    ends: datetime | None
    refresh_ends: datetime | None
    scopes: tuple[str, ...]
    by: str
    at: datetime
    renewed: datetime | None = None
    claimed_until: datetime | None = None
    problem: str = ""

    @property
    def got(self) -> datetime:
        """When the network gave these."""
        return self.renewed or self.at


class KeptTokens:
    """Rows by channel."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, channel: str) -> TokensRow | None:
        """Those of a channel, if a person has let us in."""
        query = sa.select(tokens).where(tokens.c.channel == channel)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _read(row)

    def all(self) -> dict[str, TokensRow]:
        """Channel to what it has."""
        return {row.channel: _read(row) for row in self._connection.execute(sa.select(tokens))}

    def keep(self, row: TokensRow) -> None:
        """Keep it in the place of what there was."""
        values = _values(row)
        statement = insert(self._connection, tokens).values(channel=row.channel, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[tokens.c.channel], set_=values)
        )

    def begin_renewal(self, row: TokensRow, *, now: datetime) -> bool:
        """Be the one who renews these; False: somebody else is at it, or they are not the same.

        The claim lasts for RENEWAL_LEASE, or until the renewal ends; one that fails goes on with
        it, so that nobody tries at once again.
        """
        claim, until = tokens.c.claimed_until, now + RENEWAL_LEASE
        idle = sa.or_(claim.is_(None), claim <= now, claim > until + SKEW)
        statement = tokens.update().where(*_same(row), idle).values(claimed_until=until)
        return self._connection.execute(statement).rowcount == 1

    def end_renewal(self, before: TokensRow, after: TokensRow) -> bool:
        """Keep what came of it; False where others were kept, or forgotten, meanwhile."""
        statement = tokens.update().where(*_same(before)).values(_values(after))
        return self._connection.execute(statement).rowcount == 1

    def note_problem(self, row: TokensRow, problem: str) -> None:
        """Say why they could not be renewed."""
        self._connection.execute(tokens.update().where(*_same(row)).values(problem=problem))

    def forget(self, channel: str) -> bool:
        """Forget those of a channel: whether there were any."""
        statement = tokens.delete().where(tokens.c.channel == channel)
        return self._connection.execute(statement).rowcount == 1


def _same(row: TokensRow) -> tuple[sa.ColumnElement[bool], ...]:
    """Still these: each sealing makes another text."""
    return tokens.c.channel == row.channel, tokens.c.sealed == row.sealed


def _values(row: TokensRow) -> dict[str, Any]:
    return {
        "provider": row.provider,
        "sealed": row.sealed,
        "ends": row.ends,
        "refresh_ends": row.refresh_ends,
        "scopes": " ".join(row.scopes),
        "by": row.by,
        "at": row.at,
        "renewed": row.renewed,
        "claimed_until": row.claimed_until,
        "problem": row.problem,
    }


def _read(row: sa.Row[Any]) -> TokensRow:
    return TokensRow(
        channel=row.channel,
        provider=row.provider,
        sealed=row.sealed,
        ends=row.ends,
        refresh_ends=row.refresh_ends,
        scopes=tuple(row.scopes.split()),
        by=row.by,
        at=row.at,
        renewed=row.renewed,
        claimed_until=row.claimed_until,
        problem=row.problem,
    )
