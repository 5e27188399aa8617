"""People, and where their consent stands."""

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from dispatch.ids import Ids
from dispatch.model.campaigns.cadence import CadenceOffer
from dispatch.model.notify.types import Type
from dispatch.model.people.record import NO_TRACE, Said, Trace
from dispatch.model.people.subscriber import (
    SUPPRESSED,
    Consent,
    Subscriber,
    SubscriberRow,
    SubscriptionState,
    email_key,
)
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.prepared import dialect_of
from dispatch.store.database.rows import insert_for
from dispatch.store.database.schema import consents, subscribers, subscriptions, traces
from dispatch.store.notify.outbox import Notifications
from dispatch.store.people.record import Record, ground_of
from dispatch.store.people.suppressed import is_suppressed

_PROFILE = ("name", "locale", "timezone", "topics", "cadence", "fields")

STREAMED = {"yield_per": 1000}
"""Rows fetched at a time, so that a large audience does not fill the memory."""

IS_THERE = subscribers.c.erased_at.is_(None)
"""The condition that somebody was not erased: of the others nothing is left to show."""


class Subscribers:
    """Subscribers and their subscriptions; those who were erased are nobody."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._notifications = Notifications(connection)

    def put(self, row: SubscriberRow, *, now: datetime, ids: Ids) -> int:
        """Add a person, or bring what is known of them up to date; their id.

        A cadence that they have chosen themselves stays, and so does who they are in links.
        """
        values = {**_person(row), "public_id": ids(), "moment": now}
        statement = _put(self._connection.dialect.name)
        return int(self._connection.scalars(statement, values).one())

    def add(self, row: SubscriberRow, *, ids: Ids) -> int | None:
        """Add a person; their id, or None where somebody has that address already."""
        values = {**_person(row), "public_id": ids()}
        found: int | None = self._connection.scalar(_add(self._connection.dialect.name), values)
        return found

    def choose_cadence(self, subscriber_id: int, word: str, *, own: bool, now: datetime) -> None:
        """Note how often somebody wants what they get, and whether they said so themselves."""
        changes = sa.case(
            (
                subscribers.c.cadence != word,
                sa.literal(now, subscribers.c.cadence_since.type),
            ),
            else_=subscribers.c.cadence_since,
        )
        self._connection.execute(
            subscribers.update()
            .where(subscribers.c.id == subscriber_id)
            .values(cadence=word, cadence_own=own, cadence_since=changes)
        )

    def state(self, subscriber_id: int, audience: str) -> SubscriptionState | None:
        """Where a person's consent to an audience stands; None where there never was any."""
        state = self._connection.scalar(_STATE, {"reader": subscriber_id, "of": audience})
        return None if state is None else SubscriptionState(state)

    def standing(self, subscriber_id: int) -> dict[str, str]:
        """Audience to where a person's consent stands there, suppressed if their address is."""
        query = (
            sa.select(
                subscriptions.c.audience,
                subscriptions.c.state,
                is_suppressed(subscribers.c.email_key).label("suppressed"),
            )
            .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
            .where(subscriptions.c.subscriber_id == subscriber_id)
        )
        return {
            row.audience: SUPPRESSED if row.suppressed else row.state
            for row in self._connection.execute(query)
        }

    def end(
        self,
        subscriber_id: int,
        audience: str,
        *,
        source: str,
        now: datetime,
        trace: Trace = NO_TRACE,
        tells: bool = True,
    ) -> bool:
        """End a subscription and record on what ground; False if there was none to end.

        Without `tells` no program hears of it: of who comes from a file and had left before.
        """
        whose = {"reader": subscriber_id, "of": audience, "moment": now}
        if not self._connection.execute(_END, whose).rowcount:
            return False
        word = Consent(now, source, trace=trace)
        Record(self._connection).add(subscriber_id, audience, Said.ENDED, word, now=now)
        if tells:
            self._notifications.add_reader(Type.SUBSCRIBER_LEFT, subscriber_id, audience, now=now)
        return True

    def find(self, email: str) -> Subscriber | None:
        """The person with this address."""
        row = self._connection.execute(_BY_KEY, {"key": email_key(email)}).one_or_none()
        return to_subscriber(row) if row else None

    def get(self, ids: Sequence[int]) -> dict[int, Subscriber]:
        """People by id; those that are not there are left out."""
        rows = self._connection.execute(_BY_IDS, {"ids": list(ids)})
        return {row.id: to_subscriber(row) for row in rows}

    def public_ids(self, ids: Sequence[int]) -> dict[int, str]:
        """How links name people, by number; of those that are there."""
        dialect = self._connection.dialect
        query, given = _public_ids(dialect.name), {"ids": packed(list(ids), dialect)}
        return dict(self._connection.execute(query, given).all())

    def by_keys(self, keys: Sequence[str]) -> dict[str, Subscriber]:
        """Email key to the person, of those that are somebody's here."""
        query = sa.select(subscribers).where(subscribers.c.email_key.in_(keys), IS_THERE)
        return {row.email_key: to_subscriber(row) for row in self._connection.execute(query)}

    def by_public_id(self, public_id: str) -> Subscriber | None:
        """The person whom new links name so."""
        row = self._connection.execute(_BY_PUBLIC_ID, {"public": public_id}).one_or_none()
        return to_subscriber(row) if row else None

    def active(
        self, audience: str, offer: CadenceOffer | None = None, *, after: int = 0
    ) -> Generator[Subscriber]:
        """Everybody whose subscription to the audience is active, by id; or who has a cadence.

        Those with an id above `after`.
        """
        query = (
            sa.select(subscribers)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(is_reader(audience, offer), *_above(after))
            .order_by(subscribers.c.id)
        )
        with self._connection.execute(query, execution_options=STREAMED) as rows:
            yield from map(to_subscriber, rows)

    def active_by_consent(
        self, audience: str, offer: CadenceOffer | None = None, *, after: int = 0
    ) -> Generator[tuple[Subscriber, Consent]]:
        """Those whom `active` gives, each with the consent by which they are in the audience now.

        That is the first word since they last left; where it does not say when they gave it, it
        was when we heard of it.
        """
        word = consents.alias()
        agreed = sa.and_(
            word.c.subscriber_id == subscribers.c.id,
            word.c.audience == audience,
            word.c.state.in_([SubscriptionState.ACTIVE.value, SubscriptionState.ENDED.value]),
        )
        query = (
            sa.select(
                subscribers,
                subscriptions.c.since.label("in_since"),
                word.c.state.label("said"),
                ground_of(word),
                word.c.given_at,
                word.c.recorded_at,
            )
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .outerjoin(word, agreed)
            .outerjoin(traces, traces.c.consent_id == word.c.id)
            .where(is_reader(audience, offer), *_above(after))
            .order_by(subscribers.c.id, word.c.id)
        )
        with self._connection.execute(query, execution_options=STREAMED) as rows:
            for _, words in groupby(rows, attrgetter("id")):
                said = list(words)
                yield to_subscriber(said[0]), _standing_consent(said)

    def consents_everywhere(self) -> Iterator[Any]:
        """Everybody's subscriptions, ended ones too.

        Each has who it is, the audience, and when they last said that they want it, where that is
        known.
        """
        word = consents.alias()
        given = (
            sa.select(sa.func.max(word.c.given_at, type_=word.c.given_at.type))
            .where(
                word.c.subscriber_id == subscriptions.c.subscriber_id,
                word.c.audience == subscriptions.c.audience,
                word.c.state == SubscriptionState.ACTIVE.value,
            )
            .correlate(subscriptions)
            .scalar_subquery()
        )
        query = sa.select(
            subscribers.c.id,
            subscribers.c.email_key,
            subscribers.c.public_id,
            subscriptions.c.audience,
            given.label("given_at"),
        ).join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        with self._connection.execute(query.where(IS_THERE), execution_options=STREAMED) as rows:
            yield from rows

    def emails(self) -> Iterator[str]:
        """Everybody's address."""
        query = sa.select(subscribers.c.email).where(IS_THERE)
        with self._connection.execute(query, execution_options=STREAMED) as rows:
            yield from rows.scalars()

    def has_active(self, audience: str) -> bool:
        """Whether anybody would get what is written to an audience."""
        query = sa.select(subscriptions.c.subscriber_id).where(is_reader(audience, None)).limit(1)
        return self._connection.scalar(query) is not None

    def is_larger(self, audience: str, *, than: int) -> bool:
        """Whether more than so many would get it; an audience of many is not counted for that."""
        query = sa.select(subscriptions.c.subscriber_id).where(is_reader(audience, None))
        return len(self._connection.scalars(query.limit(than + 1)).all()) > than

    def count_active(self, audience: str, offer: CadenceOffer | None = None) -> int:
        """How many `active` would give."""
        query = sa.select(sa.func.count()).select_from(subscriptions)
        if offer is not None:  # else nobody's profile has to be read
            query = query.join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        return self._connection.scalars(query.where(is_reader(audience, offer))).one()

    def count_up_to(self, most: int, audience: str, offer: CadenceOffer | None = None) -> int:
        """The same, but no further than `most` and one: who only looks need not wait."""
        query = sa.select(subscriptions.c.subscriber_id)
        if offer is not None:
            query = query.join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        some = query.where(is_reader(audience, offer)).limit(most + 1).subquery()
        return self._connection.scalars(sa.select(sa.func.count()).select_from(some)).one()

    def timezones(
        self, audience: str, offer: CadenceOffer | None = None
    ) -> Iterator[tuple[int, str]]:
        """The id and the time zone of those whom `active` would give, by id."""
        query = (
            sa.select(subscribers.c.id, subscribers.c.timezone)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(is_reader(audience, offer))
            .order_by(subscribers.c.id)
        )
        with self._connection.execute(query, execution_options=STREAMED) as rows:
            for some in rows.partitions():
                yield from map(tuple, some)

    def count_by_zone(self, audience: str) -> dict[str, int]:
        """Time zone, as people gave it, to the number of active subscriptions."""
        query = (
            sa.select(subscribers.c.timezone, sa.func.count())
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(is_reader(audience))
            .group_by(subscribers.c.timezone)
        )
        return dict(self._connection.execute(query).all())

    def audiences(self) -> dict[str, int]:
        """Audience name to the number of active subscriptions."""
        query = (
            sa.select(subscriptions.c.audience, sa.func.count())
            .where(subscriptions.c.state == SubscriptionState.ACTIVE.value)
            .group_by(subscriptions.c.audience)
        )
        return dict(self._connection.execute(query).all())


