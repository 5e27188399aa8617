"""What batches know of their deliveries, so that nobody has to count a million rows.

A batch that nobody has in hand carries the counts of its deliveries. They are written by whoever
puts it back, in that transaction. What changes a delivery elsewhere has its batch counted anew, or
makes it forget. Batches in hand, and those that know nothing, are counted by their rows: a few.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
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
    known = (
        sa.select(*AS_TEXT, sa.func.count())
        .where(batches.c.edition_id == edition_id, KNOWN)
        .group_by(*AS_TEXT)
    )
    parts = [
        (_from_text(counts, reasons), times)
        for counts, reasons, times in connection.execute(known).all()
    ]
    in_hand = sa.and_(batches.c.edition_id == edition_id, sa.not_(KNOWN))
    return add_up([*parts, *((one, 1) for one in _by_rows(connection, in_hand).values())])


def stand(connection: sa.Connection, first: int, last: int) -> Standing:
    """How the deliveries with these keys stand."""
    inside = deliveries.c.id.between(first, last)
    channel, state, due = deliveries.c.channel, deliveries.c.state, deliveries.c.due
    at_once = sa.func.sum(sa.case((due.is_(None), 1), else_=0))
    query = (
        sa.select(channel, state, sa.func.count(), at_once, sa.func.min(due, type_=due.type))
        .where(inside)
        .group_by(channel, state)
    )
    by_channel: dict[str, dict[DeliveryState, int]] = defaultdict(dict)
    dues: list[datetime | None] = []
    for name, word, number, now, soonest in connection.execute(query):
        by_channel[name][DeliveryState(word)] = number
        if word == DeliveryState.PENDING.value:
            dues.append(None if now else soonest)
    found = {word for states in by_channel.values() for word in states}
    return Standing(
        in_hand=DeliveryState.SENDING in found,
        waiting=bool(dues),
        due=None if None in dues else min(filter(None, dues), default=None),
        values=to_values(
            Counted(by_channel, _reasons(connection, inside) if found & EXPLAINED else {})
        ),
    )


def recount(connection: sa.Connection, edition_id: str) -> None:
    """Count all batches of an edition anew, as a person has decided about deliveries in them."""
    for batch, counted in _by_rows(connection, batches.c.edition_id == edition_id).items():
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


def _by_rows(connection: sa.Connection, which: sa.ColumnElement[bool]) -> dict[int, Counted]:
    """Batches counted by their rows."""
    joined = batches.join(deliveries, deliveries.c.id.between(batches.c.first, batches.c.last))
    channel, state, why = deliveries.c.channel, deliveries.c.state, deliveries.c.reason
    counting = (
        sa.select(batches.c.id, channel, state, sa.func.count())
        .select_from(joined)
        .where(which)
        .group_by(batches.c.id, channel, state)
    )
    counts: dict[int, dict[str, dict[DeliveryState, int]]] = defaultdict(lambda: defaultdict(dict))
    trouble = False
    for batch, name, word, number in connection.execute(counting):
        counts[batch][name][DeliveryState(word)] = number
        trouble = trouble or word in _EXPLAINED
    reasons: dict[int, list[tuple[DeliveryState, str, int]]] = defaultdict(list)
    if trouble:
        telling = (
            sa.select(batches.c.id, state, why, sa.func.count())
            .select_from(joined)
            .where(which, state.in_(_EXPLAINED))
            .group_by(batches.c.id, state, why)
        )
        for batch, word, said, number in connection.execute(telling):
            reasons[batch].append((DeliveryState(word), said, number))
    return {
        batch: Counted(by_channel, sort_reasons(reasons.get(batch, [])))
        for batch, by_channel in counts.items()
    }


def _reasons(connection: sa.Connection, inside: sa.ColumnElement[bool]) -> dict[Reason, int]:
    state, why = deliveries.c.state, deliveries.c.reason
    query = (
        sa.select(state, why, sa.func.count())
        .where(inside, state.in_(_EXPLAINED))
        .group_by(state, why)
    )
    rows = connection.execute(query)
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
