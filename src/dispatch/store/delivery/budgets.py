"""How many posts each channel has made in a month: what a budget is held against."""

import sqlalchemy as sa

from dispatch.store.database.rows import insert
from dispatch.store.database.schema import budgets


class Budgets:
    """A row for each channel and month; months are such as 2026-11, by the workspace's clock."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def used(self, channel: str, month: str) -> int:
        """How many posts a channel has made in a month; who adds to it waits for us."""
        query = sa.select(budgets.c.posts).where(
            budgets.c.channel == channel, budgets.c.month == month
        )
        return self._connection.scalar(query.with_for_update()) or 0

    def all_used(self, month: str) -> dict[str, int]:
        """Channel to how many posts it has made in a month."""
        query = sa.select(budgets.c.channel, budgets.c.posts).where(budgets.c.month == month)
        return {row.channel: row.posts for row in self._connection.execute(query)}

    def add(self, channel: str, month: str, posts: int) -> None:
        """Count so many posts; below zero: that were counted and are not there."""
        self._connection.execute(
            insert(self._connection, budgets)
            .values(channel=channel, month=month, posts=posts)
            .on_conflict_do_update(
                index_elements=[budgets.c.channel, budgets.c.month],
                set_={"posts": budgets.c.posts + posts},
            )
        )
