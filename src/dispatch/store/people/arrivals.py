"""Whom a file names, once they are staged: brought in a chunk at a time, and compared."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.people.refusal import Merge
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import consents, subscribers, subscriptions, traces
from dispatch.store.people.merging import merged_values
from dispatch.store.people.staging_tables import arriving, gone, newcomers, shared_grounds
from dispatch.store.people.suppressed import is_suppressed

FIRST = 20
"""How many lines are told."""

SHARED = 8
"""Digits of public ids that all of a chunk share, so that they are neighbours in the index."""

_ACTIVE, _ENDED = SubscriptionState.ACTIVE.value, SubscriptionState.ENDED.value
_HERE = (_ACTIVE, SubscriptionState.PAUSED.value)
_TEXTS = ("name", "locale", "timezone")
_PROFILE = (*_TEXTS, "topics")
_OBJECTS = ("topics", "fields")
_PERSON = ("email", "email_key", *_TEXTS, "cadence", *_OBJECTS)


@dataclass(frozen=True, slots=True)
class Chunk:
    """People from one place in the order of addresses to another, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody whose subscription began in the last chunk."""

    id: int
    email: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Somebody in a chunk whom the database does not know; `email` is their key."""

    place: int
    email: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of the file about which there is something to say: the first of them, and why."""

    number: int = 0
    first: Sequence[tuple[int, str]] = ()


class Arrivals:
    """What a staged file changes. Only for a connection that has such tables."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def renew(self, audience: str, chunk: Chunk, *, now: datetime) -> int:
        """Bring what is known of people up to date; of how many it was something else.

        What they have chosen themselves stays, and so does who they are in links. The row of who
        has left the audience, or is suppressed, does not count.
        """
        ended = sa.exists().where(
            subscriptions.c.subscriber_id == subscribers.c.id,
            subscriptions.c.audience == audience,
            subscriptions.c.state == _ENDED,
        )
        counts = ~sa.or_(ended, is_suppressed(subscribers.c.email_key))
        here = sa.and_(_known_of(chunk), may_be_other, counts)
        # Locked in one order, or two imports at once would wait for each other's rows.
        changed = (
            sa.select(subscribers.c.id)
            .where(here)
            .order_by(arriving.c.place)
            .with_for_update(of=subscribers)
        )
        number = len(self._connection.scalars(changed).all())
        if number:
            moment = sa.literal(now, subscribers.c.cadence_since.type)
            values: dict[str, Any] = {
                name: sa.case((_profile_own, subscribers.c[name]), else_=arriving.c[name])
                for name in _PROFILE
            }
            values["fields"] = arriving.c.fields
            word, since = subscribers.c.cadence, subscribers.c.cadence_since
            values["cadence"] = sa.case((_other_cadence, arriving.c.cadence), else_=word)
            values["cadence_since"] = sa.case((_other_cadence, moment), else_=since)
            self._connection.execute(subscribers.update().where(here).values(values))
        return number

    def unknown(self, chunk: Chunk) -> list[Unknown]:
        """Who in a chunk is not known yet."""
        query = sa.select(arriving.c.place, arriving.c.email_key).where(*_unknown_of(chunk))
        return [Unknown(*row) for row in self._connection.execute(query)]

    def add(self, chunk: Chunk, *, shared: str, without: Collection[int] = ()) -> None:
        """Add who is not known yet; their public ids all begin with the digits `shared`.

        Those at the places `without` stay unknown.
        """
        public_id = sa.literal(shared) + sa.func.substr(
            arriving.c.public_id, len(shared) + 1, type_=sa.Text
        )
        unknown = (
            sa.select(*(arriving.c[name] for name in _PERSON), public_id)
            .where(*_unknown_of(chunk))
            .order_by(arriving.c.place)
        )
        if without:
            unknown = unknown.where(arriving.c.place.not_in(without))
        self._insert(subscribers, [*_PERSON, "public_id"], unknown)

    def subscribe(self, audience: str, chunk: Chunk, *, file: str, now: datetime) -> int:
        """Begin subscriptions that do not exist yet, with the consent; how many.

        On record is in which row of which file it stands. A ground that few have is a trace.
        One that has ended stays ended: a file cannot take back what a person decided.
        """
        here = sa.and_(
            subscriptions.c.subscriber_id == subscribers.c.id, subscriptions.c.audience == audience
        )
        wanted = (
            sa.select(*(_NEWCOMER[column.name] for column in newcomers.c))
            .where(_known_of(chunk))
            .where(_first(subscriptions.c.subscriber_id, here).is_(None))
            .order_by(arriving.c.place)
        )
        self._connection.execute(newcomers.delete())
        fresh = newcomers.insert().from_select(list(newcomers.c.keys()), wanted)
        options = {"preserve_rowcount": True}
        number = self._connection.execute(fresh, execution_options=options).rowcount
        if number:
            moment = sa.literal(now, subscriptions.c.since.type)
            said = (newcomers.c.id, sa.literal(audience), sa.literal(_ACTIVE))
            begun = sa.select(*said, moment).where(newcomers.c.id > 0).order_by(newcomers.c.id)
            self._insert(subscriptions, ["subscriber_id", "audience", "state", "since"], begun)
            self._record(said, f"{file} line ", moment)
        return number

    def _record(self, said: Sequence[Any], row_of: str, moment: Any) -> None:
        """The words of the newcomers, and beside them the grounds that are about one person."""
        last = self._connection.scalar(sa.select(sa.func.max(consents.c.id))) or 0
        ground = sa.case((_is_shared, newcomers.c.source), else_="")
        place = sa.literal(row_of) + sa.cast(newcomers.c.line, sa.Text)
        given = sa.select(*said, ground, newcomers.c.given_at, moment, place)
        names = ["subscriber_id", "audience", "state", "source", "given_at", "recorded_at", "page"]
        given = given.where(newcomers.c.id > 0).order_by(newcomers.c.id)
        self._insert(consents, names, given)
        own = sa.and_(newcomers.c.source != "", ~_is_shared)
        if self._connection.scalar(sa.select(newcomers.c.id).where(own).limit(1)) is None:
            return
        of = sa.and_(
            consents.c.subscriber_id == newcomers.c.id,
            consents.c.id > last,
            consents.c.audience == said[1],
        )
        notes = sa.select(consents.c.id, newcomers.c.source).join_from(newcomers, consents, of)
        self._insert(traces, ["consent_id", "note"], notes.where(own))

    def newcomers(self) -> list[Newcomer]:
        """Those whose subscriptions the last `subscribe` began."""
        rows = self._connection.execute(sa.select(newcomers.c.id, newcomers.c.email))
        return [Newcomer(*row) for row in rows]

    def merge(self, how: Merge) -> None:
        """Have the file say of those who are known what is to be known of them in the end."""
        if how is Merge.REPLACE:
            return
        merged = merged_values(how, self._connection.dialect.name)
        self._connection.execute(arriving.update().where(same_person).values(merged))

    def still_active(self, audience: str) -> Lines:
        """The last lines by which somebody is not to be mailed who is active in the audience."""
        later = gone.alias()
        return self._lines(
            sa.select(gone.c.line, gone.c.why)
            .join_from(gone, subscribers, subscribers.c.email_key == gone.c.email_key)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(subscriptions.c.audience == audience, subscriptions.c.state.in_(_HERE))
            .where(
                ~sa.exists().where(
                    later.c.email_key == gone.c.email_key, later.c.line > gone.c.line
                )
            )
        )

    def _lines(self, found: Any) -> Lines:
        lines = found.subquery()
        number = sa.func.count().over()
        query = sa.select(lines.c.line, lines.c.why, number).order_by(lines.c.line, lines.c.why)
        rows = self._connection.execute(query.limit(FIRST)).all()
        return Lines(rows[0][2], [(line, why) for line, why, _ in rows]) if rows else Lines()

    def _insert(self, table: sa.Table, names: Sequence[str], rows: sa.Select[Any]) -> None:
        statement = insert(self._connection, table).from_select(list(names), rows)
        self._connection.execute(statement.on_conflict_do_nothing())


