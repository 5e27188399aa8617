"""Editions as a list shows them, with the slots that made none, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.campaigns.approval import PASSED_OVER
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import SCHEDULED, EditionState
from dispatch.model.editions.listed import PARTLY_FAILED, SKIPPED, ListedEdition
from dispatch.store.database.alike import contains
from dispatch.store.database.schema import edition_posts, editions, posts, runs
from dispatch.store.editions.content import review_from_json

SEARCHED = 3_000
"""Of so many runs, the newest, subjects and posts are searched: more take too long to wait for."""

# Not its content, which has all texts and templates: a page of them would be megabytes.
_COLUMNS = (
    editions.c.state,
    editions.c.subject,
    editions.c.addressed,
    editions.c.reason,
    editions.c.note,
    editions.c.ended_by,
    editions.c.approved_by,
    editions.c.deadline,
    editions.c.review,
    editions.c.goes_out,
    editions.c.totals,
)
_MADE = sa.outerjoin(runs, editions, editions.c.id == runs.c.edition_id)
_NEWEST = (runs.c.moment.desc(), runs.c.id.desc())

# Made once, as each page asks them of what it found.
_THESE = (
    sa.select(runs, *_COLUMNS)
    .select_from(_MADE)
    .where(runs.c.id.in_(sa.bindparam("found", expanding=True)))
    .order_by(*_NEWEST)
)
_IS_MADE = edition_posts.c.edition_id.in_(sa.bindparam("made", expanding=True))
_NUMBERS = (
    sa.select(edition_posts.c.edition_id, sa.func.count())
    .where(_IS_MADE)
    .group_by(edition_posts.c.edition_id)
)
_LEADS = (
    sa.select(edition_posts.c.edition_id, posts.c.title)
    .join(posts, posts.c.id == edition_posts.c.post_id)
    .where(_IS_MADE, edition_posts.c.position == 0)
)
_TROUBLE = (DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.UNKNOWN)


class ListedEditions:
    """Reads by key, however long the history is."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(
        self,
        *,
        campaign: str = "",
        stage: str = "",
        text: str = "",
        before: int = 0,
        now: datetime,
        most: int = 50,
    ) -> list[ListedEdition]:
        """The newest slots first; `before` is the number of a run, `stage` a word of `STAGES`.

        With `text` those that have it in their subject or in the title of a post, among the newest
        runs.
        """
        wanted = [runs.c.campaign == campaign] if campaign else []
        if stage:
            wanted.append(_stands(stage, now))
        query = sa.select(runs.c.id, runs.c.moment, runs.c.edition_id, editions.c.subject)
        query = query.select_from(_MADE).where(*wanted).order_by(*_NEWEST)
        if text:
            found = query.limit(SEARCHED).subquery()
            columns = found.c.moment, found.c.id
            query = sa.select(found).where(_has(found, text))
            query = query.order_by(*(column.desc() for column in columns))
        else:
            columns = runs.c.moment, runs.c.id
        if before:
            query = query.where(_is_before(before, *columns))
        return self._rows([row.id for row in self._connection.execute(query.limit(most))])

    def _rows(self, found: Sequence[int]) -> list[ListedEdition]:
        """Apart from finding them: what they say is not in the index by which they are found."""
        rows = self._connection.execute(_THESE, {"found": list(found)}).all() if found else []
        made = [row.edition_id for row in rows if row.edition_id]
        numbers, leads = self._numbers(made), self._leads(made)
        return [_listed(row, numbers, leads) for row in rows]

    def _numbers(self, made: Sequence[str]) -> Mapping[str, int]:
        return dict(self._connection.execute(_NUMBERS, {"made": made}).all()) if made else {}

    def _leads(self, made: Sequence[str]) -> Mapping[str, str]:
        return dict(self._connection.execute(_LEADS, {"made": made}).all()) if made else {}


def _has(found: sa.Subquery, text: str) -> sa.ColumnElement[bool]:
    # Counted, as PostgreSQL would first look for whatever posts have the text if asked for one.
    told = (
        sa.select(sa.func.count())
        .select_from(edition_posts)
        .join(posts, posts.c.id == edition_posts.c.post_id)
        .where(edition_posts.c.edition_id == found.c.edition_id, contains(posts.c.title, text))
        .scalar_subquery()
    )
    return sa.or_(contains(found.c.subject, text), told > 0)


def _is_before(
    run_id: int, moment: sa.ColumnElement[Any], number: sa.ColumnElement[int]
) -> sa.ColumnElement[bool]:
    last = sa.select(runs.c.moment).where(runs.c.id == run_id).scalar_subquery()
    return sa.and_(moment <= last, sa.or_(moment < last, number < run_id))


def _stands(stage: str, now: datetime) -> sa.ColumnElement[bool]:
    """What `ListedEdition.stage` says, as a condition."""
    passed_over = editions.c.ended_by.in_(PASSED_OVER)
    later = sa.and_(editions.c.goes_out.is_not(None), editions.c.goes_out > now)
    trouble = sa.or_(
        editions.c.totals == "",
        *(editions.c.totals.contains(f'"{state.value}"') for state in _TROUBLE),
    )
    is_in = {state.value: editions.c.state == state.value for state in EditionState}
    # Nearly all: better found while one walks back in time than sorted when all were found.
    is_in["finished"] = sa.func.coalesce(editions.c.state, "") == EditionState.FINISHED.value
    conditions: dict[str, sa.ColumnElement[bool]] = {
        **is_in,
        "approved": sa.and_(is_in["approved"], sa.not_(later)),
        SCHEDULED: sa.and_(is_in["approved"], later),
        "finished": sa.and_(is_in["finished"], sa.not_(trouble)),
        PARTLY_FAILED: sa.and_(is_in["finished"], trouble),
        "rejected": sa.and_(is_in["rejected"], sa.not_(passed_over)),
        SKIPPED: sa.or_(runs.c.edition_id.is_(None), sa.and_(is_in["rejected"], passed_over)),
    }
    return conditions.get(stage, sa.true())


def _listed(
    row: sa.Row[Any], numbers: Mapping[str, int], leads: Mapping[str, str]
) -> ListedEdition:
    run = ListedEdition(
        run=row.id,
        campaign=row.campaign,
        slot=row.slot,
        moment=row.moment,
        manual=row.manual,
        skipped=row.skipped,
    )
    if not row.edition_id:
        return run
    review = review_from_json(row.review, row.deadline)
    return ListedEdition(
        run=run.run,
        campaign=run.campaign,
        slot=run.slot,
        moment=run.moment,
        manual=run.manual,
        edition=row.edition_id,
        state=EditionState(row.state),
        title=row.subject or leads.get(row.edition_id, ""),
        is_written=bool(row.subject),
        posts=numbers.get(row.edition_id, 0),
        readers=row.addressed,
        reason=row.reason,
        note=row.note,
        ended_by=row.ended_by,
        approved_by=row.approved_by,
        deadline=row.deadline,
        otherwise=review.otherwise,
        goes_out=row.goes_out,
        trouble=not row.totals or any(f'"{state.value}"' in row.totals for state in _TROUBLE),
    )
