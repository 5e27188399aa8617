"""What was, what is to come and what waits, slot by slot, without any edition's content."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from dispatch.model.campaigns.approval import Review
from dispatch.model.campaigns.schedule import read_key
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import UNDECIDED, EditionState, stage
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.run import SKIPPED
from dispatch.store.database.schema import edition_posts, editions, feeds, invitations, runs
from dispatch.store.delivery.batch_counts import edition_counts
from dispatch.store.editions.content import review_from_json
from dispatch.store.team.rail import FAILING

MOST_WAITING = 50
"""Of what waits so many are read: who has more looks at the list of editions."""

_TROUBLE = (DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSlot:
    """A slot that had its run: the edition that it made, or why it made none.

    `settled` has its deliveries by state as JSON, once all of them are; `addressed` is how many it
    has, snippets included.
    """

    campaign: str
    slot: str
    moment: datetime
    manual: bool = False
    skipped: str = ""
    edition: str = ""
    state: EditionState | None = None
    ended_by: str = ""
    goes_out: datetime | None = None
    audience: str = ""
    addressed: int = 0
    settled: str = ""

    @property
    def local(self) -> datetime:
        """The slot by the clock on the wall."""
        return read_key(self.slot)[0]

    @property
    def totals(self) -> Mapping[DeliveryState, int]:
        """Its deliveries by state; empty where they are not settled."""
        return {DeliveryState(one): n for one, n in json.loads(self.settled or "{}").items()}

    def stage(self, now: datetime) -> str:
        """The word for people. An edition that is over and not settled has an answer missing."""
        if self.state is None:
            return SKIPPED
        # A calendar has thousands: to see that a state is named is quicker than to read them all.
        lost = self.state is EditionState.FINISHED and not self.settled
        counts = {state: 1 for state in _TROUBLE if lost or f'"{state.value}"' in self.settled}
        return stage(_Stands(self.state, self.ended_by), counts, due=self.goes_out, now=now)


@dataclass(frozen=True, slots=True)
class _Stands:
    state: EditionState
    ended_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEdition:
    """An edition about which somebody has to decide: that is in review, or paused."""

    id: str
    campaign: str
    slot: str
    state: EditionState
    audience: str
    reason: str
    note: str
    review: Review
    goes_out: datetime | None


class _Covered(sa.Join):
    """Runs with their editions, by the index that has all that a calendar says of those.

    SQLite by itself goes by the id alone, and reads past the content of each.
    """

    inherit_cache = True


@compiles(_Covered)
def _covered(join: _Covered, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.visit_join(join, **options))  # type: ignore[no-untyped-call]


@compiles(_Covered, "sqlite")
def _covered_on_sqlite(join: _Covered, compiler: SQLCompiler, **options: Any) -> str:
    written = str(compiler.visit_join(join, **options))  # type: ignore[no-untyped-call]
    return written.replace(" ON ", " INDEXED BY ix_editions_stage ON ", 1)


_SLOTS = sa.select(
    runs.c.campaign,
    runs.c.slot,
    runs.c.moment,
    runs.c.manual,
    runs.c.skipped,
    runs.c.edition_id,
    editions.c.state,
    editions.c.ended_by,
    editions.c.goes_out,
    editions.c.audience,
    editions.c.addressed,
    editions.c.totals,
).select_from(_Covered(runs, editions, editions.c.id == runs.c.edition_id, isouter=True))


class Agenda:
    """Reads, and changes nothing."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def between(
        self, first: datetime, until: datetime, *, campaign: str = ""
    ) -> Sequence[PastSlot]:
        """The slots from one moment on and before another that had their run, in order."""
        query = _SLOTS.where(runs.c.moment >= first, runs.c.moment < until)
        if campaign:
            query = query.where(runs.c.campaign == campaign)
        return self._slots(query.order_by(runs.c.moment, runs.c.id))

    def last(self, now: datetime, *, most: int) -> Sequence[PastSlot]:
        """The last slots until now, newest first."""
        query = _SLOTS.where(runs.c.moment <= now).order_by(runs.c.moment.desc(), runs.c.id.desc())
        return self._slots(query.limit(most))

    def at(self, campaign: str, local: str) -> PastSlot | None:
        """The run of a campaign's slot, which is known by the time on the wall."""
        key = runs.c.slot.startswith(f"{local}[", autoescape=True)
        found = self._slots(_SLOTS.where(runs.c.campaign == campaign, key).limit(1))
        return found[0] if found else None

    def is_empty(self) -> bool:
        """Whether no campaign has ever run."""
        made = sa.select(runs.c.id).where(runs.c.campaign != LETTERS).limit(1)
        return self._connection.scalar(made) is None

    def undecided(self) -> list[WaitingEdition]:
        """Those that wait for an approval or for changes, the nearest deadline first."""
        states = [state.value for state in UNDECIDED]
        query = _waiting(editions.c.state.in_(states))
        return self._waiting(query.order_by(editions.c.deadline, editions.c.number))

    def paused(self) -> list[WaitingEdition]:
        """Those that go on when somebody says so, the oldest first."""
        query = _waiting(editions.c.state == EditionState.PAUSED.value)
        return self._waiting(query.order_by(editions.c.number))

    def unsettled(self, *, most: int = 5) -> list[tuple[WaitingEdition, int]]:
        """The newest that are over and have deliveries of which nobody knows, and how many."""
        # Literally the predicate of the partial index, so that SQLite uses it.
        query = _waiting(sa.text("editions.state = 'finished' AND editions.totals = ''"))
        found = self._waiting(query.order_by(editions.c.number.desc()), most=most)
        unknown = [(one, self.counts(one.id).get(DeliveryState.UNKNOWN, 0)) for one in found]
        return [(one, number) for one, number in unknown if number]

    def counts(self, edition_id: str) -> Mapping[DeliveryState, int]:
        """How many deliveries of an edition are in each state; without counting rows."""
        return edition_counts(self._connection, edition_id).by_state

    def posts_in(self, ids: Sequence[str]) -> Mapping[str, int]:
        """Edition to how many posts it has."""
        query = (
            sa.select(edition_posts.c.edition_id, sa.func.count())
            .where(edition_posts.c.edition_id.in_(ids))
            .group_by(edition_posts.c.edition_id)
        )
        return dict(self._connection.execute(query).all()) if ids else {}

    def holding_posts(
        self, campaign: str, states: Iterable[EditionState]
    ) -> list[tuple[str, str, int]]:
        """The editions of a campaign in these states that have posts: id, slot, how many."""
        query = (
            sa.select(editions.c.id, editions.c.slot, sa.func.count())
            .join(edition_posts, edition_posts.c.edition_id == editions.c.id)
            .where(
                editions.c.campaign == campaign,
                editions.c.state.in_([state.value for state in states]),
                editions.c.welcome_of == "",
            )
            .group_by(editions.c.id, editions.c.slot, editions.c.number)
            .order_by(editions.c.number)
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query)]

    def polled_at(self, names: Collection[str]) -> datetime | None:
        """When one of these feeds was last asked; None: never."""
        query = sa.select(sa.func.max(feeds.c.polled_at)).where(feeds.c.name.in_(names))
        last: datetime | None = self._connection.scalar(query)
        return last

    def failing(self, names: Collection[str]) -> list[tuple[str, str]]:
        """Those of these feeds that somebody should look at, and what is wrong with each."""
        query = sa.select(feeds.c.name, feeds.c.problem).where(FAILING, feeds.c.name.in_(names))
        return [(row.name, row.problem) for row in self._connection.execute(query)]

    def open_invitations(self, now: datetime) -> int:
        """How many were asked to join the team, and have not answered."""
        query = sa.select(sa.func.count()).where(
            invitations.c.accepted_at.is_(None),
            invitations.c.cancelled_at.is_(None),
            invitations.c.ends_at > now,
        )
        return self._connection.scalar(query) or 0

    def _slots(self, query: sa.Select[Any]) -> list[PastSlot]:
        return [
            PastSlot(
                campaign=row.campaign,
                slot=row.slot,
                moment=row.moment,
                manual=row.manual,
                skipped=row.skipped,
                edition=row.edition_id or "",
                state=EditionState(row.state) if row.state else None,
                ended_by=row.ended_by or "",
                goes_out=row.goes_out,
                audience=row.audience or "",
                addressed=row.addressed or 0,
                settled=row.totals or "",
            )
            for row in self._connection.execute(query).all()
        ]

    def _waiting(self, query: sa.Select[Any], *, most: int = MOST_WAITING) -> list[WaitingEdition]:
        return [
            WaitingEdition(
                id=row.id,
                campaign=row.campaign,
                slot=row.slot,
                state=EditionState(row.state),
                audience=row.audience,
                reason=row.reason,
                note=row.note,
                review=review_from_json(row.review, row.deadline),
                goes_out=row.goes_out,
            )
            for row in self._connection.execute(query.limit(most))
        ]


def _waiting(condition: sa.ColumnElement[bool] | sa.TextClause) -> sa.Select[Any]:
    return sa.select(
        editions.c.id,
        editions.c.campaign,
        editions.c.slot,
        editions.c.state,
        editions.c.audience,
        editions.c.reason,
        editions.c.note,
        editions.c.review,
        editions.c.deadline,
        editions.c.goes_out,
    ).where(condition)
