"""The numbers in the rail: what waits for a person, by the page where it waits."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from dispatch.model.editions.edition import UNDECIDED, EditionState
from dispatch.store.database.schema import editions, feeds, posts, reader_counts, stops
from dispatch.store.team.reader_counts import ALL

FAILING_AFTER = 3
"""Polls in vain in a row after which somebody should look: a server may be away for a while."""

FAILING = sa.or_(feeds.c.gone, feeds.c.failures >= FAILING_AFTER)

_WAITING = [state.value for state in (*UNDECIDED, EditionState.PAUSED)]


@dataclass(frozen=True, slots=True)
class RailCounts:
    """How many of each wait for somebody; of `subscribers`, how many there are."""

    editions: int = 0
    posts: int = 0
    feeds: int = 0
    channels: int = 0
    subscribers: int = 0


class Rail:
    """Counted by one statement that touches only what waits."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def counts(self, *, feeds: Collection[str], channels: Collection[str]) -> RailCounts:
        """All of them; feeds and channels count as far as the file has them."""
        row = self._connection.execute(_COUNTS, {"feeds": [*feeds], "channels": [*channels]}).one()
        return RailCounts(*(number or 0 for number in row))


def _how_many(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.count()).select_from(table).where(*conditions).scalar_subquery()


def _among(column: sa.ColumnElement[str], name: str) -> sa.ColumnElement[bool]:
    return column.in_(sa.bindparam(name, expanding=True))


_COUNTS = sa.select(
    _how_many(editions, editions.c.state.in_(_WAITING)),
    # By a partial index, which has those that are held alone.
    _how_many(posts, posts.c.held_since.is_not(None), posts.c.decision == ""),
    _how_many(feeds, FAILING, _among(feeds.c.name, "feeds")),
    _how_many(stops, stops.c.until.is_(None), _among(stops.c.channel, "channels")),
    sa.select(reader_counts.c.active - reader_counts.c.suppressed)
    .where(reader_counts.c.audience == ALL)
    .order_by(reader_counts.c.day.desc())
    .limit(1)
    .scalar_subquery(),
)