# Made once: each change of a single person asks them, and SQLAlchemy takes longer to put one
# together than the database to answer it.
_BY_KEY = sa.select(subscribers).where(subscribers.c.email_key == sa.bindparam("key"))
_BY_IDS = sa.select(subscribers).where(
    subscribers.c.id.in_(sa.bindparam("ids", expanding=True)), IS_THERE
)
_BY_PUBLIC_ID = sa.select(subscribers).where(
    subscribers.c.public_id == sa.bindparam("public"), IS_THERE
)
_OF_ONE = (
    subscriptions.c.subscriber_id == sa.bindparam("reader"),
    subscriptions.c.audience == sa.bindparam("of"),
)
_STATE = sa.select(subscriptions.c.state).where(*_OF_ONE)
_END = (
    subscriptions.update()
    .where(*_OF_ONE, subscriptions.c.state != SubscriptionState.ENDED.value)
    .values(
        state=SubscriptionState.ENDED.value, since=sa.bindparam("moment"), paused_until=sa.null()
    )
)


@cache
def _public_ids(dialect: str) -> sa.Select[Any]:
    query = sa.select(subscribers.c.id, subscribers.c.public_id)
    return query.where(one_of(subscribers.c.id, "ids", dialect_of(dialect)), IS_THERE)


@cache
def _add(dialect: str) -> sa.Executable:
    keyed, new = [subscribers.c.email_key], insert_for(dialect, subscribers)
    return new.on_conflict_do_nothing(index_elements=keyed).returning(subscribers.c.id)


