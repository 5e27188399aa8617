"""What we remember of a feed: its HTTP state, its health, and who follows it since when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.store.rows import insert, insert_new
from dispatch.store.schema import feeds, follows


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """What the last polls left; a feed never polled has `polled_at` None."""

    name: str
    url: str
    moved_to: str = ""
    title: str = ""
    link: str = ""
    etag: str = ""
    last_modified: str = ""
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    next_poll_at: datetime | None = None
    failures: int = 0
    problem: str = ""
    gone: bool = False

    @property
    def address(self) -> str:
        """Where to ask: the address it moved to for good, else the configured one."""
        return self.moved_to or self.url


class Feeds:
    """Feeds and follows."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def memory(self, name: str, url: str) -> FeedMemory:
        """What is remembered of a feed; its posts stay, but a new address starts anew."""
        row = self._connection.execute(sa.select(feeds).where(feeds.c.name == name)).one_or_none()
        if row is None:
            return FeedMemory(name, url)
        if row.url != url:
            return FeedMemory(name, url, succeeded_at=row.succeeded_at)
        return FeedMemory(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it

    def remember(self, memory: FeedMemory) -> None:
        """Keep what a poll left."""
        values: dict[str, Any] = {
            column.name: getattr(memory, column.name) for column in feeds.columns
        }
        statement = insert(self._connection, feeds).values(values)
        del values["name"]
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[feeds.c.name], set_=values)
        )

    def follow(self, campaign: str, names: Iterable[str], *, now: datetime) -> None:
        """Note since when a campaign follows its feeds; an earlier note stays."""
        rows = [{"campaign": campaign, "feed": name, "since": now} for name in names]
        insert_new(self._connection, follows, rows)

    def followed_since(self, campaign: str, *, lock: bool = False) -> Mapping[str, datetime]:
        """Feed name to the moment since when the campaign follows it.

        With `lock`, nobody else who asks so goes on before this transaction ends: two runs of a
        campaign at once would take the same posts.
        """
        query = sa.select(follows.c.feed, follows.c.since).where(follows.c.campaign == campaign)
        if lock:
            query = query.order_by(follows.c.feed).with_for_update()
        return {row.feed: row.since for row in self._connection.execute(query)}
