"""What is still to be done: questions about batches that are not finished."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.delivery.batch import Batch
from dispatch.model.editions.edition import EditionState
from dispatch.store.database.schema import batches, editions
from dispatch.store.delivery.row_keys import BITS, FIRST_SNIPPET

# Literally the predicate of the partial index, so that SQLite uses it.
OPEN = sa.text("batches.finished_at IS NULL")

NOW = sa.bindparam("now", type_=batches.c.lease_until.type)
IS_FREE = sa.or_(batches.c.lease_until.is_(None), batches.c.lease_until <= NOW)
CAN_BE_TAKEN = (
    batches.c.edition_id == sa.bindparam("edition"),
    batches.c.channel.in_(sa.bindparam("planned", expanding=True)),
    OPEN,
    batches.c.due <= NOW,
    IS_FREE,
    editions.c.state == EditionState.SENDING.value,
)
"""The conditions for `edition`, the channels `planned`, and `now`; `batches` joins `editions`."""

_COMING = (
    sa.select(batches)
    .join(editions, editions.c.id == batches.c.edition_id)
    .where(*CAN_BE_TAKEN)
    .order_by(batches.c.id)
    .limit(1)
)
_READY = (
    sa.select(sa.func.count(batches.c.id))
    .join(editions, editions.c.id == batches.c.edition_id)
    .where(*CAN_BE_TAKEN)
)
_IN_USE = sa.select(sa.func.coalesce(sa.func.sum(batches.c.connections), 0)).where(
    OPEN,
    batches.c.via == sa.bindparam("over"),
    batches.c.lease_until > NOW,
    batches.c.id != sa.bindparam("but"),
)


@dataclass(frozen=True, slots=True)
class Work:
    """What an edition has to hand over on a channel: how many batches, and from when on."""

    edition_id: str
    channel: str
    batches: int
    due: datetime


class OpenBatches:
    """Reads batch rows and changes none."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def work(self, *, now: datetime) -> list[Work]:
        """What is ready to be taken now, by edition and planned channel, oldest edition first."""
        query = (
            sa.select(
                batches.c.edition_id,
                batches.c.channel,
                sa.func.count(),
                sa.func.min(batches.c.due, type_=batches.c.due.type),
            )
            .join(editions, editions.c.id == batches.c.edition_id)
            .where(
                OPEN,
                editions.c.state == EditionState.SENDING.value,
                batches.c.due <= now,
                sa.or_(batches.c.lease_until.is_(None), batches.c.lease_until <= now),
            )
            .group_by(batches.c.edition_id, batches.c.channel, editions.c.number)
            .order_by(editions.c.number)
        )
        return [Work(*row) for row in self._connection.execute(query)]

    def coming(self, edition_id: str, planned: Sequence[str], *, now: datetime) -> Batch | None:
        """The batch that `take` would take next, as it would be then, but for its holder."""
        given = {"edition": edition_id, "planned": planned, "now": now}
        row = self._connection.execute(_COMING, given).one_or_none()
        if row is None:
            return None
        return Batch(
            id=row.id,
            edition_id=row.edition_id,
            audience="",
            channel="",
            planned=row.channel,
            first=row.first,
            last=row.last,
            fence=row.fence + 1,
            connections=0,
            timezone=row.timezone,
        )

    def ready(self, edition_id: str, planned: Sequence[str], *, now: datetime) -> int:
        """How many of the edition's batches could be taken now, of those planned channels."""
        given = {"edition": edition_id, "planned": planned, "now": now}
        return self._connection.scalars(_READY, given).one()

    def connections_in_use(self, channel: str, *, now: datetime, but: int = 0) -> int:
        """How many of a channel's connections are those of batches in somebody's hands.

        Those of the batch `but` are not counted.
        """
        given = {"over": channel, "now": now, "but": but}
        return int(self._connection.scalar(_IN_USE, given) or 0)

    def worked_off(self) -> list[str]:
        """The ids of the editions that are going out and have no open batch any more."""
        open_batch = sa.exists().where(batches.c.edition_id == editions.c.id, OPEN)
        query = sa.select(editions.c.id).where(
            editions.c.state == EditionState.SENDING.value, sa.not_(open_batch)
        )
        return list(self._connection.scalars(query))

    def next_due(self, edition_id: str, channel: str) -> datetime | None:
        """When the next open batch of a channel can be taken."""
        ready = sa.case(
            (batches.c.lease_until.is_not(None), batches.c.lease_until), else_=batches.c.due
        )
        query = sa.select(sa.func.min(ready, type_=batches.c.due.type)).where(
            batches.c.edition_id == edition_id, batches.c.channel == channel, OPEN
        )
        soonest: datetime | None = self._connection.scalar(query)
        return soonest

    def planned(self, channel: str, *, after: datetime) -> list[datetime]:
        """When open batches of snippets are due on a channel, of all editions."""
        of_snippets = batches.c.first % (1 << BITS) >= FIRST_SNIPPET
        query = sa.select(batches.c.due).distinct()
        found = query.where(OPEN, batches.c.channel == channel, batches.c.due > after, of_snippets)
        return list(self._connection.scalars(found))

    def in_hand(self, edition_id: str) -> dict[str, int]:
        """Channel name to how many of the edition's batches for it somebody has taken."""
        query = (
            sa.select(batches.c.channel, sa.func.count(batches.c.lease_until))
            .where(batches.c.edition_id == edition_id, OPEN)
            .group_by(batches.c.channel)
        )
        found: dict[str, int] = dict(self._connection.execute(query).all())
        return found

    def next_free(self, edition_id: str, channel: str) -> tuple[datetime, str] | None:
        """When the next batch that nobody has is due, and the time zone that it is for, if any."""
        query = (
            sa.select(batches.c.due, batches.c.timezone)
            .where(
                batches.c.edition_id == edition_id,
                batches.c.channel == channel,
                OPEN,
                batches.c.lease_until.is_(None),
            )
            .order_by(batches.c.due)
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return (row.due, row.timezone) if row else None

    def due_of(self, edition_id: str, delivery: int) -> datetime | None:
        """When the batch that a delivery is in may be taken; None where that is done with."""
        query = sa.select(batches.c.due).where(
            batches.c.edition_id == edition_id,
            batches.c.first <= delivery,
            batches.c.last >= delivery,
            OPEN,
        )
        due: datetime | None = self._connection.scalar(query)
        return due

    def by_zone(self, edition_id: str) -> list[tuple[str, datetime, int, bool]]:
        """For each time zone when its next part is due, for how many, and whether all is done.

        Empty where an edition does not go by the zones of its readers.
        """
        done = sa.func.sum(sa.case((OPEN, 1), else_=0)) == 0
        due = sa.func.min(sa.case((OPEN, batches.c.due), else_=None), type_=batches.c.due.type)
        query = (
            sa.select(
                batches.c.timezone,
                sa.func.coalesce(due, sa.func.max(batches.c.due), type_=batches.c.due.type),
                sa.func.sum(batches.c.last - batches.c.first + 1),
                done,
            )
            .where(batches.c.edition_id == edition_id, batches.c.timezone != "")
            .group_by(batches.c.timezone)
            .order_by(sa.literal_column("2"), batches.c.timezone)
        )
        return [
            (zone, due, int(number), bool(done))
            for zone, due, number, done in self._connection.execute(query)
        ]

    def leased_until(self, edition_id: str) -> datetime | None:
        """When the first lease on this edition's batches runs out; None if none is held."""
        query = sa.select(sa.func.min(batches.c.lease_until)).where(
            batches.c.edition_id == edition_id, OPEN
        )
        soonest: datetime | None = self._connection.scalar(query)
        return soonest

    def left_behind(self, *, before: datetime) -> int:
        """How many batches of editions that go out are held by somebody whose lease has run out."""
        query = (
            sa.select(sa.func.count())
            .select_from(batches.join(editions, editions.c.id == batches.c.edition_id))
            .where(
                OPEN,
                editions.c.state == EditionState.SENDING.value,
                batches.c.lease_until < before,
            )
        )
        return self._connection.scalars(query).one()

    def are_in_hand(self) -> bool:
        """Whether somebody has taken a batch and not put it back."""
        held = sa.select(batches.c.id).where(OPEN, batches.c.lease_until.is_not(None))
        return self._connection.scalar(held.limit(1)) is not None

    def unfinished_in(self, state: EditionState) -> list[str]:
        """The ids of the editions in a state that have batches which are not finished."""
        query = (
            sa.select(batches.c.edition_id)
            .distinct()
            .join(editions, editions.c.id == batches.c.edition_id)
            .where(OPEN, editions.c.state == state.value)
        )
        return list(self._connection.scalars(query))