@cache
def _put(dialect: str) -> sa.Executable:
    statement = insert_for(dialect, subscribers)
    renewed: dict[str, Any] = {name: statement.excluded[name] for name in _PROFILE}
    word, said = subscribers.c.cadence, statement.excluded.cadence
    changes = sa.and_(sa.not_(subscribers.c.cadence_own), word != said)
    renewed["cadence"] = sa.case((changes, said), else_=word)
    since = subscribers.c.cadence_since
    moment = sa.bindparam("moment", type_=since.type)
    renewed["cadence_since"] = sa.case((changes, moment), else_=since)
    keyed = [subscribers.c.email_key]
    statement = statement.on_conflict_do_update(index_elements=keyed, set_=renewed)
    return statement.returning(subscribers.c.id)


def _standing_consent(words: Sequence[Any]) -> Consent:
    """Of all words of one person, in their order, the one that stands."""
    standing = None
    for word in words:
        if word.said == SubscriptionState.ENDED.value:
            standing = None
        elif word.said and standing is None:
            standing = word
    if standing is None:
        return Consent(words[0].in_since, "")
    return Consent(standing.given_at or standing.recorded_at, standing.source)


def is_reader(audience: str, offer: CadenceOffer | None = None) -> sa.ColumnElement[bool]:
    """The condition that a subscription is active in an audience; of those whom an offer is for."""
    return sa.and_(
        subscriptions.c.audience == audience,
        subscriptions.c.state == SubscriptionState.ACTIVE.value,
        sa.true() if offer is None else _has_cadence(offer),
    )


def _above(number: int) -> list[sa.ColumnElement[bool]]:
    return [subscriptions.c.subscriber_id > number] if number else []


def _has_cadence(offer: CadenceOffer) -> sa.ColumnElement[bool]:
    word = subscribers.c.cadence
    if offer.is_default:
        return word.not_in([cadence.value for cadence in offer.others])
    return word == offer.cadence.value


def _person(row: SubscriberRow) -> dict[str, Any]:
    return {
        "email": row.email,
        "email_key": email_key(row.email),
        "name": row.name,
        "locale": row.locale,
        "timezone": row.timezone,
        "topics": list(row.topics),
        "cadence": row.cadence,
        "fields": dict(row.fields),
    }


def to_subscriber(row: sa.Row[Any]) -> Subscriber:
    """A person from their row."""
    return Subscriber(
        id=row.id,
        email=row.email,
        name=row.name,
        locale=row.locale,
        timezone=row.timezone,
        topics=tuple(row.topics),
        cadence=row.cadence,
        fields=dict(row.fields),
        public_id=row.public_id,
        link_version=row.link_version,
    )
