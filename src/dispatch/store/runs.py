"""The run log: each firing of a campaign once, and for each post why it was in or out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.post import Choice
from dispatch.model.schedule import Slot
from dispatch.store.rows import insert
from dispatch.store.schema import choices, posts, runs


@dataclass(frozen=True, slots=True)
class Run:
    """One firing of a campaign: it made an edition, or was skipped for a reason."""

    id: int
    campaign: str
    slot: str
    moment: datetime
    skipped: str
    edition_id: str | None


class Runs:
    """Runs, unique by campaign and slot, and their choices."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def start(self, campaign: str, slot: Slot, *, now: datetime) -> int | None:
        """Take a slot; None if somebody has it already."""
        run_id: int | None = self._connection.scalar(
            insert(self._connection, runs)
            .values(campaign=campaign, slot=slot.key, moment=slot.moment, started_at=now)
            .on_conflict_do_nothing()
            .returning(runs.c.id)
        )
        return run_id

    def end(
        self, run_id: int, decided: Sequence[Choice], *, edition_id: str | None, skipped: str = ""
    ) -> None:
        """Record what came of a run; of the choices those that may come out otherwise next time."""
        self._connection.execute(
            runs.update().where(runs.c.id == run_id).values(edition_id=edition_id, skipped=skipped)
        )
        rows = [
            {"run_id": run_id, "post_id": c.post.id, "included": c.included, "reason": c.reason}
            for c in decided
            if not c.past
        ]
        if rows:
            self._connection.execute(choices.insert(), rows)

    def skip(self, campaign: str, slot: Slot, *, reason: str, now: datetime) -> bool:
        """Record a slot as passed over; False if it has a run already."""
        run_id = self.start(campaign, slot, now=now)
        if run_id is None:
            return False
        self.end(run_id, [], edition_id=None, skipped=reason)
        return True

    def latest(self, campaign: str | None = None, *, limit: int = 20) -> list[Run]:
        """The last runs, newest first."""
        query = sa.select(runs).order_by(runs.c.moment.desc(), runs.c.id.desc()).limit(limit)
        if campaign:
            query = query.where(runs.c.campaign == campaign)
        return [_run(row) for row in self._connection.execute(query)]

    def last_moment(self, campaign: str) -> datetime | None:
        """The moment of the campaign's latest run."""
        query = sa.select(runs.c.moment).where(runs.c.campaign == campaign)
        return self._connection.scalar(query.order_by(runs.c.moment.desc()).limit(1))

    def reasons(self, run_id: int) -> list[tuple[str, bool, str]]:
        """Title, in or out, and why, for each post the run looked at."""
        query = (
            sa.select(posts.c.title, choices.c.included, choices.c.reason)
            .join(posts, posts.c.id == choices.c.post_id)
            .where(choices.c.run_id == run_id)
            .order_by(choices.c.included.desc(), posts.c.id)
        )
        return [(row.title, row.included, row.reason) for row in self._connection.execute(query)]


def _run(row: sa.Row[Any]) -> Run:
    return Run(row.id, row.campaign, row.slot, row.moment, row.skipped, row.edition_id)
