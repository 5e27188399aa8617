"""Who is in an audience besides another one: readers that two mails have in common."""

from collections.abc import Collection

import sqlalchemy as sa

from dispatch.model.campaigns.cadence import CadenceOffer
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.schema import subscribers, subscriptions
from dispatch.store.people.subscribers import is_reader


class SharedReaders:
    """Looks at subscriptions only as they are now; an offer is for those with its cadence."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def count(
        self, audience: str, other: str, offer: CadenceOffer | None = None, *, most: int
    ) -> tuple[int, int]:
        """How many of an audience get what is written to the other, and of how many that is.

        No more than `most` and one are looked up.
        """
        some = (
            sa.select(subscriptions.c.subscriber_id)
            .where(is_reader(audience))
            .limit(most + 1)
            .subquery()
        )
        is_other = subscriptions.c.subscriber_id == some.c.subscriber_id
        both = _readers(other, offer).where(is_other).correlate(some).exists()
        query = sa.select(
            sa.func.count(sa.case((both, some.c.subscriber_id))), sa.func.count()
        ).select_from(some)
        number, asked = self._connection.execute(query).one()
        return number, asked

    def among(
        self, people: Collection[int], audience: str, offer: CadenceOffer | None = None
    ) -> set[int]:
        """Those of these people, by number, who get what is written to an audience."""
        dialect = self._connection.dialect
        query = _readers(audience, offer).where(
            one_of(subscriptions.c.subscriber_id, "ids", dialect)
        )
        return set(self._connection.scalars(query, {"ids": packed(list(people), dialect)}))


def _readers(audience: str, offer: CadenceOffer | None) -> sa.Select[tuple[int]]:
    query = sa.select(subscriptions.c.subscriber_id)
    if offer is not None:  # else nobody's profile has to be read
        query = query.join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
    return query.where(is_reader(audience, offer))
