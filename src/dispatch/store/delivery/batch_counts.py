"""What batches know of their deliveries, so that nobody has to count a million rows.

A batch that nobody has in hand carries the counts of its deliveries. They are written by whoever
puts it back, in that transaction. What changes a delivery elsewhere has its batch counted anew, or
makes it forget. Batches in hand, and those that know nothing, are counted by their rows: a few.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.counts import EXPLAINED, Counted, Reason, add_up, sort_reasons
from dispatch.model.delivery.state import DeliveryState
from dispatch.store.database.schema import batches, deliveries, editions
from dispatch.store.delivery.row_keys import number_of

_EXPLAINED = [state.value for state in EXPLAINED]

AS_TEXT = sa.cast(batches.c.counts, sa.Text), sa.cast(batches.c.reasons, sa.Text)

KNOWN = sa.and_(batches.c.counts.is_not(None), batches.c.lease_until.is_(None))
"""Whether a batch can be believed."""

# Made once, as each batch asks for them.
_INSIDE = deliveries.c.id.between(sa.bindparam("first"), sa.bindparam("last"))
_STANDING = (
    sa.select(
        deliveries.c.channel,
        deliveries.c.state,
        sa.func.count(),
        sa.func.sum(sa.case((deliveries.c.due.is_(None), 1), else_=0)),
        sa.func.min(deliveries.c.due, type_=deliveries.c.due.type),
    )
    .where(_INSIDE)
    .group_by(deliveries.c.channel, deliveries.c.state)
)
_REASONS = (
    sa.select(deliveries.c.state, deliveries.c.reason, sa.func.count())
    .where(_INSIDE, deliveries.c.state.in_(_EXPLAINED))
    .group_by(deliveries.c.state, deliveries.c.reason)
)

FORGOTTEN = {"counts": sa.null(), "reasons": sa.null()}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether something of a batch is in a provider's hands, or waits, and until when.

    `due` is None where something waits for nothing. `values` is what its row is to know.
    """

    in_hand: bool
    waiting: bool
    due: datetime | None
    values: Mapping[str, Any]


def pending(channel: str, number: int) -> dict[str, Any]:
    """What is known of a batch that was just cut."""
    return {"counts": {channel: {DeliveryState.PENDING.value: number}}}


def edition_counts(connection: sa.Connection, edition_id: str) -> Counted:
    """The deliveries of an edition, with as few rows as batches are in hand."""
    return counts_of(connection, [edition_id]).get(edition_id, Counted())


def counts_of(connection: sa.Connection, of: Collection[str]) -> dict[str, Counted]:
    """The same of several, by their ids; what has no deliveries is not there."""
    if not of:
        return {}
    these = batches.c.edition_id.in_(of)
    parts: dict[str, list[tuple[Counted, int]]] = defaultdict(list)
    known = (
        sa.select(batches.c.edition_id, *AS_TEXT, sa.func.count())
        .where(these, KNOWN)
        .group_by(batches.c.edition_id, *AS_TEXT)
    )
    for edition_id, counts, reasons, times in connection.execute(known).all():
        parts[edition_id].append((_from_text(counts, reasons), times))
    for edition_id, _, counted in _by_rows(connection, sa.and_(these, sa.not_(KNOWN))):
        parts[edition_id].append((counted, 1))
    return {edition_id: add_up(some) for edition_id, some in parts.items()}


def stand(connection: sa.Connection, first: int, last: int) -> Standing:
    """How the deliveries with these keys stand."""
    rows = _rows_of(connection, first, last)
    return Standing(
        in_hand=DeliveryState.SENDING in rows.counted.by_state,
        waiting=bool(rows.dues),
        due=None if None in rows.dues else min(filter(None, rows.dues), default=None),
        values=to_values(rows.counted),
    )


