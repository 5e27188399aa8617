"""Who has just come and is to get the latest edition of a campaign, and which one was made."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.people.subscriber import Subscriber
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema import subscribers, subscriptions, welcomes
from dispatch.store.people.subscribers import is_reader, to_subscriber

_OPEN = sa.text("welcomes.edition_id = ''")
"""As the partial index has it, so that the index is used."""


class Welcomes:
    """Welcomes: one for each person and campaign, whenever they ask again."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def ask(self, subscriber_id: int, campaign: str, *, now: datetime) -> bool:
        """Have somebody get the latest edition, soon; False if they had, or will anyway."""
        row = {"subscriber_id": subscriber_id, "campaign": campaign, "asked_at": now}
        return insert_new(self._connection, welcomes, [row]) == 1

    def campaigns(self) -> list[str]:
        """The campaigns for which somebody waits, by name."""
        query = sa.select(welcomes.c.campaign).where(_OPEN).distinct()
        return sorted(self._connection.scalars(query))

    def waiting(self, campaign: str, *, limit: int) -> dict[int, datetime]:
        """Who waits, by their ids, and since when. Nobody else makes theirs meanwhile."""
        query = (
            sa.select(welcomes.c.subscriber_id, welcomes.c.asked_at)
            .where(_OPEN, welcomes.c.campaign == campaign)
            .order_by(welcomes.c.subscriber_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return {row.subscriber_id: row.asked_at for row in self._connection.execute(query)}

    def readers(self, ids: Collection[int], audience: str) -> list[Subscriber]:
        """Those of them who are readers of an audience, by id."""
        dialect = self._connection.dialect
        query = (
            sa.select(subscribers)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(is_reader(audience), one_of(subscribers.c.id, "ids", dialect))
            .order_by(subscribers.c.id)
        )
        rows = self._connection.execute(query, {"ids": packed(sorted(ids), dialect)})
        return [to_subscriber(row) for row in rows]

    def note(self, campaign: str, ids: Collection[int], edition_id: str) -> None:
        """Note the edition that was made for them."""
        self._connection.execute(
            welcomes.update().where(self._of(campaign)).values(edition_id=edition_id),
            {"ids": packed(sorted(ids), self._connection.dialect)},
        )

    def drop(self, campaign: str, ids: Collection[int]) -> None:
        """Let nothing be made for them; they may ask again."""
        self._connection.execute(
            welcomes.delete().where(self._of(campaign)),
            {"ids": packed(sorted(ids), self._connection.dialect)},
        )

    def _of(self, campaign: str) -> sa.ColumnElement[bool]:
        mine = one_of(welcomes.c.subscriber_id, "ids", self._connection.dialect)
        return sa.and_(welcomes.c.campaign == campaign, mine)
