"""Wake-ups that are heard if the transaction is kept, and not if it is not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dispatch.wakeup.envelope import QUEUE, TASK, seal
from dispatch.wakeup.port import Payload, Wakeup

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

STALLED_AFTER = timedelta(minutes=2)
"""How long a worker may be silent, which reports every ten seconds, until it counts as dead."""

# Procrastinate's tables, as far as we touch them; they are made by its own SQL.
_workers = sa.table("procrastinate_workers", sa.column("id"), sa.column("last_heartbeat"))


class Wakeups:
    """The wake-ups of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._wakeups: dict[str, Wakeup] = {}

    def wake(
        self, job: str, payload: Payload, *, key: str, not_before: datetime | None = None
    ) -> None:
        """See Waker; nothing is heard before the transaction is committed."""
        wakeup = Wakeup(job, payload, key, not_before)
        known = self._wakeups.get(key)
        if known is None or wakeup.is_sooner(known):
            self._wakeups[key] = wakeup

    def enqueue(self) -> Sequence[Wakeup]:
        """Write the wake-ups into the database's queue, as the last act of the transaction.

        Gives back those that are to be passed on after the commit: all of them where the database
        has no queue.
        """
        # In one order everywhere: two nodes that wake for the same things wait for each other,
        # and never both.
        wakeups = [self._wakeups.pop(key) for key in sorted(self._wakeups)]
        if not self._has_queue:
            return wakeups
        if wakeups:
            self._connection.execute(_enqueue(), [_row(wakeup) for wakeup in wakeups])
        return []

    def forget_stalled(self) -> int:
        """Remove what dead workers had taken up, and say how much; they are woken for it again."""
        if not self._has_queue:
            return 0
        jobs = _jobs()
        alive = sa.exists().where(
            _workers.c.id == jobs.c.worker_id,
            _workers.c.last_heartbeat > sa.func.now() - STALLED_AFTER,
        )
        return self._connection.execute(
            sa.delete(jobs).where(
                jobs.c.status == sa.literal_column("'doing'"), jobs.c.queue_name == QUEUE, ~alive
            )
        ).rowcount

    @property
    def _has_queue(self) -> bool:
        return self._connection.dialect.name == "postgresql"


@cache
def _jobs() -> sa.TableClause:
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow, and not for SQLite

    return sa.table(
        "procrastinate_jobs",
        sa.column("queue_name", sa.Text()),
        sa.column("task_name", sa.Text()),
        sa.column("queueing_lock", sa.Text()),
        sa.column("args", postgresql.JSONB()),
        sa.column("scheduled_at", sa.DateTime(timezone=True)),
        sa.column("status"),
        sa.column("worker_id"),
    )


def _enqueue() -> "postgresql.Insert":
    """An insert and not Procrastinate's function: that one ends the transaction at a repeat."""
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow, and not for SQLite

    statement = postgresql.insert(_jobs())
    new, known = statement.excluded, _jobs().c.scheduled_at
    return statement.on_conflict_do_update(
        index_elements=["queueing_lock"],
        index_where=sa.text("status = 'todo'"),
        set_={"scheduled_at": new.scheduled_at},
        where=(new.scheduled_at < known) | (new.scheduled_at.is_(None) & known.is_not(None)),
    )


def _row(wakeup: Wakeup) -> dict[str, object]:
    return {
        "queue_name": QUEUE,
        "task_name": TASK,
        "queueing_lock": wakeup.key,
        "args": seal(wakeup),
        "scheduled_at": wakeup.not_before,
    }