def knows_of(states: Collection[DeliveryState]) -> sa.ColumnElement[bool]:
    """Whether a delivery in one of these states is in a batch, or may be; without any: always."""
    counts, _ = AS_TEXT
    known_of = (counts.contains(f'"{state.value}"', autoescape=True) for state in states)
    return sa.or_(sa.not_(KNOWN), *known_of) if states else sa.true()


def recount(
    connection: sa.Connection, edition_id: str, was: Collection[DeliveryState] = ()
) -> None:
    """Count batches of an edition anew: all, or those with deliveries that were in some states."""
    which = sa.and_(batches.c.edition_id == edition_id, knows_of(was))
    for _, batch, counted in _by_rows(connection, which):
        statement = batches.update().where(batches.c.id == batch)
        connection.execute(statement.values(to_values(counted)))


def forget(connection: sa.Connection, keys: Iterable[int]) -> None:
    """Have the batches of some deliveries know nothing: they are counted when somebody asks."""
    number = sa.bindparam("number", type_=editions.c.number.type)
    theirs = sa.select(editions.c.id).where(editions.c.number == number).scalar_subquery()
    statement = (
        batches.update()
        .where(
            batches.c.edition_id == theirs,
            batches.c.first <= sa.bindparam("key", type_=sa.BigInteger),
            batches.c.last >= sa.bindparam("key", type_=sa.BigInteger),
        )
        .values(FORGOTTEN)
    )
    if rows := [{"key": key, "number": number_of(key)} for key in keys]:
        connection.execute(statement, rows)


def to_values(counted: Counted) -> dict[str, Any]:
    """What is written into the row of a batch."""
    counts = {
        channel: {state.value: number for state, number in sorted(states.items()) if number}
        for channel, states in sorted(counted.by_channel.items())
    }
    reasons: dict[str, dict[str, int]] = {}
    for (state, words), number in sorted(counted.reasons.items()):
        reasons.setdefault(state.value, {})[words] = number
    return {"counts": counts, "reasons": reasons or sa.null()}


def _by_rows(
    connection: sa.Connection, which: sa.ColumnElement[bool]
) -> Iterator[tuple[str, int, Counted]]:
    """Batches counted by their rows, with the ids of the edition and their own.

    One by one: PostgreSQL takes a minute for a join with a thousand ranges.
    """
    query = sa.select(batches.c.edition_id, batches.c.id, batches.c.first, batches.c.last).where(
        which
    )
    for row in connection.execute(query).all():
        yield row.edition_id, row.id, _rows_of(connection, row.first, row.last).counted


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the rows of a batch say; `dues` are those of what waits, None for at once."""

    counted: Counted
    dues: Sequence[datetime | None]


def _rows_of(connection: sa.Connection, first: int, last: int) -> _Rows:
    keys = {"first": first, "last": last}
    by_channel: dict[str, dict[DeliveryState, int]] = defaultdict(dict)
    dues: list[datetime | None] = []
    for name, word, number, now, soonest in connection.execute(_STANDING, keys).all():
        by_channel[name][DeliveryState(word)] = number
        if word == DeliveryState.PENDING.value:
            dues.append(None if now else soonest)
    found = {word for states in by_channel.values() for word in states}
    reasons = _reasons(connection, keys) if found & EXPLAINED else {}
    return _Rows(Counted(by_channel, reasons), dues)


def _reasons(connection: sa.Connection, keys: Mapping[str, int]) -> dict[Reason, int]:
    rows = connection.execute(_REASONS, keys)
    return sort_reasons((DeliveryState(word), said, number) for word, said, number in rows)


def _from_text(counts: str, reasons: str | None) -> Counted:
    by_channel: Mapping[str, Mapping[str, int]] = json.loads(counts)
    told: Mapping[str, Mapping[str, int]] = json.loads(reasons) if reasons else {}
    return Counted(
        {
            channel: {DeliveryState(state): number for state, number in states.items()}
            for channel, states in by_channel.items()
        },
        {
            (DeliveryState(state), words): number
            for state, kinds in told.items()
            for words, number in kinds.items()
        },
    )
