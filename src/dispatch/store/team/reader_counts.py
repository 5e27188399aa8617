"""How many readers there are, day by day: counted now and then, so that no page has to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.people.subscriber import SubscriptionState
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import (
    consents,
    reader_counts,
    subscribers,
    subscriptions,
    suppressed_domains,
    suppression_words,
    suppressions,
)
from dispatch.store.people.suppressed import is_suppressed

ALL = ""
"""In the place of an audience: everybody, each counted once."""

_RANKS = {
    SubscriptionState.ACTIVE: 0,
    SubscriptionState.PAUSED: 1,
    SubscriptionState.PENDING: 2,
    SubscriptionState.ENDED: 3,
}
"""Somebody with several subscriptions counts where the first of these has them."""


@dataclass(frozen=True, slots=True)
class ReaderCount:
    """How many there were on a day. `suppressed` are those of the active that get no mail."""

    audience: str
    day: date
    active: int = 0
    pending: int = 0
    paused: int = 0
    ended: int = 0
    suppressed: int = 0
    at: datetime | None = None

    @property
    def readers(self) -> int:
        """Who gets mail."""
        return max(self.active - self.suppressed, 0)


class ReaderCounts:
    """One row for each audience and day; the last one of a day is what counts."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def now(self, audience: str = ALL) -> ReaderCount | None:
        """The latest count of an audience, or of everybody; None: it was never counted."""
        query = sa.select(reader_counts).where(reader_counts.c.audience == audience)
        row = self._connection.execute(
            query.order_by(reader_counts.c.day.desc()).limit(1)
        ).one_or_none()
        return _read(row) if row else None

    def latest(self) -> Mapping[str, ReaderCount]:
        """Audience to its count, of the last day on which there was one."""
        last = sa.select(sa.func.max(reader_counts.c.day)).where(reader_counts.c.audience == ALL)
        query = sa.select(reader_counts).where(reader_counts.c.day == last.scalar_subquery())
        return {row.audience: _read(row) for row in self._connection.execute(query)}

    def since(self, day: date, audience: str = ALL) -> Sequence[ReaderCount]:
        """The counts of an audience from a day on, in order."""
        query = sa.select(reader_counts).where(
            reader_counts.c.audience == audience, reader_counts.c.day >= day
        )
        return [_read(row) for row in self._connection.execute(query.order_by(reader_counts.c.day))]

    def marks(self) -> tuple[Any, ...]:
        """What is another as soon as somebody has come, gone, paused or been suppressed."""
        paused = sa.select(sa.func.count()).where(subscriptions.c.paused_until.is_not(None))
        parts = (
            sa.select(sa.func.max(consents.c.id)),
            sa.select(sa.func.max(suppression_words.c.id)),
            sa.select(sa.func.count()).select_from(suppressions),
            sa.select(sa.func.count()).select_from(suppressed_domains),
            paused,
        )
        query = sa.select(*(part.scalar_subquery() for part in parts))
        return tuple(self._connection.execute(query).one())

    def count(self, day: date, *, now: datetime) -> list[ReaderCount]:
        """Count everybody, which may take a second: nothing is kept, so that nobody waits."""
        found: dict[str, dict[str, int]] = {ALL: {}}
        for audience, state, number in self._connection.execute(_BY_AUDIENCE):
            found.setdefault(audience, {})[state] = number
        names = {rank: state.value for state, rank in _RANKS.items()}
        for rank, number in self._connection.execute(_BY_PERSON):
            found[ALL][names[rank]] = number
        suppressed = self._suppressed_ones()
        for query in (_of_each(suppressed), _of_all(suppressed)):
            for audience, number in self._connection.execute(query):
                found[audience]["suppressed"] = number
        return [ReaderCount(audience, day, at=now, **counts) for audience, counts in found.items()]

    def keep(self, counts: Sequence[ReaderCount]) -> None:
        """Keep counts as those of their day."""
        statement = insert(self._connection, reader_counts)
        anew = {name: statement.excluded[name] for name in (*_NUMBERS, "at")}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["audience", "day"], set_=anew),
            [asdict(count) for count in counts],
        )

    def _suppressed_ones(self) -> sa.ColumnElement[bool]:
        """Who is suppressed; without domains found from the suppressions, which are few."""
        key = subscribers.c.email_key
        if self._connection.scalar(sa.select(suppressed_domains.c.domain).limit(1)) is None:
            return key.in_(sa.select(suppressions.c.email_key))
        return is_suppressed(key)

    def forget(self, *, before: date) -> None:
        """Keep no counts of days before one."""
        self._connection.execute(reader_counts.delete().where(reader_counts.c.day < before))


_NUMBERS = ("active", "pending", "paused", "ended", "suppressed")

_BY_AUDIENCE = (
    sa.select(subscriptions.c.audience, subscriptions.c.state, sa.func.count())
    .where(subscriptions.c.state.in_([state.value for state in _RANKS]))
    .group_by(subscriptions.c.audience, subscriptions.c.state)
)

_rank = sa.case(
    {state.value: rank for state, rank in _RANKS.items()}, value=subscriptions.c.state, else_=9
)
_best = (
    sa.select(sa.func.min(_rank).label("rank")).group_by(subscriptions.c.subscriber_id).subquery()
)
_BY_PERSON = sa.select(_best.c.rank, sa.func.count()).where(_best.c.rank < 9).group_by(_best.c.rank)

_ACTIVE = subscriptions.c.state == SubscriptionState.ACTIVE.value
_WHOSE = subscriptions.c.subscriber_id
_WHO = subscriptions.join(subscribers, subscribers.c.id == _WHOSE)


def _of_each(suppressed: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(subscriptions.c.audience, sa.func.count())
        .select_from(_WHO)
        .where(_ACTIVE, suppressed)
        .group_by(subscriptions.c.audience)
    )


def _of_all(suppressed: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns: list[Any] = [sa.literal(ALL), sa.func.count(_WHOSE.distinct())]
    return sa.select(*columns).select_from(_WHO).where(_ACTIVE, suppressed)


def _read(row: sa.Row[Any]) -> ReaderCount:
    return ReaderCount(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
