"""The run log: each firing of a campaign once, and for each post why it was in or out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.post import Choice
from dispatch.model.schedule import Slot
from dispatch.store.rows import insert
from dispatch.store.schema import choices, posts, runs, schedules


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

    def start(
        self, campaign: str, slot: Slot, *, now: datetime, manual: bool = False
    ) -> int | None:
        """Take a slot; None if somebody has it already."""
        run_id: int | None = self._connection.scalar(
            insert(self._connection, runs)
            .values(
                campaign=campaign,
                slot=slot.key,
                moment=slot.moment,
                started_at=now,
                manual=manual,
            )
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

    def note_skipped(self, edition_id: str, reason: str) -> None:
        """Record that nothing came of the run that made this edition, after all."""
        self._connection.execute(
            runs.update().where(runs.c.edition_id == edition_id).values(skipped=reason)
        )

    def skipped(self, edition_id: str) -> str:
        """Why nothing came of the run that made this edition, or empty."""
        query = sa.select(runs.c.skipped).where(runs.c.edition_id == edition_id)
        return self._connection.scalar(query) or ""

    def latest(self, campaign: str | None = None, *, limit: int = 20) -> list[Run]:
        """The last runs, newest first."""
        query = sa.select(runs).order_by(runs.c.moment.desc(), runs.c.id.desc()).limit(limit)
        if campaign:
            query = query.where(runs.c.campaign == campaign)
        return [_run(row) for row in self._connection.execute(query)]

    def note_schedule(self, campaign: str, words: str, *, now: datetime) -> None:
        """Note since when a campaign has this schedule; an unchanged one keeps its moment."""
        values = {"words": words, "since": now}
        self._connection.execute(
            insert(self._connection, schedules)
            .values(campaign=campaign, **values)
            .on_conflict_do_update(
                index_elements=[schedules.c.campaign], set_=values, where=schedules.c.words != words
            )
        )

    def answered_until(self, campaign: str) -> datetime | None:
        """The moment up to which the schedule has been answered for: its last slot, or its start.

        Runs that a person started do not count. None where no schedule was noted.
        """
        since = sa.select(schedules.c.since).where(schedules.c.campaign == campaign)
        last = (
            sa.select(runs.c.moment)
            .where(runs.c.campaign == campaign, sa.not_(runs.c.manual))
            .order_by(runs.c.moment.desc())
            .limit(1)
        )
        moments = [self._connection.scalar(since), self._connection.scalar(last)]
        return max((moment for moment in moments if moment), default=None)

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
