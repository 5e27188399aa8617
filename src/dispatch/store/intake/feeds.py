"""What we remember of a feed: its HTTP state, its health, and who follows it since when."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from dispatch.clock import SKEW
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.polling_interval import SAMPLE, PollingInterval
from dispatch.store.database.rows import insert, insert_new
from dispatch.store.database.schema import feeds, follows, posts


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """What the last polls left; a feed never polled has `polled_at` None.

    `body_hash` is of the last body that was read, `every` what the feed itself asks for between
    two polls. The gaps are those of its posts, as `model/intake/polling_interval.py` reckons them.
    `next_poll_why` says why `next_poll_at` is when it is.
    """

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
    body_hash: str = ""
    every: timedelta | None = None
    usual_gap: timedelta | None = None
    longest_gap: timedelta | None = None
    last_post_at: datetime | None = None
    next_poll_why: str = ""
    hub: str = ""
    topic: str = ""

    @property
    def address(self) -> str:
        """Where to ask: the address it moved to for good, else the configured one."""
        return self.moved_to or self.url

    @property
    def habit(self) -> PollingInterval | None:
        """How often it publishes, once that is known."""
        if self.usual_gap is None or self.longest_gap is None:
            return None
        return PollingInterval(self.usual_gap, self.longest_gap)


_COLUMNS = [feeds.c[field.name] for field in fields(FeedMemory)]


class Feeds:
    """Feeds and follows."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def memory(self, name: str, url: str) -> FeedMemory:
        """What is remembered of a feed; its posts stay, but a new address starts anew."""
        return self.memories([Feed(name, url)])[0]

    def memories(self, asked: Sequence[Feed]) -> list[FeedMemory]:
        """What is remembered of each of these feeds, in the same order."""
        query = sa.select(*_COLUMNS).where(feeds.c.name.in_([feed.name for feed in asked]))
        rows = {row.name: row for row in self._connection.execute(query)}
        return [_memory(feed, rows.get(feed.name)) for feed in asked]

    def told(self, name: str) -> tuple[str, str]:
        """What a feed calls itself, and where it says that it is; empty where it was never read."""
        query = sa.select(feeds.c.title, feeds.c.link).where(feeds.c.name == name)
        row = self._connection.execute(query).one_or_none()
        return (row.title, row.link) if row else ("", "")

    def remember(self, *memories: FeedMemory) -> None:
        """Keep what polls left."""
        if not memories:
            return
        statement = insert(self._connection, feeds)
        changed = {
            column.name: statement.excluded[column.name]
            for column in _COLUMNS
            if column is not feeds.c.name
        }
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[feeds.c.name], set_=changed),
            [
                {column.name: getattr(memory, column.name) for column in _COLUMNS}
                for memory in memories
            ],
        )

    def claim(self, memories: Sequence[FeedMemory], *, until: datetime) -> set[str]:
        """Take these feeds for one poll; the names of those that nobody else has taken.

        A feed is ours if it still is as `memories` say. Others find it due again at `until`.
        """
        new = [{"name": memory.name, "url": memory.url} for memory in memories]
        insert_new(self._connection, feeds, new)
        asked = [memory.name for memory in memories]
        # In one order, so that two who claim the same feeds do not wait for each other.
        query = sa.select(feeds.c.name, feeds.c.url, feeds.c.next_poll_at).where(
            feeds.c.name.in_(asked)
        )
        rows = self._connection.execute(query.order_by(feeds.c.name).with_for_update()).all()
        now = {row.name: row for row in rows}
        moved = [memory for memory in memories if now[memory.name].url != memory.url]
        self.remember(*(replace(memory, next_poll_at=until) for memory in moved))
        ours = [
            memory.name
            for memory in memories
            if now[memory.name].url == memory.url
            and now[memory.name].next_poll_at == memory.next_poll_at
        ]
        self._connection.execute(
            feeds.update().where(feeds.c.name.in_(ours)).values(next_poll_at=until)
        )
        return {*ours, *(memory.name for memory in moved)}

    def release(self, memories: Sequence[FeedMemory], *, until: datetime) -> None:
        """Give back feeds that were claimed `until` then and not polled: they are due again."""
        for memory in memories:
            ours = sa.and_(feeds.c.name == memory.name, feeds.c.next_poll_at == until)
            self._connection.execute(
                feeds.update().where(ours).values(next_poll_at=memory.next_poll_at)
            )

    def make_due(self, names: Collection[str], *, now: datetime, why: str) -> int:
        """Have these polled next, but for those that are gone; how many will be."""
        gone = (
            sa.select(sa.func.count())
            .select_from(feeds)
            .where(feeds.c.name.in_(names), feeds.c.gone.is_(True))
        )
        self._connection.execute(
            feeds.update()
            .where(feeds.c.name.in_(names), feeds.c.gone.is_(False))
            .values(next_poll_at=now, next_poll_why=why)
        )
        return len(names) - (self._connection.scalar(gone) or 0)

    def recent_moments(self, name: str) -> list[datetime]:
        """When a feed's newest posts were published, as far as it says, else first seen.

        At most as many as tell how often it publishes. A date in the future does not count.
        """
        moment = sa.func.coalesce(posts.c.published, posts.c.first_seen)
        query = (
            sa.select(posts.c.published, posts.c.first_seen)
            .where(posts.c.feed == name)
            .order_by(moment.desc())
            .limit(SAMPLE)
        )
        found = self._connection.execute(query)
        return [min(row.published or row.first_seen, row.first_seen) for row in found]

    def named_by_nobody(self, *, after: datetime) -> Mapping[str, datetime]:
        """Feeds that no campaign has ever followed, with when the first of their posts was met.

        Posts that were met before `after` are passed over.
        """
        first = sa.func.min(posts.c.first_seen, type_=posts.c.first_seen.type)
        query = (
            sa.select(posts.c.feed, first.label("since"))
            .where(
                posts.c.first_seen > after,
                sa.not_(posts.c.backlog),
                posts.c.feed.not_in(sa.select(follows.c.feed)),
            )
            .group_by(posts.c.feed)
        )
        return {row.feed: row.since for row in self._connection.execute(query)}

    def follow(
        self,
        campaign: str,
        names: Iterable[str],
        *,
        now: datetime,
        earlier: Mapping[str, datetime] = MappingProxyType({}),
    ) -> None:
        """Note since when a campaign follows its feeds; an earlier note stays.

        Those in `earlier` are followed since then.

        One that only a wrong clock can have made becomes one of a little while ago, so that posts
        which were met since the clock was set right are news.
        """
        rows = [
            {"campaign": campaign, "feed": name, "since": earlier.get(name, now)} for name in names
        ]
        statement = insert(self._connection, follows).on_conflict_do_update(
            index_elements=[follows.c.campaign, follows.c.feed],
            set_={"since": now - SKEW},
            where=follows.c.since > now + SKEW,
        )
        self._connection.execute(statement, rows)

    def followed_since(self, campaign: str, *, lock: bool = False) -> Mapping[str, datetime]:
        """Feed name to the moment since when the campaign follows it.

        With `lock`, nobody else who asks so goes on before this transaction ends: two runs of a
        campaign at once would take the same posts.
        """
        query = sa.select(follows.c.feed, follows.c.since).where(follows.c.campaign == campaign)
        if lock:
            query = query.order_by(follows.c.feed).with_for_update()
        return {row.feed: row.since for row in self._connection.execute(query)}


def _memory(feed: Feed, row: sa.Row[Any] | None) -> FeedMemory:
    if row is None:
        return FeedMemory(feed.name, feed.url)
    if row.url != feed.url:
        return FeedMemory(feed.name, feed.url, succeeded_at=row.succeeded_at)
    return FeedMemory(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
