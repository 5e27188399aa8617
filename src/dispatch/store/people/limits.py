"""How much somebody may still ask for: one row for each of them, shared by all nodes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch.store.database.rows import insert
from dispatch.store.database.schema import limits

_AT_A_TIME = 10_000
"""Marks that are forgotten in one go."""

_LITTLE = 1e-3
"""Seconds: those since 1970 are not exact to the last digit."""

_AHEAD = 60.0
"""Seconds by which clocks may differ. What is used up for longer than a limit's whole time was
reckoned by a clock that was ahead and has been put right."""

# As text, since each sign-up asks three times: building a statement takes longer than asking it.
_TAKE = sa.text("""
INSERT INTO limits (mark, next_at) VALUES (:mark, :first)
ON CONFLICT (mark) DO UPDATE
SET next_at = CASE WHEN limits.next_at > :wrong THEN :at
                   WHEN limits.next_at > :at THEN limits.next_at ELSE :at END + :span
WHERE limits.next_at <= :most OR limits.next_at > :wrong
RETURNING mark
""")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in a time, at once or spread over it; then one for each part of the time."""

    number: int
    time: timedelta

    @property
    def gap(self) -> float:
        """Seconds from which on they may come evenly for ever."""
        return self.time.total_seconds() / self.number


class Limits:
    """Counts by GCRA: a row says until when what was asked for is used up (generic cell rate).

    A mark is a keyed hash, and its row means nothing any more once its moment has passed.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def take(self, mark: str, limit: Limit, *, now: datetime, cost: int = 1) -> timedelta | None:
        """Count one request, as if it were `cost` of them; None, or how long to wait for it.

        One that is refused is not counted. What a clock that was wrong has counted is forgotten.
        """
        at, span = now.timestamp(), cost * limit.gap
        whole = limit.time.total_seconds()
        most = at + whole - span
        values = {"mark": mark, "first": at + span, "at": at, "span": span}
        values |= {"most": most + _LITTLE, "wrong": at + whole + _AHEAD}
        taken = self._connection.execute(_TAKE, values).one_or_none()
        if taken:
            return None
        used = self._connection.scalar(sa.select(limits.c.next_at).where(limits.c.mark == mark))
        return timedelta(seconds=max(1.0, (used or most) - most))

    def left(self, mark: str, limit: Limit, *, now: datetime) -> int:
        """How many may still be asked for at once."""
        used = self._until(mark)
        free = limit.time.total_seconds() - max(0.0, used - now.timestamp())
        return max(0, int((free + _LITTLE) / limit.gap))

    def wait(self, mark: str, *, now: datetime) -> timedelta | None:
        """How long it is until all that was asked for counts no more; None: it does not now."""
        rest = self._until(mark) - now.timestamp()
        return timedelta(seconds=rest) if rest > 0 else None

    def give_back(self, mark: str, limit: Limit) -> None:
        """Uncount one request."""
        ours = limits.update().where(limits.c.mark == mark)
        self._connection.execute(ours.values(next_at=limits.c.next_at - limit.gap))

    def forget(self, mark: str) -> None:
        """Uncount all of them."""
        self._connection.execute(limits.delete().where(limits.c.mark == mark))

    def use(self, mark: str, *, until: datetime) -> bool:
        """Use something that can be used once, until it ends by itself; False if it was used."""
        statement = insert(self._connection, limits).values(mark=mark, next_at=until.timestamp())
        used = self._connection.execute(
            statement.on_conflict_do_nothing().returning(limits.c.mark)
        ).one_or_none()
        return used is not None

    def is_used(self, mark: str) -> bool:
        """Whether something that can be used once has been."""
        query = sa.select(limits.c.mark).where(limits.c.mark == mark)
        return self._connection.scalar(query) is not None

    def _until(self, mark: str) -> float:
        query = sa.select(limits.c.next_at).where(limits.c.mark == mark)
        return self._connection.scalar(query) or 0.0

    def purge(self, *, now: datetime) -> int:
        """Forget marks whose moment has passed: how many. Who is being counted now is left."""
        over = sa.select(limits.c.mark).where(limits.c.next_at < now.timestamp())
        some = over.limit(_AT_A_TIME).with_for_update(skip_locked=True)
        gone = limits.delete().where(limits.c.mark.in_(some.scalar_subquery()))
        return self._connection.execute(gone).rowcount
