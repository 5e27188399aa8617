"""What one person has agreed to and taken back: each word on record, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.people.subscriber import Consent, SubscriptionState, Suppression, email_key
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import consents, subscribers, subscriptions, suppressions

LIFTED = "lifted"
"""What stands in place of a state where a suppression of the address was lifted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody's consent to an audience stands, and since when."""

    audience: str
    state: SubscriptionState
    since: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """One word on record: `state` is what it made of the subscription, `source` on what ground.

    `given` is None where nobody said when; `recorded` is when we heard of it.
    """

    audience: str
    state: str
    source: str
    given: datetime | None
    recorded: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """A person's cadence: whether they chose it themselves, and since when, if it ever changed."""

    own: bool
    since: datetime | None


class Consents:
    """The record of single people; the words are only ever added to."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def give(self, subscriber_id: int, audience: str, consent: Consent, *, now: datetime) -> None:
        """Make a subscription active, whatever it was, on this consent."""
        active = SubscriptionState.ACTIVE.value
        statement = insert(self._connection, subscriptions).values(
            subscriber_id=subscriber_id, audience=audience, state=active, since=now
        )
        columns = [subscriptions.c.subscriber_id, subscriptions.c.audience]
        renewed = {"state": active, "since": now}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=columns, set_=renewed)
        )
        self._record(subscriber_id, audience, active, consent, now)

    def note_lifted(self, subscriber_id: int, source: str, *, now: datetime) -> None:
        """Record on what ground somebody's address may be mailed again."""
        self._record(subscriber_id, "", LIFTED, Consent(now, source), now)

    def standing(self, subscriber_id: int) -> dict[str, Standing]:
        """Audience to where they stand."""
        query = sa.select(subscriptions).where(subscriptions.c.subscriber_id == subscriber_id)
        rows = self._connection.execute(query.order_by(subscriptions.c.audience))
        return {
            row.audience: Standing(row.audience, SubscriptionState(row.state), row.since)
            for row in rows
        }

    def words(self, subscriber_id: int) -> list[Word]:
        """All that they have said, in the order in which we heard of it."""
        query = sa.select(consents).where(consents.c.subscriber_id == subscriber_id)
        rows = self._connection.execute(query.order_by(consents.c.id))
        return [
            Word(row.audience, row.state, row.source, row.given_at, row.recorded_at) for row in rows
        ]

    def choice(self, subscriber_id: int) -> Choice:
        """How they came to their cadence."""
        query = sa.select(subscribers.c.cadence_own, subscribers.c.cadence_since).where(
            subscribers.c.id == subscriber_id
        )
        return Choice(*self._connection.execute(query).one())

    def suppression(self, email: str) -> Suppression | None:
        """Why an address is never mailed, and since when; None if it may be."""
        query = sa.select(suppressions).where(suppressions.c.email_key == email_key(email))
        row = self._connection.execute(query).one_or_none()
        return Suppression(row.email, row.reason, row.since) if row else None

    def lift(self, email: str) -> bool:
        """Take a suppression away; False if there was none."""
        statement = suppressions.delete().where(suppressions.c.email_key == email_key(email))
        return bool(self._connection.execute(statement).rowcount)

    def near(self, email: str, *, most: int = 500) -> Sequence[str]:
        """Some addresses that begin or end as this one does, for those who mistyped it."""
        key = email_key(email)
        local, _, domain = key.rpartition("@")
        found: list[str] = []
        for alike in (
            subscribers.c.email_key.startswith(key[:3], autoescape=True),
            subscribers.c.email_key.endswith(f"{local[-3:]}@{domain}", autoescape=True),
        ):
            query = sa.select(subscribers.c.email_key).where(alike).limit(most)
            found += self._connection.scalars(query)
        return list(dict.fromkeys(found))

    def _record(
        self, subscriber_id: int, audience: str, state: str, consent: Consent, now: datetime
    ) -> None:
        self._connection.execute(
            consents.insert().values(
                subscriber_id=subscriber_id,
                audience=audience,
                state=state,
                source=consent.source,
                given_at=consent.at,
                recorded_at=now,
            )
        )
