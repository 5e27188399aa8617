"""Deliveries: the ledger that says who got what; `ledger.py` writes how they go out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from dispatch.model.campaigns.cadence import CadenceOffer
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.counts import Counted
from dispatch.model.delivery.state import Delivery, DeliveryState, On, Settlement, move
from dispatch.model.editions.edition import Edition
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.schema import deliveries, editions, events, subscribers, subscriptions
from dispatch.store.delivery.batch_counts import edition_counts
from dispatch.store.delivery.reservations import park_what_is_left, wait_in
from dispatch.store.delivery.row_keys import FIRST_SNIPPET, key, key_range
from dispatch.store.events.later import fits_what_was_told
from dispatch.store.people.subscribers import is_reader

PICKED_AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class PlannedSnippet:
    """A snippet that an edition makes: the channel, and the part that tells it from the others."""

    channel: str
    part: str = ""


class Deliveries:
    """Delivery rows. Every change repeats the state and the fence it starts from."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add_readers(
        self,
        edition: Edition,
        audience: str,
        channel: str,
        *,
        picked: Iterable[int] | None,
        now: datetime,
        offer: CadenceOffer | None = None,
    ) -> int:
        """Freeze the audience: write a row for each active reader, or for those who are picked.

        Of a family, only readers are written whom the `offer` is for. A reader's key follows from
        the edition and the person, so that nobody can be in it twice. Returns how many there are.
        """
        position = sa.literal(key(edition.number, 0), sa.BigInteger) + subscribers.c.id
        rows = _readers({"id": position}, audience, channel, now, offer)
        if picked is None:
            return self._connection.execute(_insert(rows)).rowcount
        return self._add_some(rows, picked)

    def add_readers_of_zone(
        self,
        edition: Edition,
        audience: str,
        channel: str,
        *,
        picked: Iterable[int],
        before: int,
        now: datetime,
    ) -> int:
        """Write the picked readers of one time zone, in the positions after `before`.

        So a zone is one range of keys. By the column `reader` the database refuses a second row for
        one person. Returns how many were written: people who have left since are not.
        """
        dialect, number, ids = self._connection.dialect, 0, iter(picked)
        place = sa.func.row_number().over(order_by=subscribers.c.id)
        columns = {
            "id": sa.bindparam("first", type_=sa.BigInteger) + place,
            "reader": sa.literal(key(edition.number, 0), sa.BigInteger) + subscribers.c.id,
        }
        rows = _readers(columns, audience, channel, now)
        statement = _insert(rows.where(one_of(subscribers.c.id, "ids", dialect)))
        while chunk := list(islice(ids, PICKED_AT_A_TIME)):
            values = {"ids": packed(chunk, dialect), "first": key(edition.number, before + number)}
            number += self._connection.execute(statement, values).rowcount
        return number

    def _add_some(self, rows: sa.Select[Any], picked: Iterable[int]) -> int:
        dialect = self._connection.dialect
        some = _insert(rows.where(one_of(subscribers.c.id, "ids", dialect)))
        ids, number = iter(picked), 0
        while chunk := list(islice(ids, PICKED_AT_A_TIME)):
            number += self._connection.execute(some, {"ids": packed(chunk, dialect)}).rowcount
        return number

    def add_snippets(
        self, edition: Edition, snippets: Sequence[PlannedSnippet], *, now: datetime
    ) -> dict[str, tuple[int, int]]:
        """Write a row for each snippet; returns channel name to first and last key."""
        keys: dict[str, tuple[int, int]] = {}
        rows = []
        for position, one in enumerate(
            sorted(snippets, key=lambda snippet: snippet.channel), FIRST_SNIPPET
        ):
            row_key = key(edition.number, position)
            keys[one.channel] = (keys.get(one.channel, (row_key, 0))[0], row_key)
            rows.append(
                {
                    "id": row_key,
                    "channel": one.channel,
                    "recipient": one.channel,
                    "part": one.part,
                    "state": DeliveryState.PENDING.value,
                    "changed_at": now,
                }
            )
        if rows:
            self._connection.execute(deliveries.insert(), rows)
        return keys

    def settle(self, settlements: Sequence[Settlement], *, now: datetime) -> None:
        """Settle deliveries that were lost; one that came out meanwhile is left alone."""
        for one in settlements:
            values: dict[str, Any] = {
                "state": one.state.value,
                "reason": one.reason,
                "changed_at": now,
            }
            if one.due is not None:
                values["due"] = one.due
            if one.repeats_until is not None:
                values["repeats_until"] = one.repeats_until
            if one.provider_id:
                values["provider_id"] = one.provider_id
            self._connection.execute(
                deliveries.update()
                .where(
                    deliveries.c.id == one.delivery.id,
                    deliveries.c.state == one.delivery.state.value,
                    deliveries.c.fence == one.delivery.fence,
                )
                .values(values)
            )

    def lost(self, batch: Batch) -> list[Delivery]:
        """Deliveries that earlier holders of a batch left in a provider's hands, or may have."""
        in_hand = deliveries.c.state == DeliveryState.SENDING.value
        query = sa.select(deliveries).with_for_update()
        before = query.where(_inside(batch), in_hand, deliveries.c.fence < batch.fence)
        rows = self._connection.execute(before).all()
        if batch.in_doubt:
            waits, values = wait_in(self._connection, batch.in_doubt)
            rows = [*rows, *self._connection.execute(query.where(waits), values)]
        return [to_delivery(row, batch.edition_id) for row in rows]

    def park_those_too_late(self, batch: Batch, *, before: datetime, now: datetime) -> list[int]:
        """Make deliveries unknown whose repeat the provider would no longer drop; their keys."""
        parked = self._connection.scalars(
            deliveries.update()
            .where(
                _inside(batch),
                deliveries.c.state == DeliveryState.PENDING.value,
                deliveries.c.repeats_until <= before,
            )
            .values(
                state=move(DeliveryState.PENDING, On.TOO_LATE).value,
                reason=On.TOO_LATE.value,
                changed_at=now,
            )
            .returning(deliveries.c.id)
        )
        return list(parked)

    def start_over(self, channel: str, edition: Edition, *, now: datetime) -> int:
        """Forget attempts and waits of what a channel has tried: a person has mended it."""
        return self._connection.execute(
            deliveries.update()
            .where(
                _of(edition),
                deliveries.c.channel == channel,
                deliveries.c.state == DeliveryState.PENDING.value,
                deliveries.c.attempt > 0,
            )
            .values(attempt=0, due=now, changed_at=now)
        ).rowcount

    def decide(
        self,
        edition: Edition,
        state: DeliveryState,
        on: On,
        *,
        reason: str,
        now: datetime,
        channel: str | None = None,
        recipient: str | None = None,
        was: str | None = None,
        keys: Collection[int] | None = None,
    ) -> int:
        """Move deliveries of an edition from one state as a person decided; how many they were.

        `was` is the reason that they have, if it is about some of them only; so are `keys`.
        """
        to = move(state, on)
        chosen = _chosen(edition, state, channel, recipient) + fits_what_was_told(on)
        if was is not None:
            chosen.append(deliveries.c.reason == was)
        if keys is not None:
            chosen.append(deliveries.c.id.in_(keys))
        statement = (
            deliveries.update()
            .where(*chosen)
            .values(
                state=to.value,
                reason=reason,
                due=now,  # said outright: by this its batch is found
                attempt=0,
                repeats_until=None,
                # Whoever still waits for an answer of before shall not settle what is new.
                fence=deliveries.c.fence + 1,
                changed_at=now,
            )
        )
        return self._connection.execute(statement).rowcount

    def take_back(self, keys: Sequence[int], *, reason: str, now: datetime) -> int:
        """Let refusals wait again that were the account's; how many they were.

        Attempts stay counted: nothing is taken back for ever.
        """
        to = move(DeliveryState.REFUSED, On.MISJUDGED)
        refused = deliveries.c.state == DeliveryState.REFUSED.value
        statement = deliveries.update().where(deliveries.c.id.in_(keys), refused)
        values = {"state": to.value, "reason": reason, "due": now, "changed_at": now}
        return self._connection.execute(statement.values(values)).rowcount

    def refusals(self, edition: Edition, *, channel: str | None = None) -> dict[str, int]:
        """The reasons for which deliveries of an edition were refused, and how many by each."""
        chosen = _chosen(edition, DeliveryState.REFUSED, channel)
        query = sa.select(deliveries.c.reason, sa.func.count()).where(*chosen)
        rows = self._connection.execute(query.group_by(deliveries.c.reason))
        counts: dict[str, int] = dict(rows.all())
        return counts

    def cancel(self, edition: Edition, *, now: datetime) -> int:
        """End the deliveries that wait in an edition; returns how many.

        One that waits because an answer was lost may have arrived: nobody can say that it failed.
        It was accepted, where its provider has told something of it since.
        """
        park_what_is_left(self._connection, edition.id, now=now)
        lost = deliveries.c.repeats_until.is_not(None)
        told = sa.and_(lost, sa.exists().where(events.c.delivery_id == deliveries.c.id))
        may_have_arrived = f"{On.CANCELLED}; it may have arrived before, the answer was lost"
        return self._connection.execute(
            deliveries.update()
            .where(*_chosen(edition, DeliveryState.PENDING))
            .values(
                state=sa.case(
                    (told, move(DeliveryState.PENDING, On.TOLD).value),
                    (lost, move(DeliveryState.PENDING, On.TOO_LATE).value),
                    else_=move(DeliveryState.PENDING, On.CANCELLED).value,
                ),
                reason=sa.case(
                    (told, On.TOLD.value), (lost, may_have_arrived), else_=On.CANCELLED.value
                ),
                changed_at=now,
            )
        ).rowcount

    def doubt(self, edition: Edition, *, now: datetime) -> int:
        """Make unknown all that is open in an edition; returns how many."""
        return sum(
            self.decide(edition, state, On.RESTORED, reason=On.RESTORED.value, now=now)
            for state in (DeliveryState.PENDING, DeliveryState.SENDING)
        )

    def count(self, edition: Edition, state: DeliveryState, *, recipient: str | None = None) -> int:
        """How many deliveries of an edition are in one state, or how many of one recipient."""
        query = sa.select(sa.func.count()).select_from(deliveries)
        chosen = query.where(*_chosen(edition, state, recipient=recipient))
        return self._connection.scalars(chosen).one()

    def some_tried_again(self, edition: Edition) -> bool:
        """Whether a delivery of an edition waits that was tried before, in vain."""
        query = sa.select(deliveries.c.id).where(
            _of(edition),
            deliveries.c.state == DeliveryState.PENDING.value,
            deliveries.c.attempt > 0,
        )
        return self._connection.scalar(query.limit(1)) is not None

    def counted(self, edition: Edition) -> Counted:
        """How the deliveries of an edition stand, by channel and state, and why; at any size."""
        return edition_counts(self._connection, edition.id)

    def counts(self, edition: Edition) -> dict[DeliveryState, int]:
        """How many deliveries of an edition are in each state."""
        return self.counted(edition).by_state

    def counts_by_channel(self, edition: Edition) -> Mapping[str, Mapping[DeliveryState, int]]:
        """Channel name to how many deliveries of an edition are in each state there."""
        return self.counted(edition).by_channel

    def latest(
        self,
        *,
        edition: Edition | None = None,
        states: Iterable[DeliveryState] = (),
        limit: int | None = None,
    ) -> Iterator[Delivery]:
        """Deliveries, newest edition first, in the order of their keys."""
        wanted = [state.value for state in states]
        query = sa.select(editions.c.id, editions.c.number).order_by(editions.c.created_at.desc())
        if edition:
            query = query.where(editions.c.id == edition.id)
        for edition_id, number in self._connection.execute(query).all():
            first, last = key_range(number)
            rows = sa.select(deliveries).where(deliveries.c.id.between(first, last))
            if wanted:
                rows = rows.where(deliveries.c.state.in_(wanted))
            rows = rows.order_by(deliveries.c.id).limit(limit)
            with self._connection.execute(rows, execution_options={"yield_per": 1000}) as found:
                for row in found:
                    if limit is not None:
                        limit -= 1
                    yield to_delivery(row, edition_id)
            if limit == 0:
                return