def _written(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.cast(column, sa.Text)


def _known_of(chunk: Chunk) -> sa.ColumnElement[bool]:
    """The people of a chunk whom the database knows, each beside what it knows.

    The two ends are said twice: so PostgreSQL reads this part of an index, and not all people.
    """
    first, last = (
        sa.select(ends.c.email_key).where(ends.c.place == place).scalar_subquery()
        for ends, place in ((arriving.alias(), chunk.first), (arriving.alias(), chunk.last))
    )
    return sa.and_(
        same_person,
        arriving.c.place.between(chunk.first, chunk.last),
        subscribers.c.email_key.between(first, last),
    )


def _unknown_of(chunk: Chunk) -> tuple[sa.ColumnElement[bool], ...]:
    here = arriving.c.place.between(chunk.first, chunk.last)
    return here, _first(subscribers.c.id, same_person).is_(None)


def _first(column: sa.ColumnElement[Any], condition: sa.ColumnElement[bool]) -> Any:
    """What a column says where the condition is true, or null.

    One look into an index for each row, where PostgreSQL would make one table of NOT EXISTS.
    """
    return (
        sa.select(column).where(condition).limit(1).correlate_except(column.table).scalar_subquery()
    )


_NEWCOMER = {
    "id": subscribers.c.id,
    **{name: arriving.c[name] for name in ("email", "line", "source", "given_at")},
}
_is_shared = newcomers.c.source.in_(sa.select(shared_grounds.c.source))
same_person = subscribers.c.email_key == arriving.c.email_key
_profile_own = subscribers.c.profile_own
_other_text = sa.and_(
    sa.not_(_profile_own),
    sa.or_(*(subscribers.c[name] != arriving.c[name] for name in _TEXTS)),
)
_other_topics = sa.and_(
    sa.not_(_profile_own), _written(subscribers.c.topics) != _written(arriving.c.topics)
)
_other_cadence = sa.and_(
    sa.not_(subscribers.c.cadence_own), subscribers.c.cadence != arriving.c.cadence
)
is_other = sa.or_(_other_text, _other_cadence)
"""What a file says of somebody is certainly something else than what is known."""

may_be_other = sa.or_(
    is_other, _other_topics, _written(subscribers.c.fields) != _written(arriving.c.fields)
)
"""It is, or is only written in another way: fields in another order are the same."""
