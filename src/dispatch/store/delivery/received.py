"""What one reader was sent, the last of it first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.state import DeliveryState
from dispatch.model.people.subscriber import email_key
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.prepared import dialect_of
from dispatch.store.database.schema import deliveries, editions, subscriptions
from dispatch.store.delivery.row_keys import key_of_reader

AT_A_TIME = 200
"""Editions of one question."""


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery to a reader, and which edition it is of; `changed` is since when it is so.

    `key` is that of the delivery, by which is found what came later of it.
    """

    edition_id: str
    campaign: str
    channel: str
    recipient: str
    state: DeliveryState
    changed: datetime
    reason: str
    key: int = 0


class Deliveries:
    """Deliveries by reader. The table has no index for that: their keys follow from editions."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def last_of(
        self, subscriber_id: int, campaigns: Collection[str], *, limit: int
    ) -> list[Received]:
        """The last deliveries among those of the newest AT_A_TIME editions of some campaigns.

        What a page asks: it waits for no other editions, however many there are.
        """
        if not campaigns:
            return []
        some = self._connection.execute(_NEWEST, {"campaigns": list(campaigns)}).all()
        return self._of(some, subscriber_id)[:limit]

    def last(self, subscriber_id: int, *, limit: int | None = None) -> list[Received]:
        """The last deliveries to somebody, or all of them; newest edition first."""
        query = sa.select(editions.c.id, editions.c.campaign, editions.c.number).where(
            editions.c.addressed_at.is_not(None)
        )
        newest = query.order_by(editions.c.created_at.desc(), editions.c.number.desc())
        found: list[Received] = []
        with self._connection.execute(newest) as rows:
            for some in rows.partitions(AT_A_TIME):
                found += self._of(some, subscriber_id)
                if limit is not None and len(found) >= limit:
                    break
        return found[:limit]

    def last_accepted(
        self, readers: Mapping[int, str], *, most: int, also: Collection[int] = ()
    ) -> dict[int, list[int]]:
        """The keys of the last mails to each of these people that were accepted, newest first.

        `readers` are subscriber ids, each with the email key of the address that is meant. `also`
        are keys of which is known that they were. As many editions are looked through as for a page
        (`last_of`).
        """
        found: dict[int, list[int]] = {one: [] for one in readers}
        for some in _growing(self._newest_to(readers)):
            open_ = [one for one, keys in found.items() if len(keys) < most]
            if not open_:
                break
            rows = [
                row
                for row in self._keyed([key_of_reader(at, one) for at in some for one in open_])
                if (row.state == DeliveryState.ACCEPTED.value or row.id in also)
                and row.subscriber_id in readers
                and email_key(row.recipient) == readers[row.subscriber_id]
            ]
            for row in sorted(rows, key=lambda one: (one.changed_at, one.id), reverse=True):
                found[row.subscriber_id].append(row.id)
        return {one: keys[:most] for one, keys in found.items()}

    def by_provider_id(self, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
        """The keys of mails to people, each named by a subscriber id and the provider's own id.

        As many newest editions are looked through as for a page (`last_of`).
        """
        found: dict[tuple[int, str], int] = {}
        readers = {reader for reader, _ in wanted}
        for some in _growing(self._newest_to(readers)):
            open_ = {reader for reader, name in wanted if (reader, name) not in found}
            if not open_:
                break
            for row in self._keyed([key_of_reader(at, one) for at in some for one in open_]):
                name = row.subscriber_id, row.provider_id
                if name in wanted:
                    found.setdefault(name, row.id)
        return found

    def note_provider_ids(self, names: Mapping[int, str]) -> None:
        """Note by which ids a provider knows deliveries, by their keys, where that is not known."""
        rows = [{"key": key, "name": name} for key, name in names.items()]
        if rows:
            statement = deliveries.update().where(
                deliveries.c.id == sa.bindparam("key"), deliveries.c.provider_id == ""
            )
            self._connection.execute(statement.values(provider_id=sa.bindparam("name")), rows)

    def _newest_to(self, readers: Collection[int]) -> Sequence[int]:
        """The numbers of the newest editions of the audiences that people are or were in."""
        if not readers:
            return []
        of = subscriptions.c.subscriber_id.in_(list(readers))
        query = (
            sa.select(editions.c.number)
            .where(
                editions.c.addressed_at.is_not(None),
                editions.c.audience.in_(sa.select(subscriptions.c.audience).where(of)),
            )
            .order_by(editions.c.number.desc())
        )
        return self._connection.scalars(query.limit(AT_A_TIME)).all()

    def _keyed(self, keys: Sequence[int]) -> list[sa.Row[Any]]:
        """The rows of these keys, which are made of an edition's number and a reader."""
        dialect, found = self._connection.dialect, list[Any]()
        columns = deliveries.c
        shown = (
            *(columns.id, columns.subscriber_id, columns.recipient),
            *(columns.state, columns.changed_at, columns.provider_id),
        )
        for column in (columns.id, columns.reader):
            query = sa.select(*shown).where(one_of(column, "keys", dialect))
            if column is columns.id:  # a position that is nobody's id may be like somebody's
                query = query.where(columns.reader.is_(None))
            found += self._connection.execute(query, {"keys": packed(keys, dialect)}).all()
        return found

    def _of(self, some: Sequence[Any], reader: int) -> list[Received]:
        keys = {key_of_reader(row.number, reader): row for row in some}
        if not keys:
            return []
        dialect = self._connection.dialect
        given = {"keys": packed(list(keys), dialect), "whose": reader}
        rows = self._connection.execute(_theirs(dialect.name), given)
        there = {row.id if row.reader is None else row.reader: row for row in rows}
        return [
            Received(
                edition.id,
                edition.campaign,
                row.channel,
                row.recipient,
                DeliveryState(row.state),
                row.changed_at,
                row.reason,
                row.id,
            )
            for at, edition in keys.items()
            if (row := there.get(at)) is not None
        ]


# Made once, as they are asked for each change of a person.
_NEWEST = (
    sa.select(editions.c.id, editions.c.campaign, editions.c.number)
    .where(
        editions.c.campaign.in_(sa.bindparam("campaigns", expanding=True)),
        editions.c.addressed_at.is_not(None),
    )
    .order_by(editions.c.number.desc())
    .limit(AT_A_TIME)
)


@cache
def _theirs(dialect: str) -> sa.CompoundSelect[Any]:
    """By their keys, or, where an edition goes by zones, by the reader's."""

    def some(column: sa.ColumnElement[int], *more: sa.ColumnElement[bool]) -> sa.Select[Any]:
        keyed = one_of(column, "keys", dialect_of(dialect))
        whose = deliveries.c.subscriber_id == sa.bindparam("whose")
        return sa.select(deliveries).where(keyed, whose, *more)

    table = deliveries.c
    return some(table.id, table.reader.is_(None)).union_all(some(table.reader))


def _growing(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """First a few, then more at a time: what is looked for is mostly in the newest."""
    start, size = 0, 5
    while start < len(numbers):
        yield numbers[start : start + size]
        start, size = start + size, size * 2
