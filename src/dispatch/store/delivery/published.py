"""What stands on networks by our doing: one row for each social delivery that was handed over."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.published import (
    MOVES,
    STANDS,
    Published,
    PublishedRow,
    PublishedState,
)
from dispatch.model.delivery.state import DeliveryState
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import deliveries, published

_NOT_THERE = frozenset({DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.SUPPRESSED})
"""How a delivery ends that has put nothing on a network."""

_AT_A_TIME = 50
"""Posts that are looked for in one go."""


class PublishedPosts:
    """Rows by the keys of their deliveries; their states change as `MOVES` has it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def take_turn(self, account: str) -> None:
        """Wait until nobody else reserves for the account, until the end of the transaction.

        Two that are for one account may be of two channels, so that no row of ours could be locked
        for it. SQLite has one writer anyway.
        """
        if self._connection.dialect.name == "postgresql":
            number = int(account[:15] or "0", 16)
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))

    def reserve(self, row: PublishedRow) -> None:
        """Write down that it is about to be handed over; once more changes only what it says."""
        values = _values(row)
        statement = insert(self._connection, published).values(
            delivery_id=row.delivery_id, **values
        )
        changing = ("said", "parts", "state", "account", "told", "channel", "at")
        again = {name: values[name] for name in changing}
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[published.c.delivery_id],
                set_=again,
                where=_may_become(row.state),
            )
        )

    def allow(self, keys: Iterable[int], *, now: datetime) -> None:
        """Reserve what was told already, as a person has decided; it counts once it is tried."""
        self._connection.execute(
            sa.update(published)
            .where(published.c.delivery_id.in_(list(keys)), _may_become(PublishedState.RESERVED))
            .values(state=PublishedState.RESERVED.value, parts=0, changed=now)
        )

    def count_anew(
        self, number: int, *, recipient: str | None = None, keys: Collection[int] | None = None
    ) -> None:
        """Have what is unknown of an edition count once more when it is tried again.

        It may be there, so that what it counted for stays counted. With a `recipient` or
        `keys`, only those of them.
        """
        unknown = [
            deliveries.c.id == published.c.delivery_id,
            deliveries.c.state == DeliveryState.UNKNOWN.value,
        ]
        if recipient is not None:
            unknown.append(sa.func.lower(deliveries.c.recipient) == sa.func.lower(recipient))
        if keys is not None:
            unknown.append(deliveries.c.id.in_(list(keys)))
        self._connection.execute(
            sa.update(published)
            .where(published.c.number == number, _STILL_RESERVED, sa.exists().where(*unknown))
            .values(parts=0)
        )

    def note_accepted(self, delivery_id: int, accepted: Accepted, *, now: datetime) -> None:
        """Write down where it is, as far as the service says."""
        self._become(
            PublishedState.PUBLISHED,
            delivery_id,
            ids=[one for one in (accepted.id, *accepted.others) if one],
            address=accepted.address,
            changed=now,
        )

    def believe(self, number: int, *, now: datetime) -> None:
        """Write down that what a person has accepted is there, of an edition by its number.

        Not of what stood there before and was handed over once more: its delivery was accepted then
        and says nothing of now.
        """
        accepted = sa.exists().where(
            deliveries.c.id == published.c.delivery_id,
            deliveries.c.state == DeliveryState.ACCEPTED.value,
        )
        self._connection.execute(
            sa.update(published)
            .where(published.c.number == number, _STILL_RESERVED, _NEVER_THERE, accepted)
            .values(state=PublishedState.PUBLISHED.value, changed=now)
        )

    def note_failed(self, deliveries_: Iterable[int], *, now: datetime) -> list[PublishedRow]:
        """Write down that those are not there of which that is known; they, as they were.

        It is known where the delivery has been refused, or has failed.
        """
        return self._free(published.c.delivery_id.in_(list(deliveries_)), now=now)

    def free_edition(self, number: int, *, now: datetime) -> list[PublishedRow]:
        """The same for all of an edition that has been cancelled, by its number."""
        return self._free(published.c.number == number, now=now)

    def note_edited(self, delivery_id: int, said: str, *, now: datetime) -> None:
        """Write down what it says now."""
        self._become(PublishedState.EDITED, delivery_id, said=said, changed=now)

    def note_deleted(self, delivery_id: int, *, now: datetime) -> None:
        """Write down that it was taken away."""
        self._become(PublishedState.DELETED, delivery_id, changed=now)

    def note_look(self, delivery_id: int, *, now: datetime, reason: str = "") -> None:
        """Write down that we looked for it there; without a `reason` that we could not look.

        With one it was not found, and the delivery is unknown for that reason from now on.
        """
        looks = published.c.looks + (1 if reason else 0)
        self._connection.execute(
            sa.update(published)
            .where(published.c.delivery_id == delivery_id)
            .values(looked=now, looks=looks)
        )
        if reason:
            unknown = deliveries.c.state == DeliveryState.UNKNOWN.value
            self._connection.execute(
                sa.update(deliveries)
                .where(deliveries.c.id == delivery_id, unknown)
                .values(reason=reason)
            )

    def of_delivery(self, delivery_id: int) -> PublishedRow | None:
        """That of one delivery."""
        return next(self._found(published.c.delivery_id == delivery_id), None)

    def of_edition(self, number: int) -> list[PublishedRow]:
        """Those of an edition, by its number, in the order of their deliveries."""
        return list(self._found(published.c.number == number))

    def there(self, keys: Iterable[int]) -> dict[int, str]:
        """Those of these deliveries that are known to be there, with the service's name for each.

        So they are where a process ended right after it had kept that.
        """
        rows = self._found(published.c.delivery_id.in_(list(keys)), _state_in(STANDS - _RESERVED))
        return {row.delivery_id: next(iter(row.post.ids), "") for row in rows}

    def is_of_another(self, row: PublishedRow, accepted: Accepted) -> bool:
        """Whether another delivery to the same account is what stands there."""
        same = self._found(
            published.c.account == row.account,
            published.c.delivery_id != row.delivery_id,
            _state_in(STANDS - _RESERVED),
        )
        return any(accepted.id in one.post.ids for one in same if accepted.id)

    def addresses(self, keys: Iterable[int]) -> dict[int, str]:
        """Where people see what these deliveries came to, by their keys, where that is known."""
        rows = self._found(published.c.delivery_id.in_(list(keys)), published.c.address != "")
        return {row.delivery_id: row.post.address for row in rows if row.state in STANDS}

    def told_before(self, account: str, told: str, *, besides: int) -> PublishedRow | None:
        """The post by which another delivery told the account the same, or may have."""
        return next(
            self._found(
                published.c.account == account,
                published.c.told == told,
                published.c.delivery_id != besides,
                _state_in(STANDS),
                sa.not_(_is_known_not_to_be_there()),
            ),
            None,
        )

    def last_at(self, account: str, *, since: datetime, besides: int) -> datetime | None:
        """When the account last got a post by another delivery, or may have, if `since` then."""
        query = sa.select(sa.func.max(published.c.at, type_=published.c.at.type)).where(
            published.c.account == account,
            published.c.at >= since,
            published.c.delivery_id != besides,
            published.c.parts > 0,
            _state_in(STANDS),
        )
        last: datetime | None = self._connection.scalar(query)
        return last

    def in_doubt(self, *, before: datetime, since: datetime, most_looks: int) -> list[PublishedRow]:
        """Those whose answer was lost and for which nobody has looked since `before`; some of them.

        Not those that were handed over before `since`, or for which we have looked often enough.
        """
        unknown = sa.exists().where(
            deliveries.c.id == published.c.delivery_id,
            deliveries.c.state == DeliveryState.UNKNOWN.value,
        )
        return list(
            self._found(
                _STILL_RESERVED,
                published.c.at >= since,
                published.c.looks < most_looks,
                sa.or_(published.c.looked.is_(None), published.c.looked <= before),
                unknown,
                limit=_AT_A_TIME,
            )
        )

    def reserved(self, deliveries: Iterable[int]) -> list[PublishedRow]:
        """Those of these deliveries of which it is not known whether they are there."""
        return list(
            self._found(
                published.c.delivery_id.in_(list(deliveries)),
                published.c.state == PublishedState.RESERVED.value,
            )
        )

    def _become(self, state: PublishedState, delivery_id: int, **values: object) -> None:
        self._connection.execute(
            sa.update(published)
            .where(published.c.delivery_id == delivery_id, _may_become(state))
            .values(state=state.value, **values)
        )

    def _free(self, which: sa.ColumnElement[bool], *, now: datetime) -> list[PublishedRow]:
        freed = list(self._found(which, _STILL_RESERVED, _is_known_not_to_be_there()))
        self._connection.execute(
            sa.update(published)
            .where(published.c.delivery_id.in_([row.delivery_id for row in freed]))
            .values(state=PublishedState.FAILED.value, changed=now)
        )
        return freed

    def _found(
        self, *where: sa.ColumnElement[bool], limit: int | None = None
    ) -> Iterator[PublishedRow]:
        query = sa.select(published).where(*where).order_by(published.c.delivery_id)
        rows = self._connection.execute(query.limit(limit))
        return (
            PublishedRow(
                delivery_id=row.delivery_id,
                edition_number=row.number,
                channel=row.channel,
                account=row.account,
                told=row.told,
                state=PublishedState(row.state),
                post=Published(tuple(row.ids), row.address, row.said),
                at=row.at,
                parts=row.parts,
                changed=row.changed,
                looked=row.looked,
                looks=row.looks,
            )
            for row in rows
        )


_RESERVED = frozenset({PublishedState.RESERVED})

# Literally the predicate of the partial index, so that SQLite uses it.
_STILL_RESERVED = sa.literal_column("published.state = 'reserved'", sa.Boolean)

# Nobody has told us a name for it yet; the text of an empty list is the same in each database.
_NEVER_THERE = sa.cast(published.c.ids, sa.Text) == "[]"


def _state_in(states: Iterable[PublishedState]) -> sa.ColumnElement[bool]:
    return published.c.state.in_(sorted(state.value for state in states))


def _may_become(state: PublishedState) -> sa.ColumnElement[bool]:
    return _state_in(MOVES[state])


def _is_known_not_to_be_there() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        deliveries.c.id == published.c.delivery_id,
        deliveries.c.state.in_(sorted(state.value for state in _NOT_THERE)),
    )


def _values(row: PublishedRow) -> dict[str, object]:
    return {
        "number": row.edition_number,
        "channel": row.channel,
        "account": row.account,
        "told": row.told,
        "state": row.state.value,
        "ids": list(row.post.ids),
        "address": row.post.address,
        "said": row.post.text,
        "parts": row.parts,
        "at": row.at,
    }
