"""The run log as it is read: runs with their editions and posts, a page in a few statements."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.run import ChoiceEdit, Edit, MadeEdition, Run, RunPost
from dispatch.store.database.schema import (
    batches,
    choice_edits,
    choices,
    edition_posts,
    editions,
    posts,
    runs,
)
from dispatch.store.delivery.batch_counts import counts_of
from dispatch.store.events.later import CameLaters

_WITH_DELIVERIES = frozenset(EditionState) - {
    EditionState.IN_REVIEW,
    EditionState.CHANGES_REQUESTED,
    EditionState.REJECTED,
}

# Not its content, which has all texts and templates: a page of runs would be megabytes.
_OF_EDITIONS = (
    editions.c.number,
    editions.c.state,
    editions.c.reason,
    editions.c.note,
    editions.c.author,
    editions.c.approved_by,
    editions.c.approved_at,
    editions.c.goes_out,
    editions.c.ended_by,
    editions.c.finished_at,
    editions.c.totals,
)
_QUERY = sa.select(runs, *_OF_EDITIONS).outerjoin(editions, editions.c.id == runs.c.edition_id)

NO_LETTER = runs.c.campaign != LETTERS
"""What a run made: letters have their place in time among the runs, and no run made them."""


def latest_runs(
    connection: sa.Connection,
    campaign: str | None = None,
    *,
    limit: int = 20,
    before: tuple[datetime, int] | None = None,
) -> list[Run]:
    """The last runs, newest first, without their posts; `before` is the place of a run."""
    query = _QUERY.order_by(runs.c.moment.desc(), runs.c.id.desc()).limit(limit)
    if before:
        moment, run_id = before
        earlier = sa.and_(runs.c.moment == moment, runs.c.id < run_id)
        query = query.where(runs.c.moment <= moment, sa.or_(runs.c.moment < moment, earlier))
    query = query.where(runs.c.campaign == campaign if campaign else NO_LETTER)
    return _runs(connection, query)


def one_run(connection: sa.Connection, run_id: int) -> Run | None:
    """A run by its number, with its posts."""
    found = with_posts(connection, _runs(connection, _QUERY.where(runs.c.id == run_id)))
    return found[0] if found else None


def runs_after(
    connection: sa.Connection,
    run_id: int,
    *,
    campaign: str | None = None,
    first: date | None = None,
    last: date | None = None,
    limit: int,
) -> list[Run]:
    """The next runs in the order of their numbers, with posts; days of their slots, inclusive."""
    query = _QUERY.where(runs.c.id > run_id).order_by(runs.c.id).limit(limit)
    query = query.where(runs.c.campaign == campaign if campaign else NO_LETTER)
    # By the clock on the wall, with which a slot's key begins.
    if first is not None:
        query = query.where(runs.c.slot >= first.isoformat())
    if last is not None:
        query = query.where(runs.c.slot < (last + timedelta(days=1)).isoformat())
    return with_posts(connection, _runs(connection, query))


def with_posts(connection: sa.Connection, found: list[Run]) -> list[Run]:
    """The same runs with the posts that each looked at: those in it first."""
    ids = [run.id for run in found]
    edits: dict[tuple[int, int], list[ChoiceEdit]] = defaultdict(list)
    query = (
        sa.select(choice_edits).where(choice_edits.c.run_id.in_(ids)).order_by(choice_edits.c.id)
    )
    for row in connection.execute(query):
        edits[row.run_id, row.post_id].append(ChoiceEdit(Edit(row.what), row.by, row.at))
    looked_at: dict[int, list[RunPost]] = defaultdict(list)
    facts = (posts.c.id, posts.c.feed, posts.c.title, posts.c.link)
    query = (
        sa.select(choices.c.run_id, choices.c.included, choices.c.reason, *facts)
        .join(posts, posts.c.id == choices.c.post_id)
        .where(choices.c.run_id.in_(ids))
    )
    for row in connection.execute(query):
        mine = tuple(edits.pop((row.run_id, row.id), ()))
        post = RunPost(row.id, row.feed, row.title, row.link, row.included, row.reason, mine)
        looked_at[row.run_id].append(post)
    # Somebody may have added a post that came after the run.
    query = sa.select(*facts).where(posts.c.id.in_({post_id for _, post_id in edits}))
    added = {row.id: row for row in connection.execute(query)} if edits else {}
    for (run_id, post_id), mine_too in edits.items():
        row = added[post_id]
        post = RunPost(row.id, row.feed, row.title, row.link, None, "", tuple(mine_too))
        looked_at[run_id].append(post)
    return [
        replace(run, posts=tuple(sorted(looked_at[run.id], key=_those_in_first))) for run in found
    ]


def _those_in_first(post: RunPost) -> tuple[bool, int]:
    return (not post.included, post.id)


def _runs(connection: sa.Connection, query: sa.Select[Any]) -> list[Run]:
    rows = connection.execute(query).all()
    made = {row.edition_id: row.number for row in rows if row.edition_id}
    going = [
        row.edition_id
        for row in rows
        if row.edition_id and EditionState(row.state) in _WITH_DELIVERIES
    ]
    numbers = _post_counts(connection, made)
    counts = _totals(rows)
    others = counts_of(connection, [one for one in going if one not in counts])
    counts |= {edition_id: counted.by_state for edition_id, counted in others.items()}
    dues = _next_dues(connection, going)
    later = CameLaters(connection).counts_of(list(made.values()))
    return [
        Run(
            id=row.id,
            campaign=row.campaign,
            slot=row.slot,
            moment=row.moment,
            started=row.started_at,
            manual=row.manual,
            skipped=row.skipped,
            edition=replace(
                _edition(row, numbers, counts, dues), came_later=later.get(row.number, {})
            )
            if row.edition_id
            else None,
            never_used=json.loads(row.never_used or "{}"),
        )
        for row in rows
    ]


def _edition(
    row: sa.Row[Any],
    numbers: Mapping[str, int],
    counts: Mapping[str, Mapping[DeliveryState, int]],
    dues: Mapping[str, datetime],
) -> MadeEdition:
    return MadeEdition(
        id=row.edition_id,
        state=EditionState(row.state),
        posts=numbers.get(row.edition_id, 0),
        reason=row.reason,
        note=row.note,
        author=row.author,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        ended_by=row.ended_by,
        finished_at=row.finished_at,
        deliveries=counts.get(row.edition_id, {}),
        due=dues.get(row.edition_id, row.goes_out),
    )


def _post_counts(connection: sa.Connection, made: Collection[str]) -> dict[str, int]:
    query = (
        sa.select(edition_posts.c.edition_id, sa.func.count())
        .where(edition_posts.c.edition_id.in_(made))
        .group_by(edition_posts.c.edition_id)
    )
    return dict(connection.execute(query).all()) if made else {}


def _totals(rows: Iterable[sa.Row[Any]]) -> dict[str, dict[DeliveryState, int]]:
    """What was counted when editions finished, of those that nobody has reopened since."""
    return {
        row.edition_id: {DeliveryState(state): n for state, n in json.loads(row.totals).items()}
        for row in rows
        if row.totals and row.state == EditionState.FINISHED.value
    }


def _next_dues(connection: sa.Connection, made: Collection[str]) -> dict[str, datetime]:
    ready = sa.func.coalesce(batches.c.lease_until, batches.c.due)
    query = (
        sa.select(batches.c.edition_id, sa.func.min(ready, type_=batches.c.due.type))
        .where(batches.c.edition_id.in_(made), batches.c.finished_at.is_(None))
        .group_by(batches.c.edition_id)
    )
    return dict(connection.execute(query).all()) if made else {}
