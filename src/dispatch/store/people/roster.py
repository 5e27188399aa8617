"""Many people at a time: who is in an audience, whom somebody looks for, who is made up."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from dispatch.model.people.subscriber import (
    SUPPRESSED,
    Consent,
    Subscription,
    SubscriptionState,
    email_key,
)
from dispatch.store.database.alike import contains
from dispatch.store.database.schema import consents, subscribers, subscriptions, traces
from dispatch.store.people.record import ground_of
from dispatch.store.people.subscribers import IS_THERE, STREAMED, is_reader, to_subscriber
from dispatch.store.people.suppressed import is_suppressed

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
            sa.select(consents.c.subscriber_id, ground_of(consents))
            .outerjoin(traces, traces.c.consent_id == consents.c.id)
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

    def listed(
        self,
        *,
        audience: str = "",
        text: str = "",
        state: str = "",
        ids: Sequence[int] | None = None,
        limit: int | None = None,
    ) -> Iterator[tuple[str, Subscription]]:
        """Who is or was in an audience, by address: those with a text in their address or name.

        `state` is a word of `Subscription.standing`. With `ids` only of these people.
        """
        agreed = (
            sa.select(sa.func.max(consents.c.id))
            .where(
                consents.c.subscriber_id == subscriptions.c.subscriber_id,
                consents.c.audience == subscriptions.c.audience,
                consents.c.state == SubscriptionState.ACTIVE.value,
            )
            .correlate(subscriptions)
            .scalar_subquery()
        )
        word = consents.alias()
        query = (
            sa.select(
                subscribers,
                subscriptions.c.audience,
                subscriptions.c.state,
                ground_of(word),
                word.c.given_at,
                _IS_SUPPRESSED.label("suppressed"),
            )
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .outerjoin(word, word.c.id == agreed)
            .outerjoin(traces, traces.c.consent_id == word.c.id)
            .where(*_chosen(audience, text, state))
            .order_by(subscribers.c.email_key, subscriptions.c.audience)
            .limit(limit)
        )
        if ids is not None:
            query = query.where(subscribers.c.id.in_(ids))
        with self._connection.execute(query, execution_options=STREAMED) as rows:
            for row in rows:
                consent = Consent(row.given_at, row.source or "")
                found = SubscriptionState(row.state)
                yield (
                    row.audience,
                    Subscription(to_subscriber(row), consent, found, row.suppressed),
                )

    def field_names(self, audience: str) -> list[str]:
        """The names of all fields of those who are or were in an audience."""
        query = (
            sa.select(subscribers.c.fields)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(subscriptions.c.audience == audience, IS_THERE)
        )
        with self._connection.execute(query, execution_options=STREAMED) as rows:
            return sorted({name for fields in rows.scalars() for name in fields})

    def count(self, *, audience: str = "", text: str = "", state: str = "") -> int:
        """How many `listed` would give without a limit."""
        query = (
            sa.select(sa.func.count())
            .select_from(subscribers)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(*_chosen(audience, text, state))
        )
        return self._connection.scalars(query).one()

    def own_columns(self, audience: str, *, among: int) -> set[str]:
        """The columns of the team's own that are known of some who are in an audience."""
        query = (
            sa.select(subscribers.c.fields)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(is_reader(audience))
            .limit(among)
        )
        with self._connection.execute(query, execution_options=STREAMED) as rows:
            return {name for fields in rows.scalars() for name in fields}


_IS_SUPPRESSED = is_suppressed(subscribers.c.email_key)


def _chosen(audience: str, text: str, state: str) -> list[sa.ColumnElement[bool]]:
    chosen: list[sa.ColumnElement[bool]] = [IS_THERE]
    if audience:
        chosen.append(subscriptions.c.audience == audience)
    if text:
        in_address = subscribers.c.email_key.contains(email_key(text), autoescape=True)
        chosen.append(sa.or_(in_address, contains(subscribers.c.name, text)))
    if state == SUPPRESSED:
        chosen.append(_IS_SUPPRESSED)
    elif state:
        chosen += [subscriptions.c.state == state, sa.not_(_IS_SUPPRESSED)]
    return chosen
