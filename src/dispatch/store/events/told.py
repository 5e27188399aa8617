"""What providers told, each event once; and of which delivery it is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa

from dispatch.clock import Timer, system_timer
from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.people.subscriber import email_key
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.look_through import Sought, look_through
from dispatch.store.database.prepared import dialect_of
from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema import deliveries, editions, events
from dispatch.store.delivery.row_keys import number_of

T = TypeVar("T")

What = tuple[EventKind, bool, int]
"""What an event says: its kind, whether it is for good, and the key of the delivery or 0."""

AT_A_TIME = 500
_ONE_AT_A_TIME = 0x6469737061746368  # a number that stands for this among PostgreSQL's own locks


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it is kept: `event_id` is never empty, `delivery` the key of ours or None."""

    channel: str
    event_id: str
    event: Event
    at: datetime
    received: datetime
    delivery: int | None


@dataclass(frozen=True, slots=True)
class OfDelivery:
    """What is asked of a delivery that something is told of."""

    key: int
    edition_id: str
    campaign: str
    audience: str
    channel: str
    recipient: str
    subscriber_id: int | None
    state: DeliveryState


class Events:
    """Event rows; they are never changed."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def take_turn(self) -> None:
        """Wait until nobody else keeps events, until the end of the transaction.

        What follows from an event depends on those before it. SQLite has one writer anyway.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))

    def known(self, channel: str, ids: Collection[str]) -> dict[str, What]:
        """Those of these event ids that have been kept, and what each said."""
        found: dict[str, What] = {}
        for some in _parts(list(ids)):
            row = events.c
            query = sa.select(row.event_id, row.kind, row.permanent, row.delivery_id).where(
                row.channel == channel, row.event_id.in_(some)
            )
            for one in self._connection.execute(query):
                found[one.event_id] = EventKind(one.kind), one.permanent, one.delivery_id or 0
        return found

    def add(self, told: Sequence[Told]) -> int:
        """Keep events; how many were new.

        The address of one that is of a delivery of ours is the delivery's, and is not kept twice.
        """
        rows = [
            {
                "channel": one.channel,
                "event_id": one.event_id,
                "kind": one.event.kind.value,
                "permanent": one.event.permanent,
                "at": one.at,
                "received_at": one.received,
                "delivery_id": one.delivery,
                "recipient": one.event.recipient if one.delivery is None else "",
                "email_key": email_key(one.event.recipient) if one.delivery is None else "",
                "provider_id": one.event.provider_id,
                "said": one.event.said,
                "reason": one.event.reason,
                "url": one.event.url,
            }
            for one in told
        ]
        return insert_new(self._connection, events, rows)

    def deliveries(self, keys: Iterable[int]) -> dict[int, OfDelivery]:
        """The deliveries with these keys, those that there are."""
        wanted, dialect = set(keys), self._connection.dialect
        numbered, keyed = _of_keys(dialect.name)
        numbers = {"numbers": packed(sorted(set(map(number_of, wanted))), dialect)}
        named = {row.number: row for row in self._connection.execute(numbered, numbers)}
        there = self._connection.execute(keyed, {"numbers": packed(sorted(wanted), dialect)})
        return {
            row.id: OfDelivery(
                row.id,
                of.id,
                of.campaign,
                of.audience,
                row.channel,
                row.recipient,
                row.subscriber_id,
                DeliveryState(row.state),
            )
            for row in there
            if (of := named.get(number_of(row.id))) is not None
        }

    def told_of(self, keys: Collection[int]) -> dict[int, str]:
        """Those of these deliveries of which something was told, each with the provider's id."""
        of = events.c.delivery_id
        query = sa.select(of, sa.func.max(events.c.provider_id)).group_by(of)
        return dict(self._among(query, of, keys))

    def of_deliveries(self, keys: Collection[int]) -> list[Told]:
        """All that was told of deliveries; of each in the order in which it happened."""
        query = sa.select(events).order_by(events.c.at, events.c.id)
        return [_told(row) for row in self._among(query, events.c.delivery_id, keys)]

    def of_address(self, key: str) -> list[Told]:
        """What was told of an address and of no delivery of ours."""
        query = sa.select(events).where(events.c.email_key == key, events.c.email_key != "")
        rows = self._connection.execute(query.order_by(events.c.at, events.c.id))
        return [_told(row) for row in rows]

    def latest(
        self,
        *,
        channel: str = "",
        strangers: bool = False,
        before: int = 0,
        most: int = 50,
        among: int | None = None,
    ) -> list[tuple[int, Told]]:
        """What came last, with its number; `strangers` are of no delivery of ours.

        `among` is of how many of the last of all channels, so that a page need not look through a
        million for one of a channel that rarely tells anything.
        """
        rows: Any = events
        if among is not None:
            rows = sa.select(events).order_by(events.c.id.desc()).limit(among).subquery()
        query = sa.select(rows).order_by(rows.c.id.desc()).limit(most)
        if channel:
            query = query.where(rows.c.channel == channel)
        if strangers:
            query = query.where(rows.c.delivery_id.is_(None))
        if before:
            query = query.where(rows.c.id < before)
        return [(row.id, _told(row)) for row in self._connection.execute(query)]

    def sought(
        self,
        *,
        channel: str = "",
        kind: EventKind | None = None,
        before: int = 0,
        most: int = 50,
        timer: Timer = system_timer,
    ) -> Sought[tuple[int, Told]]:
        """What came last, with its number: of a channel, or of a kind, as far as there is time."""
        newest = self._connection.scalar(sa.select(sa.func.max(events.c.id))) or 0

        def find(top: int, bottom: int, number: int) -> list[tuple[int, Told]]:
            query = sa.select(events).where(events.c.id <= top, events.c.id > bottom)
            if channel:
                query = query.where(events.c.channel == channel)
            if kind is not None:
                query = query.where(events.c.kind == kind.value)
            rows = self._connection.execute(query.order_by(events.c.id.desc()).limit(number))
            return [(row.id, _told(row)) for row in rows]

        return look_through(find, newest, before=before, most=most, timer=timer)

    def _among(
        self, query: sa.Select[Any], column: sa.ColumnElement[Any], numbers: Collection[int]
    ) -> Sequence[Any]:
        """The rows of a query in which a column is one of these numbers, however many."""
        dialect = self._connection.dialect
        some = query.where(one_of(column, "numbers", dialect))
        values = {"numbers": packed(sorted(numbers), dialect)}
        return self._connection.execute(some, values).all()


@cache  # each page with what came last asks them
def _of_keys(kind: str) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """The editions with some `numbers`, and the deliveries with some keys."""
    dialect, number, columns = dialect_of(kind), editions.c.number, deliveries.c
    named = sa.select(number, editions.c.id, editions.c.campaign, editions.c.audience)
    rows = sa.select(
        columns.id, columns.channel, columns.recipient, columns.subscriber_id, columns.state
    )
    return (
        named.where(one_of(number, "numbers", dialect)),
        rows.where(one_of(columns.id, "numbers", dialect)),
    )


def _parts(whole: Sequence[T]) -> Iterable[Sequence[T]]:
    return (whole[at : at + AT_A_TIME] for at in range(0, len(whole), AT_A_TIME))


def _told(row: sa.Row[tuple[object, ...]]) -> Told:
    event = Event(
        kind=EventKind(row.kind),
        id=row.event_id,
        at=row.at,
        provider_id=row.provider_id,
        recipient=row.recipient,
        permanent=row.permanent,
        said=row.said,
        reason=row.reason,
        url=row.url,
    )
    return Told(row.channel, row.event_id, event, row.at, row.received_at, row.delivery_id)
