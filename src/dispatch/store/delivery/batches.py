"""Batches: who has which stretch of an edition in hand, and until when."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.batch import BATCH_SIZE, Batch
from dispatch.model.delivery.state import ENDED, DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema import batches, deliveries, editions, paces
from dispatch.store.delivery.batch_counts import (
    edition_counts,
    forget,
    pending,
    recount,
    stand,
)
from dispatch.store.delivery.open_batches import CAN_BE_TAKEN, IS_FREE, OPEN, OpenBatches
from dispatch.store.delivery.reservations import left_in_doubt, reserve_first
from dispatch.store.notify.editions import ToldEditions

# A late answer, or a person, may still say what became of those that are unknown.
_FOR_GOOD = frozenset(state.value for state in ENDED - {DeliveryState.UNKNOWN})


# Made once: to put one together takes longer than running it, and each batch needs them all.
_NEXT = (
    sa.select(batches.c.id, editions.c.audience, batches.c.reserved)
    .join(editions, editions.c.id == batches.c.edition_id)
    .where(*CAN_BE_TAKEN)
    .order_by(batches.c.id)
    .limit(1)
    .with_for_update(of=batches, skip_locked=True)
)
_TAKE = (
    batches.update()
    .where(batches.c.id == sa.bindparam("batch"), OPEN, IS_FREE)
    .values(
        fence=batches.c.fence + 1,
        lease_until=sa.bindparam("until", type_=batches.c.lease_until.type),
        via=sa.bindparam("over"),
        connections=sa.bindparam("number"),
        reserved=sa.null(),
    )
    .returning(*batches.c)
)
_UNDER_OUR_FENCE = (
    batches.c.id == sa.bindparam("batch"),
    batches.c.fence == sa.bindparam("under"),
)
_HAND_ON = batches.update().where(*_UNDER_OUR_FENCE).values(connections=sa.bindparam("number"))
_OURS = sa.select(batches.c.id, batches.c.reserved).where(*_UNDER_OUR_FENCE).with_for_update()
_PUT_BACK = (
    batches.update()
    .where(*_UNDER_OUR_FENCE)
    .values(
        lease_until=sa.null(),
        connections=0,
        reserved=sa.null(),
        counts=sa.bindparam("known", type_=batches.c.counts.type),
        reasons=sa.bindparam("told", type_=batches.c.reasons.type),
    )
)
_HAVE_WAIT = _PUT_BACK.values(due=sa.bindparam("again", type_=batches.c.due.type))
_FINISH = _PUT_BACK.values(finished_at=sa.bindparam("now", type_=batches.c.finished_at.type))
_LOCK_CHANNEL = (
    sa.select(paces.c.channel)
    .where(paces.c.channel == sa.bindparam("over"), paces.c.domain == "")
    .with_for_update()
)


class Batches(OpenBatches):
    """Batch rows. Whoever changes one repeats the fence under which it was taken."""

    def add(
        self,
        edition_id: str,
        channel: str,
        keys: tuple[int, int],
        *,
        due: datetime,
        timezone: str = "",
    ) -> int:
        """Cut the deliveries with keys in a range into batches; returns how many.

        `timezone` is that of their readers, where it decides when they may get it.
        """
        inside = deliveries.c.id.between(*keys)
        last = self._connection.scalar(sa.select(sa.func.max(deliveries.c.id)).where(inside))
        if last is None:
            return 0
        first = keys[0]
        rows: list[dict[str, Any]] = []
        end = (  # where the next batch begins
            sa.select(deliveries.c.id)
            .where(deliveries.c.id >= sa.bindparam("first"), deliveries.c.id <= last)
            .order_by(deliveries.c.id)
            .limit(1)
            .offset(BATCH_SIZE)
        )
        while first <= last:
            following = self._connection.scalar(end, {"first": first})
            until = last if following is None else following - 1
            number = self._number(first, last) if following is None else BATCH_SIZE
            rows.append(
                {
                    "edition_id": edition_id,
                    "channel": channel,
                    "first": first,
                    "last": until,
                    "due": due,
                    "timezone": timezone,
                    **pending(channel, number),
                }
            )
            first = until + 1
        self._connection.execute(batches.insert(), rows)
        return len(rows)

    def take(
        self,
        edition_id: str,
        planned: Sequence[str],
        *,
        channel: str,
        connections: int,
        at_most: int | None,
        now: datetime,
        lease: timedelta,
        reserves: int = 0,
        after: Batch | None = None,
    ) -> Batch | None:
        """Take the next batch that is due and in nobody's hands; the lease begins.

        It was planned for one of the channels `planned`, and goes over `channel`. It gets as many
        `connections` of `at_most` as others leave free, and those of the batch that it comes
        `after` in the same hands. Where that is possible, the first `reserves` deliveries
        are reserved. None where there is nothing to do.
        """
        free = connections
        if at_most is not None:
            self._lock_channel(channel)
            in_use = self.connections_in_use(channel, now=now, but=after.id if after else 0)
            free = min(connections, at_most - in_use)
        if free < 1:
            return None
        given = {"edition": edition_id, "planned": planned, "now": now}
        found = self._connection.execute(_NEXT, given).one_or_none()
        if found is None:
            return None
        batch = self._take(found, channel, connections=free, now=now, lease=lease)
        if batch and after:
            given = {"batch": after.id, "under": after.fence, "number": 0}
            self._connection.execute(_HAND_ON, given)
        return batch and reserve_first(self._connection, batch, reserves, now=now)

    def take_lost(self, *, now: datetime, lease: timedelta) -> Batch | None:
        """Take a batch whose holder is gone, of an edition that does not go on."""
        query = (
            sa.select(batches.c.id, editions.c.audience, batches.c.channel, batches.c.reserved)
            .join(editions, editions.c.id == batches.c.edition_id)
            .where(
                OPEN,
                batches.c.lease_until <= now,
                editions.c.state != EditionState.SENDING.value,
            )
            .limit(1)
            .with_for_update(of=batches, skip_locked=True)
        )
        found = self._connection.execute(query).one_or_none()
        if found is None:
            return None
        return self._take(found, found.channel, connections=0, now=now, lease=lease)

    def let_go(self, batch: int, fence: int, *, now: datetime) -> None:
        """End the lease of a batch whose holder is known to be dead; nobody else's."""
        mine = sa.and_(
            batches.c.id == batch, batches.c.fence == fence, OPEN, batches.c.lease_until > now
        )
        self._connection.execute(batches.update().where(mine).values(lease_until=now))

    def put_back(
        self,
        batch: Batch,
        *,
        now: datetime,
        not_before: datetime | None = None,
        open_from: Callable[[datetime], datetime] = lambda due: due,
    ) -> None:
        """Let go of a batch.

        It is finished if no delivery in it is open, else due when the next of them is. `open_from`
        moves that moment out of the hours in which nothing may leave. The lease stays for what is
        still in a provider's hands. Nothing happens where somebody else has the batch by now. What
        a crash of the server has left in doubt is left to who takes it next.
        """
        # Locked before counting, so that nothing can be put into it again (reopen) in between.
        given: dict[str, Any] = {"batch": batch.id, "under": batch.fence}
        ours = self._connection.execute(_OURS, given).one_or_none()
        if ours is None:
            return
        if left_in_doubt(self._connection, ours.reserved):
            # The server crashed while we had it: to be settled by who takes it, and that at once.
            mine = sa.and_(batches.c.id == batch.id, batches.c.fence == batch.fence)
            self._connection.execute(batches.update().where(mine).values(lease_until=now))
            return
        standing = stand(self._connection, batch.first, batch.last)
        if standing.in_hand:
            return
        given |= {"known": standing.values["counts"], "told": standing.values["reasons"]}
        if standing.waiting:
            due = now if standing.due is None else standing.due
            # From now on at the earliest: a time that has passed says nothing about the hours now.
            again = open_from(max(due, not_before or now, now))
            self._connection.execute(_HAVE_WAIT, {**given, "again": again})
        else:
            self._connection.execute(_FINISH, {**given, "now": now})

    def finish_edition(self, edition_id: str, *, now: datetime) -> bool:
        """Finish an edition that has no open batch; only the first who asks does so."""
        # Locked before looking, so that no batch can be opened again (reopen) in between.
        sending = sa.select(editions.c.number).where(
            editions.c.id == edition_id, editions.c.state == EditionState.SENDING.value
        )
        if self._connection.scalar(sending.with_for_update()) is None:
            return False
        open_batch = sa.exists().where(batches.c.edition_id == edition_id, OPEN)
        finished = self._connection.execute(
            editions.update()
            .where(
                editions.c.id == edition_id,
                editions.c.state == EditionState.SENDING.value,
                sa.not_(open_batch),
            )
            .values(state=EditionState.FINISHED.value, finished_at=now)
        ).rowcount
        if finished:
            counts = self.keep_totals(edition_id)
            ToldEditions(self._connection).finished(edition_id, counts, now=now)
        return bool(finished)

    def waiting_by_channel(self) -> dict[str, int]:
        """Channel to how many deliveries of editions that go out wait for it."""
        going_out = [EditionState.SENDING.value, EditionState.PAUSED.value]
        found: dict[str, int] = {}
        for edition in self._connection.scalars(
            sa.select(editions.c.id).where(editions.c.state.in_(going_out))
        ).all():
            for channel, states in edition_counts(self._connection, edition).by_channel.items():
                number = states.get(DeliveryState.PENDING, 0)
                found[channel] = found.get(channel, 0) + number
        return found

    def keep_totals(self, edition_id: str) -> dict[DeliveryState, int]:
        """Keep the counts of an edition that is over, as lists of editions ask for many; those."""
        found = edition_counts(self._connection, edition_id).by_state
        counts = {state.value: count for state, count in sorted(found.items())}
        totals = json.dumps(counts) if _FOR_GOOD.issuperset(counts) else ""
        self._connection.execute(
            editions.update().where(editions.c.id == edition_id).values(totals=totals)
        )
        return found

    def lock(self, edition_id: str) -> None:
        """Lock an edition's batches, so that nobody takes or puts back one in this transaction."""
        query = sa.select(batches.c.id).where(batches.c.edition_id == edition_id)
        self._connection.execute(query.order_by(batches.c.id).with_for_update()).all()

    def lock_held(self, held: Iterable[Batch]) -> None:
        """Lock batches of ours in the order of `lock`, so that nobody waits for one in a circle.

        SQLite has one writer at a time, who need not lock anything.
        """
        if self._connection.dialect.name != "sqlite":
            ids = sorted(batch.id for batch in held)
            query = sa.select(batches.c.id).where(batches.c.id.in_(ids)).order_by(batches.c.id)
            self._connection.execute(query.with_for_update()).all()

    def hand_on(self, batch: Batch, to: Batch) -> None:
        """Count the connections of a batch, which was not begun, as another one's of ours."""
        given = {"batch": to.id, "under": to.fence, "number": batch.connections}
        self._connection.execute(_HAND_ON, given)

    def reopen(self, edition_id: str, *, now: datetime) -> None:
        """Make the batches of an edition ready that hold something due."""
        something_due = sa.exists().where(
            deliveries.c.id.between(batches.c.first, batches.c.last),
            deliveries.c.state == DeliveryState.PENDING.value,
            deliveries.c.due <= now,
        )
        self._connection.execute(
            batches.update()
            .where(batches.c.edition_id == edition_id, something_due)
            .values(finished_at=None, due=now)
        )

    def finish_idle(self, edition_id: str, *, now: datetime) -> None:
        """End the batches of an edition in which no delivery is open."""
        something_open = sa.exists().where(
            deliveries.c.id.between(batches.c.first, batches.c.last),
            deliveries.c.state.in_([DeliveryState.PENDING.value, DeliveryState.SENDING.value]),
        )
        self._connection.execute(
            batches.update()
            .where(batches.c.edition_id == edition_id, OPEN, sa.not_(something_open))
            .values(finished_at=now, lease_until=None, connections=0, reserved=sa.null())
        )
        self.recount(edition_id, [DeliveryState.PENDING, DeliveryState.SENDING])

    def recount(self, edition_id: str, was: Collection[DeliveryState] = ()) -> None:
        """Have batches of an edition know anew what they hold: somebody has decided about it.

        All of them, or those with deliveries that were in some states until now. It takes as long
        as reading these.
        """
        recount(self._connection, edition_id, was)

    def forget_counts(self, keys: Iterable[int]) -> None:
        """Have the batches of some deliveries be counted by their rows from now on."""
        forget(self._connection, keys)

    def _take(
        self,
        found: Any,
        channel: str,
        *,
        connections: int,
        now: datetime,
        lease: timedelta,
    ) -> Batch | None:
        given = {
            "batch": found.id,
            "now": now,
            "until": now + lease,
            "over": channel,
            "number": connections,
        }
        row = self._connection.execute(_TAKE, given).one_or_none()
        if row is None:
            return None
        return Batch(
            id=row.id,
            edition_id=row.edition_id,
            audience=found.audience,
            channel=row.via,
            planned=row.channel,
            first=row.first,
            last=row.last,
            fence=row.fence,
            connections=row.connections,
            timezone=row.timezone,
            in_doubt=left_in_doubt(self._connection, found.reserved),
        )

    def _number(self, first: int, last: int) -> int:
        query = sa.select(sa.func.count()).where(deliveries.c.id.between(first, last))
        return self._connection.scalars(query).one()

    def _lock_channel(self, channel: str) -> None:
        """Lock a channel, as one at a time may count its connections."""
        named = {"over": channel}
        if self._connection.scalar(_LOCK_CHANNEL, named) is None:
            insert_new(self._connection, paces, [{"channel": channel, "domain": ""}])
            self._connection.execute(_LOCK_CHANNEL, named)
