"""What happens is told in the transaction that it happens in: a row for each who wants to know."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.clock import rfc3339
from dispatch.model.notify.notification import NotificationState
from dispatch.model.notify.receiver import ReceiverState, Wanting
from dispatch.model.notify.types import ADDRESS, Type
from dispatch.store.database.rows import insert, insert_new
from dispatch.store.database.schema import notifications, receivers, subscribers, subscriptions
from dispatch.store.people.staging_tables import newcomers

_WAITING = NotificationState.WAITING.value

Told = tuple[str, Mapping[str, Any]]
"""The subject and the data of one notification."""


class Notifications:
    """The notifications of one transaction. Who wants to know is asked once, when first needed."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._receivers: Sequence[Wanting] | None = None

    def wanting(self, type_: Type) -> list[Wanting]:
        """The receivers that are told such things."""
        if self._receivers is None:
            self._receivers = [to_wanting(*row) for row in self._connection.execute(_ON)]
        return [one for one in self._receivers if one.wants(type_)]

    def add(
        self, type_: Type, data: Mapping[str, Any], *, subject: str = "", now: datetime
    ) -> None:
        """Tell one thing to whoever wants to know it.

        `subject` is what it is about, by which it is found when that is erased. The same thing of
        the same moment is told once. A reader's address is left out where a receiver gets none.
        """
        self.add_many(type_, [(subject, data)], now=now)

    def add_many(self, type_: Type, told: Iterable[Told], *, now: datetime) -> None:
        """Tell several things of one type that have happened at one moment."""
        if wanting := self.wanting(type_):
            self.add_for(wanting, type_, told, now=now)

    def add_for(
        self, wanting: Sequence[Wanting], type_: Type, told: Iterable[Told], *, now: datetime
    ) -> None:
        """The same for certain receivers alone."""
        insert_new(self._connection, notifications, list(rows_of(wanting, type_, told, now=now)))

    def add_reader(self, type_: Type, reader: int, audience: str, *, now: datetime) -> None:
        """Tell of somebody's subscription, by their number in the database."""
        if not (wanting := self.wanting(type_)):
            return
        row = self._connection.execute(_READER, {"reader": reader}).one()
        data = {"id": row.public_id, "audience": audience, ADDRESS: row.email}
        self.add_for(wanting, type_, [(row.public_id, data)], now=now)

    def add_newcomers(self, audience: str, *, now: datetime) -> None:
        """Tell of all whose subscription the chunk of a file began that was brought in last.

        One statement for each receiver: a file may have a million of them. Only for a connection
        that has such tables.
        """
        for one in self.wanting(Type.SUBSCRIBER_JOINED):
            columns, rows = self._joined(one, audience, now)
            statement = insert(self._connection, notifications).from_select(columns, rows)
            self._connection.execute(statement.on_conflict_do_nothing())

    def erase(self, public_id: str) -> None:
        """Forget all that was told of somebody, and all that waits to be: it may name them."""
        # Each notification is of one of these: named, so that an index finds those of each.
        named = notifications.c.receiver.in_(sa.select(receivers.c.name))
        self._connection.execute(notifications.delete().where(named, is_about(public_id)))

    def _joined(
        self, one: Wanting, audience: str, now: datetime
    ) -> tuple[list[str], sa.Select[Any]]:
        type_, marker = Type.SUBSCRIBER_JOINED, "\0"
        data = {"id": marker, "audience": audience}
        if one.addresses:
            data[ADDRESS] = marker
        # Written as any other, and cut where the texts of each of them go.
        parts = f"{_begin(type_, now)}{_json(data)}}}".split(_json(marker))
        texts = [_quoted(self._connection, subscribers.c.public_id)]
        if one.addresses:
            texts.append(_quoted(self._connection, subscribers.c.email))
        body: sa.ColumnElement[str] = sa.literal(parts[0], sa.Text)
        for text, part in zip(texts, parts[1:], strict=True):
            body = body.concat(text).concat(sa.literal(part, sa.Text))
        event = (
            sa.literal(_BEGINS, sa.Text)
            .concat(subscribers.c.public_id)
            .concat(sa.literal(f"_{_digest(type_.value, audience, _to_the_instant(now))}", sa.Text))
        )
        at = sa.literal(now, notifications.c.made_at.type)
        values: dict[str, Any] = {
            "event": event,
            "receiver": sa.literal(one.name),
            "type": sa.literal(type_.value),
            "body": body,
            "state": sa.literal(_WAITING),
            "made_at": at,
            "due": at,
            "attempt": sa.literal(0),
            "status": sa.literal(0),
            "reason": sa.literal(""),
        }
        begun = sa.and_(
            subscriptions.c.subscriber_id == newcomers.c.id,
            subscriptions.c.audience == audience,
            subscriptions.c.state == "active",
        )
        rows = (
            sa.select(*(value.label(name) for name, value in values.items()))
            .select_from(newcomers)
            .join(subscribers, subscribers.c.id == newcomers.c.id)
            .join(subscriptions, begun)
            .order_by(newcomers.c.id)
        )
        return list(values), rows


# Made once: they are asked within the changes that are told of.
_ON = sa.select(receivers.c.name, receivers.c.events).where(
    receivers.c.state == ReceiverState.ON.value
)
_READER = sa.select(subscribers.c.public_id, subscribers.c.email).where(
    subscribers.c.id == sa.bindparam("reader")
)


def to_wanting(name: str, said: Mapping[str, Any]) -> Wanting:
    """What a row of `receivers` says of what it wants to know."""
    return Wanting(name, frozenset(said["types"]), bool(said["addresses"]))


def rows_of(
    wanting: Sequence[Wanting], type_: Type, told: Iterable[Told], *, now: datetime
) -> Iterable[dict[str, Any]]:
    """The rows by which some receivers are told."""
    begin = _begin(type_, now)
    with_addresses = any(one.addresses for one in wanting)
    for subject, data in told:
        less = {name: value for name, value in data.items() if name != ADDRESS}
        short = f"{begin}{_json(less)}}}"
        whole = f"{begin}{_json(data)}}}" if with_addresses and len(less) < len(data) else short
        event = f"{_name_of(subject)}{_digest(short)}"
        for one in wanting:
            yield {
                "event": event,
                "receiver": one.name,
                "type": type_.value,
                "body": whole if one.addresses else short,
                "state": _WAITING,
                "made_at": now,
                "due": now,
                "attempt": 0,
                "status": 0,
                "reason": "",
            }


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _begin(type_: Type, now: datetime) -> str:
    """What is signed and sent, to the byte, up to its data; a bracket ends it."""
    said = _json({"type": type_.value, "timestamp": _to_the_instant(now)})
    return f'{said[:-1]},"data":'


def is_about(subject: str) -> sa.ColumnElement[bool]:
    """The condition that a notification is about something."""
    begins = _name_of(subject)
    after = begins[:-1] + chr(ord(begins[-1]) + 1)
    return sa.and_(notifications.c.event >= begins, notifications.c.event < after)


_BEGINS = "msg_"


def _name_of(subject: str) -> str:
    """How the names of all begin that is told of a subject."""
    return f"{_BEGINS}{subject}_"


def _digest(*texts: str) -> str:
    # Reckoned, and not drawn: so that one statement can name a million of them, and that the same
    # thing told twice is one.
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _to_the_instant(moment: datetime) -> str:
    return rfc3339(moment, timespec="microseconds")


def _quoted(connection: sa.Connection, column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """A text as it stands in JSON."""
    if connection.dialect.name == "postgresql":
        return sa.cast(sa.func.to_json(column), sa.Text)
    return sa.func.json_quote(column, type_=sa.Text)
