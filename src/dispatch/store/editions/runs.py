"""The run log: each firing of a campaign once, and for each post why it was in or out."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from dispatch.clock import SKEW
from dispatch.errors import NotFound
from dispatch.model.campaigns.schedule import Slot
from dispatch.model.editions.run import NOBODY, Edit, Run
from dispatch.model.intake.post import Choice
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import choice_edits, choices, runs, schedules
from dispatch.store.editions.run_log import NO_LETTER, latest_runs, one_run, runs_after


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
        """Record what came of a run; of the choices those that may come out otherwise next time.

        Of the others those that are so since the last run; the rest is counted by its reasons, as
        an archive would be told again with each run.
        """
        never = Counter(one.reason for one in decided if one.past and not one.fresh)
        self._connection.execute(
            runs.update()
            .where(runs.c.id == run_id)
            .values(
                edition_id=edition_id,
                skipped=skipped,
                never_used=json.dumps(never, ensure_ascii=False) if never else "",
            )
        )
        rows = [
            {"run_id": run_id, "post_id": c.post.id, "included": c.included, "reason": c.reason}
            for c in decided
            if c.fresh or not c.past
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

    def note_edits(
        self, edition_id: str, edits: Iterable[tuple[int, Edit]], *, by: str, now: datetime
    ) -> None:
        """Note what a person did to the choices of the run that made an edition: ids of posts."""
        run_id = self._connection.scalar(
            sa.select(runs.c.id).where(runs.c.edition_id == edition_id)
        )
        rows = [
            {"run_id": run_id, "post_id": post_id, "what": what.value, "by": by, "at": now}
            for post_id, what in edits
        ]
        if rows:
            self._connection.execute(choice_edits.insert(), rows)

    def last_start(self, campaign: str, *, before: datetime) -> datetime | None:
        """When the campaign's last run began that did so before a moment; None without any."""
        query = (
            sa.select(runs.c.started_at)
            .where(runs.c.campaign == campaign, runs.c.started_at < before)
            .order_by(runs.c.moment.desc())
            .limit(1)
        )
        started: datetime | None = self._connection.scalar(query)
        return started

    def get(self, run_id: int) -> Run:
        """A run with its posts; raises NotFound."""
        run = one_run(self._connection, run_id)
        if run is None:
            raise NotFound(f"run {run_id}: not known - see 'dispatch runs list'")
        return run

    def that_made(self, edition_id: str) -> Run | None:
        """The run that made an edition, with its posts; None for one that no run made."""
        run_id = self._connection.scalar(
            sa.select(runs.c.id).where(runs.c.edition_id == edition_id, NO_LETTER)
        )
        return None if run_id is None else one_run(self._connection, run_id)

    def made_since(self, campaign: str, moment: datetime) -> list[datetime]:
        """The moments of the campaign's editions from this one on, whatever became of them."""
        query = sa.select(runs.c.moment).where(
            runs.c.campaign == campaign, runs.c.moment >= moment, runs.c.edition_id.is_not(None)
        )
        return list(self._connection.scalars(query))

    def for_nobody(self, campaign: str, *, before: datetime) -> set[int]:
        """The posts that the campaign's runs before a moment chose, and had no reader for."""
        query = (
            sa.select(choices.c.post_id)
            .distinct()
            .join(runs, runs.c.id == choices.c.run_id)
            .where(
                runs.c.campaign == campaign,
                runs.c.moment < before,
                runs.c.skipped.startswith(NOBODY),
                choices.c.included,
            )
        )
        return set(self._connection.scalars(query))

    def latest(
        self,
        campaign: str | None = None,
        *,
        limit: int = 20,
        before: tuple[datetime, int] | None = None,
    ) -> list[Run]:
        """The last runs, newest first, without their posts; `before` is a run's moment and id."""
        return latest_runs(self._connection, campaign, limit=limit, before=before)

    def after(
        self,
        run_id: int,
        *,
        campaign: str | None = None,
        first: date | None = None,
        last: date | None = None,
        limit: int,
    ) -> list[Run]:
        """The next runs after a number, with their posts; days of their slots, inclusive."""
        return runs_after(
            self._connection, run_id, campaign=campaign, first=first, last=last, limit=limit
        )

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

    def start_over(self, *, now: datetime) -> None:
        """Let every schedule begin at this moment: nothing is due of what lies before."""
        self._connection.execute(schedules.update().values(since=now))

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

    def _take(self, rows: Sequence[Mapping[str, Any]], *, now: datetime) -> Sequence[sa.Row[Any]]:
        statement = insert(self._connection, runs)
        too_early = sa.and_(runs.c.edition_id.is_(None), runs.c.started_at > now + SKEW)
        anew = {name: statement.excluded[name] for name in ("started_at", "manual", "skipped")}
        taken = self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[runs.c.campaign, runs.c.slot],
                set_={**anew, "never_used": ""},
                where=too_early,
            ).returning(runs.c.id, runs.c.slot),
            list(rows),
        ).all()
        # What the clock's run had decided about posts is not told of this one.
        dialect = self._connection.dialect
        given_way = choices.delete().where(one_of(choices.c.run_id, "ids", dialect))
        self._connection.execute(given_way, {"ids": packed([row.id for row in taken], dialect)})
        return taken


def _row(campaign: str, slot: Slot, now: datetime) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "slot": slot.key,
        "moment": slot.moment,
        "started_at": now,
        "manual": False,
        "skipped": "",
    }
