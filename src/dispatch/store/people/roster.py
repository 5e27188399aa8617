"""Many people at a time: who is in an audience, whom somebody looks for, who is made up."""

from collections.abc import Sequence

import sqlalchemy as sa

from dispatch.model.people.subscriber import SubscriptionState
from dispatch.store.database.schema import consents, subscribers, subscriptions
from dispatch.store.people.subscribers import is_reader

AT_A_TIME = 500
"""Ids of one question."""


class Roster:
    """Questions about people by where they are and how their addresses end."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def at_domains(
        self, endings: Sequence[str], *, most: int, among: int | None = None
    ) -> set[str]:
        """Some email keys that end like this; of the first `among` people only, where given.

        No index helps: each ending costs 50 ms for a million people. Endings have no wildcard.
        """
        key = subscribers.c.email_key
        query = sa.select(key).where(sa.or_(*(key.like(f"%{one}") for one in endings)))
        if among is not None:
            query = query.where(subscribers.c.id <= among)
        return set(self._connection.scalars(query.limit(most)))

    def in_audience(self, audience: str, email_keys: Sequence[str]) -> dict[str, bool]:
        """Those of these people who are or were in an audience, and whether they still are."""
        found: dict[str, bool] = {}
        query = (
            sa.select(subscribers.c.email_key, subscriptions.c.state)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(subscriptions.c.audience == audience)
        )
        for start in range(0, len(email_keys), AT_A_TIME):
            some = subscribers.c.email_key.in_(email_keys[start : start + AT_A_TIME])
            for key, state in self._connection.execute(query.where(some)):
                found[key] = state == SubscriptionState.ACTIVE.value
        return found

    def active(self, audience: str, *, most: int) -> dict[str, int]:
        """The email keys and ids of those who are in an audience, in any order."""
        query = (
            sa.select(subscribers.c.email_key, subscribers.c.id)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(is_reader(audience))
            .limit(most)
        )
        return dict(self._connection.execute(query).all())

    def grounds(self, audience: str, ids: Sequence[int]) -> dict[int, str]:
        """On what ground these people are in an audience: their last word."""
        found: dict[int, str] = {}
        query = (
            sa.select(consents.c.subscriber_id, consents.c.source)
            .where(
                consents.c.audience == audience,
                consents.c.state == SubscriptionState.ACTIVE.value,
            )
            .order_by(consents.c.id)
        )
        for start in range(0, len(ids), AT_A_TIME):
            some = consents.c.subscriber_id.in_(ids[start : start + AT_A_TIME])
            found.update(self._connection.execute(query.where(some)).all())
        return found
