"""The numbers in the rail: what waits for a person, by the page where it waits."""

from dataclasses import dataclass

import sqlalchemy as sa

from dispatch.model.editions.edition import UNDECIDED
from dispatch.store.database.schema import editions, reader_counts, stops


@dataclass(frozen=True, slots=True)
class RailCounts:
    """How many of each wait for somebody; of `subscribers`, how many there are."""

    editions: int = 0
    posts: int = 0
    feeds: int = 0
    channels: int = 0
    subscribers: int = 0


class Rail:
    """Counted by statements that touch only what waits."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def counts(self) -> RailCounts:
        """All of them."""
        waiting = [state.value for state in UNDECIDED]
        asked = sa.select(sa.func.count()).select_from(editions)
        readers = sa.select(reader_counts.c.active).where(reader_counts.c.audience == "")
        return RailCounts(
            editions=self._number(asked.where(editions.c.state.in_(waiting))),
            channels=self._number(
                sa.select(sa.func.count()).select_from(stops).where(stops.c.until.is_(None))
            ),
            subscribers=self._number(readers.order_by(reader_counts.c.day.desc()).limit(1)),
        )

    def readers(self, audience: str) -> int:
        """How many an audience had when they were last counted; 0 where they never were."""
        query = sa.select(reader_counts.c.active).where(reader_counts.c.audience == audience)
        return self._number(query.order_by(reader_counts.c.day.desc()).limit(1))

    def _number(self, query: sa.Select[int]) -> int:
        return self._connection.scalar(query) or 0
