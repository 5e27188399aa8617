"""What stands on networks by our doing: one row for each social delivery that was handed over."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.published import STANDS, Published, PublishedRow, PublishedState
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import published


class PublishedPosts:
    """Rows by the keys of their deliveries."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def reserve(self, row: PublishedRow) -> None:
        """Write down that it is about to be handed over; once more changes only what it says."""
        values = _values(row)
        statement = insert(self._connection, published).values(
            delivery_id=row.delivery_id, **values
        )
        again = {name: values[name] for name in ("said", "parts", "state", "account", "told")}
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[published.c.delivery_id],
                set_=again,
                where=published.c.state != PublishedState.PUBLISHED.value,
            )
        )

    def note_accepted(self, delivery_id: int, accepted: Accepted, *, now: datetime) -> None:
        """Write down where it is."""
        self._change(
            delivery_id,
            state=PublishedState.PUBLISHED.value,
            ids=[accepted.id, *accepted.others],
            address=accepted.address,
            changed=now,
        )

    def note_failed(self, delivery_id: int, *, now: datetime) -> None:
        """Write down that it is not there."""
        self._change(delivery_id, state=PublishedState.FAILED.value, changed=now)

    def note_edited(self, delivery_id: int, said: str, *, now: datetime) -> None:
        """Write down what it says now."""
        self._change(delivery_id, state=PublishedState.EDITED.value, said=said, changed=now)

    def note_deleted(self, delivery_id: int, *, now: datetime) -> None:
        """Write down that it was taken away."""
        self._change(delivery_id, state=PublishedState.DELETED.value, changed=now)

    def note_look(self, delivery_id: int, *, now: datetime) -> None:
        """Write down that we looked for it there, and did not find it."""
        self._change(delivery_id, looked=now, looks=published.c.looks + 1)

    def of_delivery(self, delivery_id: int) -> PublishedRow | None:
        """That of one delivery."""
        return next(self._found(published.c.delivery_id == delivery_id), None)

    def of_edition(self, number: int) -> list[PublishedRow]:
        """Those of an edition, by its number, in the order of their deliveries."""
        return list(self._found(published.c.number == number))

    def told_before(self, account: str, told: str, *, besides: int) -> PublishedRow | None:
        """The post by which another delivery told the account the same, or may have."""
        return next(
            self._found(
                published.c.account == account,
                published.c.told == told,
                published.c.delivery_id != besides,
                published.c.state.in_(state.value for state in STANDS),
            ),
            None,
        )

    def reserved(self, deliveries: Iterable[int]) -> list[PublishedRow]:
        """Those of these deliveries of which it is not known whether they are there."""
        return list(
            self._found(
                published.c.delivery_id.in_(list(deliveries)),
                published.c.state == PublishedState.RESERVED.value,
            )
        )

    def _change(self, delivery_id: int, **values: object) -> None:
        self._connection.execute(
            sa.update(published).where(published.c.delivery_id == delivery_id).values(**values)
        )

    def _found(self, *where: sa.ColumnElement[bool]) -> Iterator[PublishedRow]:
        rows = self._connection.execute(
            sa.select(published).where(*where).order_by(published.c.delivery_id)
        )
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
