"""Whom a file names, as the database knows them: who they are, and where they stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from dispatch.model.people.subscriber import SUPPRESSED, SubscriptionState
from dispatch.store.database.schema import subscribers, subscriptions, suppressions

AT_A_TIME = 500
"""Addresses of one question."""

_PROFILE = ("name", "locale", "timezone", "topics", "fields")


@dataclass(frozen=True, slots=True)
class KnownSubscriber:
    """What is known of somebody; `state` is None where they never were in the audience.

    `own_cadence` says that they chose it themselves, and no file changes it.
    """

    email_key: str
    profile: tuple[object, ...]
    cadence: str
    own_cadence: bool
    state: SubscriptionState | None


class Arrivals:
    """Questions about the people of a file, many at a time."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def gone(self, audience: str) -> Iterator[tuple[str, str]]:
        """The email keys of those whom no file brings in, and why: ended or suppressed."""
        ended = (
            sa.select(subscribers.c.email_key)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(
                subscriptions.c.audience == audience,
                subscriptions.c.state == SubscriptionState.ENDED.value,
            )
        )
        streamed = {"yield_per": 1000}
        for query, why in (
            (ended, SubscriptionState.ENDED.value),
            (sa.select(suppressions.c.email_key), SUPPRESSED),
        ):
            with self._connection.execute(query, execution_options=streamed) as rows:
                for key in rows.scalars():
                    yield key, why

    def known(self, audience: str, email_keys: Sequence[str]) -> Iterator[KnownSubscriber]:
        """Those of these people who are known at all."""
        here = sa.and_(
            subscriptions.c.subscriber_id == subscribers.c.id, subscriptions.c.audience == audience
        )
        columns = (
            subscribers.c.email_key,
            subscribers.c.cadence,
            subscribers.c.cadence_own,
            subscriptions.c.state,
            *(subscribers.c[name] for name in _PROFILE),
        )
        query = sa.select(*columns).select_from(subscribers.outerjoin(subscriptions, here))
        for start in range(0, len(email_keys), AT_A_TIME):
            some = subscribers.c.email_key.in_(email_keys[start : start + AT_A_TIME])
            for key, cadence, own, state, *profile in self._connection.execute(query.where(some)):
                standing = SubscriptionState(state) if state else None
                yield KnownSubscriber(key, _comparable(*profile), cadence, own, standing)


def _comparable(
    name: str, locale: str, timezone: str, topics: Sequence[str], fields: dict[str, str]
) -> tuple[object, ...]:
    return name, locale, timezone, tuple(topics), dict(fields)
