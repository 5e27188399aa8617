"""Where single people stand: what they have agreed to or taken back, and how they chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from dispatch.model.notify.types import Type
from dispatch.model.people.record import Said
from dispatch.model.people.subscriber import Consent, SubscriptionState, email_key
from dispatch.store.database.rows import insert_for
from dispatch.store.database.schema import subscribers, subscriptions
from dispatch.store.notify.outbox import Notifications
from dispatch.store.people.record import Record
from dispatch.store.people.subscribers import IS_THERE

_HERE = (SubscriptionState.ACTIVE.value, SubscriptionState.PAUSED.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody's consent to an audience stands, and since when; a pause is until then."""

    audience: str
    state: SubscriptionState
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A person's cadence: whether they chose it themselves, and since when, if it ever changed."""

    own: bool
    since: datetime | None


class Consents:
    """Subscriptions of single people; each change is a word on record."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._record = Record(connection)
        self._notifications = Notifications(connection)

    def give(self, subscriber_id: int, audience: str, consent: Consent, *, now: datetime) -> None:
        """Make a subscription active, whatever it was, on this consent."""
        active = SubscriptionState.ACTIVE.value
        joins = self._tells_of_joining and not self._is_in(subscriber_id, audience)
        row = {"subscriber_id": subscriber_id, "audience": audience, "since": now}
        self._connection.execute(_give(self._connection.dialect.name), row | {"state": active})
        self._record.add(subscriber_id, audience, Said.ACTIVE, consent, now=now)
        if joins:
            self._notifications.add_reader(Type.SUBSCRIBER_JOINED, subscriber_id, audience, now=now)

    def standing(self, subscriber_id: int) -> dict[str, Standing]:
        """Audience to where they stand."""
        rows = self._connection.execute(_STANDING, {"reader": subscriber_id})
        return {
            row.audience: Standing(
                row.audience, SubscriptionState(row.state), row.since, row.paused_until
            )
            for row in rows
        }

    @property
    def _tells_of_joining(self) -> bool:
        return bool(self._notifications.wanting(Type.SUBSCRIBER_JOINED))

    def _is_in(self, subscriber_id: int, audience: str) -> bool:
        """Whether they have it, or have only paused it."""
        query = sa.select(subscriptions.c.state).where(
            subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.audience == audience
        )
        return self._connection.scalar(query) in _HERE

    def choice(self, subscriber_id: int) -> Choice:
        """How they came to their cadence."""
        return Choice(*self._connection.execute(_CHOICE, {"reader": subscriber_id}).one())

    def near(self, email: str, *, most: int = 500) -> Sequence[str]:
        """Some addresses that begin or end as this one does, for those who mistyped it."""
        key = email_key(email)
        local, _, domain = key.rpartition("@")
        found: list[str] = []
        for alike in (
            subscribers.c.email_key.startswith(key[:3], autoescape=True),
            subscribers.c.email_key.endswith(f"{local[-3:]}@{domain}", autoescape=True),
        ):
            query = sa.select(subscribers.c.email_key).where(alike, IS_THERE).limit(most)
            found += self._connection.scalars(query)
        return list(dict.fromkeys(found))


# Made once, as they are asked for each change of a person.
_STANDING = (
    sa.select(subscriptions)
    .where(subscriptions.c.subscriber_id == sa.bindparam("reader"))
    .order_by(subscriptions.c.audience)
)
_CHOICE = sa.select(subscribers.c.cadence_own, subscribers.c.cadence_since).where(
    subscribers.c.id == sa.bindparam("reader")
)


@cache
def _give(dialect: str) -> sa.Executable:
    statement = insert_for(dialect, subscriptions)
    said = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[subscriptions.c.subscriber_id, subscriptions.c.audience],
        set_={"state": said.state, "since": said.since, "paused_until": None},
    )
