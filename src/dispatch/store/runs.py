"""The run log: each firing of a campaign once, and for each post why it was in or out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.clock import SKEW
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
    """Runs, unique by campaign and slot, and their choices.

    A clock that is far ahead passes over slots that are still to come. Once it is right again their
    runs, of which nothing came, give way to real ones; an edition that was made stays the slot's.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def start(
        self, campaign: str, slot: Slot, *, now: datetime, manual: bool = False
    ) -> int | None:
        """Take a slot; None if somebody has it already."""
        row = {**_row(campaign, slot, now), "manual": manual}
        taken = self._take([row], now=now)
        return taken[0].id if taken else None

    def end(
        self, run_id: int, decided: Sequence[Choice], *, edition_id: str | None, skipped: str = ""
    ) -> None:
        """Record what came of a run; of the choices those that may come out otherwise next time."""
        self._connection.execute(
            runs.update().where(runs.c.id == run_id).values(edition_id=edition_id, skipped=skipped)
        )
        self._connection.execute(choices.delete().where(choices.c.run_id == run_id))
        rows = [
            {"run_id": run_id, "post_id": c.post.id, "included": c.included, "reason": c.reason}
            for c in decided
            if not c.past
        ]
        if rows:
            self._connection.execute(choices.insert(), rows)

    def skip(self, campaign: str, passed: Sequence[tuple[Slot, str]], *, now: datetime) -> set[str]:
        """Record slots as passed over, and why; the keys of those that had no run yet."""
        rows = [{**_row(campaign, slot, now), "skipped": reason} for slot, reason in passed]
        return {row.slot for row in self._take(rows, now=now)}

    def has_edition(self, campaign: str, slot: Slot) -> bool:
        """Whether an edition was made for a slot."""
        query = sa.select(runs.c.id).where(
            runs.c.campaign == campaign, runs.c.slot == slot.key, runs.c.edition_id.is_not(None)
        )
        return self._connection.scalar(query) is not None

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
        """Note since when a campaign has this schedule; an unchanged one keeps its moment.

        A moment that only a wrong clock can have noted becomes one of a little while ago, so that a
        slot counts which came between setting the clock right and now.
        """
        by_wrong_clock = schedules.c.since > now + SKEW
        since = schedules.c.since.type
        self._connection.execute(
            insert(self._connection, schedules)
            .values(campaign=campaign, words=words, since=now)
            .on_conflict_do_update(
                index_elements=[schedules.c.campaign],
                set_={
                    "words": words,
                    "since": sa.case(
                        (by_wrong_clock, sa.literal(now - SKEW, since)),
                        else_=sa.literal(now, since),
                    ),
                },
                where=sa.or_(schedules.c.words != words, by_wrong_clock),
            )
        )

    def answered_until(self, campaigns: Sequence[str], *, now: datetime) -> Mapping[str, datetime]:
        """Campaign to the moment up to which its schedule is answered for: its last slot or start.

        Runs that a person started do not count, nor those that a wrong clock noted. A campaign of
        which no schedule was noted is not there.
        """
        last = (
            sa.select(runs.c.moment)
            .where(
                runs.c.campaign == schedules.c.campaign,
                sa.not_(runs.c.manual),
                runs.c.started_at <= now + SKEW,
            )
            .order_by(runs.c.moment.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = sa.select(schedules.c.campaign, schedules.c.since, last.label("last")).where(
            schedules.c.campaign.in_(campaigns)
        )
        rows = self._connection.execute(query)
        return {row.campaign: max(row.since, row.last or row.since) for row in rows}

    def reasons(self, run_id: int) -> list[tuple[str, bool, str]]:
        """Title, in or out, and why, for each post the run looked at."""
        query = (
            sa.select(posts.c.title, choices.c.included, choices.c.reason)
            .join(posts, posts.c.id == choices.c.post_id)
            .where(choices.c.run_id == run_id)
            .order_by(choices.c.included.desc(), posts.c.id)
        )
        return [(row.title, row.included, row.reason) for row in self._connection.execute(query)]

    def _take(self, rows: Sequence[Mapping[str, Any]], *, now: datetime) -> Sequence[sa.Row[Any]]:
        statement = insert(self._connection, runs)
        too_early = sa.and_(runs.c.edition_id.is_(None), runs.c.started_at > now + SKEW)
        return self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[runs.c.campaign, runs.c.slot],
                set_={name: statement.excluded[name] for name in ("started_at", "skipped")},
                where=too_early,
            ).returning(runs.c.id, runs.c.slot),
            list(rows),
        ).all()


def _row(campaign: str, slot: Slot, now: datetime) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "slot": slot.key,
        "moment": slot.moment,
        "started_at": now,
        "manual": False,
        "skipped": "",
    }


def _run(row: sa.Row[Any]) -> Run:
    return Run(row.id, row.campaign, row.slot, row.moment, row.skipped, row.edition_id)
