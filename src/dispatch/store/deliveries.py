"""Deliveries: the ledger that says who got what, held against crashes and double work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery import Delivery, DeliveryState, On, move
from dispatch.model.subscriber import SubscriptionState
from dispatch.store.rows import insert_new
from dispatch.store.schema import deliveries, editions, subscribers, subscriptions, suppressions

# Literally the predicate of the partial index, so that SQLite uses it.
_OPEN = sa.text("state IN ('pending', 'sending')")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a delivery is for, before it has a row."""

    channel: str
    recipient: str
    part: str = ""
    subscriber_id: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker has taken, and how many others have ended without: left, or too late."""

    deliveries: tuple[Delivery, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one claimed delivery came out; `due` only where it is to be tried again.

    `counted` is false where the attempt says nothing about the message, `answered` is true where
    the provider said so itself: such an answer counts even if it comes late.
    """

    delivery: Delivery
    state: DeliveryState
    reason: str = ""
    provider_id: str = ""
    due: datetime | None = None
    counted: bool = True
    answered: bool = False
    repeats_until: datetime | None = None


class Deliveries:
    """Delivery rows; every change repeats the state and the fence it starts from."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, edition_id: str, recipients: Sequence[Recipient], *, now: datetime) -> int:
        """Write the frozen audience, leaving rows that are there; how many are new."""
        rows = [
            {
                "edition_id": edition_id,
                "channel": one.channel,
                "recipient": one.recipient,
                "part": one.part,
                "subscriber_id": one.subscriber_id,
                "state": DeliveryState.PENDING.value,
                "due": now,
                "changed_at": now,
            }
            for one in recipients
        ]
        return insert_new(self._connection, deliveries, rows)

    def claim(
        self, edition_id: str, channel: str, *, limit: int, now: datetime, lease: timedelta
    ) -> Claim | None:
        """Take up to `limit` deliveries that are due, in order, and note that they are going out.

        Who has left by now is marked suppressed instead. None means that nothing is due.
        """
        due = self._due(edition_id, channel, limit=limit, now=now)
        if not due:
            return None
        left = self._park_those_too_late(due, before=now + lease, now=now)
        left += self._suppress_those_who_left(due, now=now)
        return Claim(self._hand_over(due, now=now, lease=lease), left)

    def settle(self, settlements: Sequence[Settlement], *, now: datetime) -> int:
        """Record outcomes; one that another worker has claimed since is left alone."""
        settled = 0
        for one in settlements:
            values: dict[str, Any] = {
                "state": one.state.value,
                "reason": one.reason,
                "provider_id": one.provider_id,
                "lease_until": None,
                "changed_at": now,
            }
            if one.due is not None:
                values["due"] = one.due
            if not one.counted:
                values["attempt"] = deliveries.c.attempt - 1
            if one.repeats_until is not None:
                values["repeats_until"] = one.repeats_until
            # A late answer finds what settling for lost has made of the row, never another claim.
            states = {DeliveryState.SENDING}
            if one.answered:
                states |= {DeliveryState.UNKNOWN, DeliveryState.PENDING}
            settled += self._connection.execute(
                deliveries.update()
                .where(
                    deliveries.c.id == one.delivery.id,
                    deliveries.c.state.in_([state.value for state in states]),
                    deliveries.c.fence == one.delivery.fence,
                )
                .values(values)
            ).rowcount
        return settled

    def lost(self, edition_id: str, channel: str, *, now: datetime) -> list[Delivery]:
        """Deliveries whose worker is gone: its lease ran out."""
        query = sa.select(deliveries).where(
            deliveries.c.edition_id == edition_id,
            deliveries.c.channel == channel,
            _OPEN,
            deliveries.c.state == DeliveryState.SENDING.value,
            deliveries.c.lease_until <= now,
        )
        rows = self._connection.execute(query.with_for_update(skip_locked=True))
        return [_delivery(row) for row in rows]

    def held_until(self, edition_id: str) -> datetime | None:
        """When the first lease on this edition's deliveries runs out; None if none is held."""
        query = sa.select(sa.func.min(deliveries.c.lease_until)).where(
            deliveries.c.edition_id == edition_id,
            _OPEN,
            deliveries.c.state == DeliveryState.SENDING.value,
        )
        soonest: datetime | None = self._connection.scalar(query)
        return soonest

    def start_over(self, channel: str) -> int:
        """Forget the attempts so far of all that waits for a channel: a person has mended it."""
        return self._connection.execute(
            deliveries.update()
            .where(
                deliveries.c.channel == channel,
                _OPEN,
                deliveries.c.state == DeliveryState.PENDING.value,
            )
            .values(attempt=0)
        ).rowcount

    def next_due(self, edition_id: str, channel: str) -> datetime | None:
        """When the next open delivery of a channel can be taken or its lease runs out."""
        moment = sa.case(
            (deliveries.c.state == DeliveryState.SENDING.value, deliveries.c.lease_until),
            else_=deliveries.c.due,
        )
        query = sa.select(sa.func.min(moment, type_=deliveries.c.due.type)).where(
            deliveries.c.edition_id == edition_id, deliveries.c.channel == channel, _OPEN
        )
        soonest: datetime | None = self._connection.scalar(query)
        return soonest

    def counts(self, edition_id: str) -> dict[DeliveryState, int]:
        """How many deliveries of an edition are in each state."""
        query = (
            sa.select(deliveries.c.state, sa.func.count())
            .where(deliveries.c.edition_id == edition_id)
            .group_by(deliveries.c.state)
        )
        rows = self._connection.execute(query)
        return {DeliveryState(state): count for state, count in rows}

    def counts_by_channel(self, edition_id: str) -> dict[str, dict[DeliveryState, int]]:
        """Channel name to how many deliveries of an edition are in each state there."""
        query = (
            sa.select(deliveries.c.channel, deliveries.c.state, sa.func.count())
            .where(deliveries.c.edition_id == edition_id)
            .group_by(deliveries.c.channel, deliveries.c.state)
        )
        counts: dict[str, dict[DeliveryState, int]] = {}
        for channel, state, count in self._connection.execute(query):
            counts.setdefault(channel, {})[DeliveryState(state)] = count
        return counts

    def latest(
        self,
        *,
        edition_id: str | None = None,
        state: DeliveryState | None = None,
        limit: int | None = None,
    ) -> Iterator[Delivery]:
        """Deliveries, newest edition first, in the order they were addressed."""
        query = (
            sa.select(deliveries)
            .join(editions, editions.c.id == deliveries.c.edition_id)
            .order_by(editions.c.created_at.desc(), deliveries.c.id)
            .limit(limit)
        )
        if edition_id:
            query = query.where(deliveries.c.edition_id == edition_id)
        if state:
            query = query.where(deliveries.c.state == state.value)
        for row in self._connection.execute(query):
            yield _delivery(row)

    def _due(self, edition_id: str, channel: str, *, limit: int, now: datetime) -> list[int]:
        query = (
            sa.select(deliveries.c.id)
            .where(
                deliveries.c.edition_id == edition_id,
                deliveries.c.channel == channel,
                _OPEN,
                deliveries.c.state == DeliveryState.PENDING.value,
                deliveries.c.due <= now,
            )
            .order_by(deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(self._connection.scalars(query))

    def _park_those_too_late(self, ids: Sequence[int], *, before: datetime, now: datetime) -> int:
        """A repeat is harmless only while the provider drops it: the others must not go out."""
        return self._connection.execute(
            deliveries.update()
            .where(
                deliveries.c.id.in_(ids),
                deliveries.c.repeats_until.is_not(None),
                deliveries.c.repeats_until <= before,
            )
            .values(
                state=move(DeliveryState.PENDING, On.TOO_LATE).value,
                reason=On.TOO_LATE.value,
                changed_at=now,
            )
        ).rowcount

    def _suppress_those_who_left(self, ids: Sequence[int], *, now: datetime) -> int:
        subscription_is_active = sa.exists().where(
            subscriptions.c.subscriber_id == deliveries.c.subscriber_id,
            subscriptions.c.audience == editions.c.audience,
            editions.c.id == deliveries.c.edition_id,
            subscriptions.c.state == SubscriptionState.ACTIVE.value,
        )
        address_is_suppressed = sa.exists().where(
            suppressions.c.email_key == subscribers.c.email_key,
            subscribers.c.id == deliveries.c.subscriber_id,
        )
        return self._connection.execute(
            deliveries.update()
            .where(
                deliveries.c.id.in_(ids),
                deliveries.c.state == DeliveryState.PENDING.value,
                deliveries.c.subscriber_id.is_not(None),
                sa.or_(address_is_suppressed, sa.not_(subscription_is_active)),
            )
            .values(
                state=move(DeliveryState.PENDING, On.LEFT).value,
                reason=sa.case(
                    (address_is_suppressed, "the address is suppressed"),
                    else_="the subscription has ended",
                ),
                changed_at=now,
            )
        ).rowcount

    def _hand_over(
        self, ids: Sequence[int], *, now: datetime, lease: timedelta
    ) -> tuple[Delivery, ...]:
        statement = (
            deliveries.update()
            .where(deliveries.c.id.in_(ids), deliveries.c.state == DeliveryState.PENDING.value)
            .values(
                state=move(DeliveryState.PENDING, On.CLAIMED).value,
                attempt=deliveries.c.attempt + 1,
                fence=deliveries.c.fence + 1,
                handed_over_at=now,
                lease_until=now + lease,
                changed_at=now,
            )
            .returning(*deliveries.c)
        )
        claimed = [_delivery(row) for row in self._connection.execute(statement)]
        return tuple(sorted(claimed, key=lambda delivery: delivery.id))


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        edition_id=row.edition_id,
        channel=row.channel,
        recipient=row.recipient,
        part=row.part,
        subscriber_id=row.subscriber_id,
        state=DeliveryState(row.state),
        attempt=row.attempt,
        fence=row.fence,
        due=row.due,
        reason=row.reason,
        provider_id=row.provider_id,
        handed_over=row.handed_over_at,
        repeats_until=row.repeats_until,
    )