def _readers(
    columns: Mapping[str, sa.ColumnElement[int]],
    audience: str,
    channel: str,
    now: datetime,
    offer: CadenceOffer | None = None,
) -> sa.Select[Any]:
    """The rows of all active readers of an audience, with these columns beside the usual ones."""
    active = sa.and_(subscriptions.c.subscriber_id == subscribers.c.id, is_reader(audience, offer))
    shown: list[sa.ColumnElement[Any]] = [
        *(column.label(name) for name, column in columns.items()),
        sa.literal(channel).label("channel"),
        subscribers.c.email.label("recipient"),
        subscribers.c.id.label("subscriber_id"),
        sa.literal(DeliveryState.PENDING.value).label("state"),
        sa.literal(now, deliveries.c.changed_at.type).label("changed_at"),
    ]
    people = subscribers.join(subscriptions, active)
    return sa.select(*shown).select_from(people).order_by(subscribers.c.id)


def _insert(rows: sa.Select[Any]) -> sa.Insert:
    statement = deliveries.insert().from_select(rows.selected_columns.keys(), rows)
    # Else nobody can tell how many they were, on PostgreSQL.
    return statement.execution_options(preserve_rowcount=True)


def _of(edition: Edition) -> sa.ColumnElement[bool]:
    return deliveries.c.id.between(*key_range(edition.number))


def _chosen(
    edition: Edition,
    state: DeliveryState,
    channel: str | None = None,
    recipient: str | None = None,
) -> list[sa.ColumnElement[bool]]:
    chosen = [_of(edition), deliveries.c.state == state.value]
    if channel is not None:
        chosen.append(deliveries.c.channel == channel)
    if recipient is not None:
        chosen.append(sa.func.lower(deliveries.c.recipient) == sa.func.lower(recipient))
    return chosen


def _inside(batch: Batch) -> sa.ColumnElement[bool]:
    return deliveries.c.id.between(batch.first, batch.last)


def to_delivery(row: sa.Row[Any], edition_id: str) -> Delivery:
    """One row of the table as a value."""
    return Delivery(
        id=row.id,
        edition_id=edition_id,
        channel=row.channel,
        recipient=row.recipient,
        part=row.part,
        subscriber_id=row.subscriber_id,
        state=DeliveryState(row.state),
        attempt=row.attempt,
        fence=row.fence,
        changed=row.changed_at,
        due=row.due,
        reason=row.reason,
        provider_id=row.provider_id,
        repeats_until=row.repeats_until,
    )
