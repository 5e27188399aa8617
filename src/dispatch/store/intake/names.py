"""What posts are known by in their feed: guids, links, titles, texts, and the names they had."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.simulation import StoredPost
from dispatch.model.intake.post import Decision, Post, names_of_story
from dispatch.model.intake.similarity import Looks
from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema import aliases, edition_posts, editions, posts
from dispatch.store.intake.post_rows import to_post

MOST_LOOKALIKES = 2_000


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A post and what it is found by; of its other names, `aliases` were asked for."""

    post: Post
    identity: str
    link_key: str
    looks: Looks
    aliases: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A post that a new one may look like."""

    id: int
    title: str
    looks: Looks
    backlog: bool
    held: bool
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Use:
    """The edition that a post is in, and that is not rejected."""

    edition_id: str
    campaign: str
    state: EditionState


class Names:
    """Posts found by what they are called."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def known(
        self, feed: str, identities: Collection[str], links: Collection[str]
    ) -> list[KnownPost]:
        """The posts of a feed that have, or had, one of these identities or link keys."""
        query = sa.select(aliases.c.post_id, aliases.c.name).where(
            aliases.c.feed == feed, aliases.c.name.in_({*identities, *links})
        )
        other: dict[int, set[str]] = {}
        for row in self._connection.execute(query):
            other.setdefault(row.post_id, set()).add(row.name)
        called = sa.or_(
            posts.c.identity.in_(identities), posts.c.link_key.in_(links) & ~posts.c.link_shared
        )
        if other:
            called = sa.or_(called, posts.c.id.in_(other))
        rows = self._connection.execute(sa.select(posts).where(posts.c.feed == feed, called))
        return [
            KnownPost(
                to_post(row),
                row.identity,
                row.link_key,
                _looks(row),
                frozenset(other.get(row.id, ())),
            )
            for row in rows
        ]

    def add_aliases(self, feed: str, names: Mapping[str, int]) -> None:
        """Note other names of posts; a name that is taken stays with whom it has."""
        rows = [{"feed": feed, "name": name, "post_id": of} for name, of in names.items()]
        insert_new(self._connection, aliases, rows)

    def shared_links(self, feed: str, link_keys: Collection[str]) -> set[str]:
        """Those of these links that the feed has given to several stories."""
        query = sa.select(posts.c.link_key).where(
            posts.c.feed == feed, posts.c.link_key.in_(link_keys), posts.c.link_shared
        )
        return set(self._connection.scalars(query.distinct()))

    def shared_guids(self, feed: str, guids: Collection[str]) -> set[str]:
        """Those of these guids that the feed has given to several stories.

        A post that is held, or was dropped, may be another one told again, and so does not count.
        """
        is_a_story = sa.or_(
            posts.c.held_since.is_(None), posts.c.decision == Decision.RELEASED.value
        )
        query = (
            sa.select(posts.c.guid)
            .where(posts.c.feed == feed, posts.c.guid.in_(guids), is_a_story)
            .group_by(posts.c.guid)
            .having(sa.func.count() > 1)
        )
        return set(self._connection.scalars(query))

    def share_links(self, feed: str, link_keys: Collection[str]) -> None:
        """Note that the feed gives each of these links to several stories."""
        self._connection.execute(
            posts.update()
            .where(posts.c.feed == feed, posts.c.link_key.in_(link_keys), ~posts.c.link_shared)
            .values(link_shared=True)
        )

    def part(self, post: Post) -> None:
        """Note that a post is another story than those of its feed that have its link, if any."""
        this = sa.select(posts.c.link_key).where(posts.c.id == post.id).scalar_subquery()
        query = sa.select(posts.c.link_key).where(
            posts.c.feed == post.feed, posts.c.link_key == this, posts.c.id != post.id
        )
        self.share_links(post.feed, set(self._connection.scalars(query.limit(1))) - {""})

    def lookalikes(
        self,
        feed: str,
        *,
        titles: Collection[str],
        texts: Collection[str],
        between: tuple[datetime, datetime] | None,
    ) -> list[Lookalike]:
        """The posts of a feed with one of these titles or texts, or dated `between`.

        Of very many the newest.
        """
        like = [posts.c.title_key.in_(titles), posts.c.text_key.in_(texts)]
        if between is not None:
            like.append(posts.c.published.between(*between))
        columns = [posts.c[name] for name in _LOOKS]
        query = (
            sa.select(*columns)
            .where(posts.c.feed == feed, sa.or_(*like))
            .order_by(posts.c.id.desc())
            .limit(MOST_LOOKALIKES)
        )
        return [
            Lookalike(
                row.id,
                row.title,
                _looks(row),
                row.backlog,
                row.held_since is not None,
                Decision(row.decision) if row.decision else None,
            )
            for row in self._connection.execute(query)
        ]

    def of(self, ids: Iterable[int]) -> list[KnownPost]:
        """These posts."""
        rows = self._connection.execute(sa.select(posts).where(posts.c.id.in_(list(ids))))
        return [
            KnownPost(to_post(row), row.identity, row.link_key, _looks(row), frozenset())
            for row in rows
        ]

    def stored(self, feeds: Collection[str]) -> list[StoredPost]:
        """All posts of these feeds without their texts, and what their stories are known by."""
        query = (
            sa.select(aliases.c.post_id, aliases.c.name)
            .join(posts, posts.c.id == aliases.c.post_id)
            .where(posts.c.feed.in_(feeds))
        )
        other: dict[int, set[str]] = defaultdict(set)
        for post_id, name in self._connection.execute(query):
            other[post_id].add(name)
        rows = self._connection.execute(
            sa.select(*_WITHOUT_TEXTS).where(posts.c.feed.in_(feeds)).order_by(posts.c.id)
        )
        return [_stored(row, other.get(row.id, ())) for row in rows]

    def uses(self, ids: Collection[int]) -> Mapping[int, Use]:
        """Post id to the edition it was last put into."""
        query = (
            sa.select(edition_posts.c.post_id, editions.c.id, editions.c.campaign, editions.c.state)
            .join(editions, editions.c.id == edition_posts.c.edition_id)
            .where(
                edition_posts.c.post_id.in_(ids), editions.c.state != EditionState.REJECTED.value
            )
            .order_by(editions.c.created_at)
        )
        return {
            row.post_id: Use(row.id, row.campaign, EditionState(row.state))
            for row in self._connection.execute(query)
        }


_LOOKS = (
    "id",
    "title",
    "title_key",
    "text_key",
    "published",
    "first_seen",
    "backlog",
    "held_since",
    "decision",
)


_TEXTS = ("summary", "content", "full_text")
_WITHOUT_TEXTS = [
    sa.literal("").label(column.name) if column.name in _TEXTS else column for column in posts.c
]


def _stored(row: Any, other: Collection[str]) -> StoredPost:
    link = "" if row.link_shared else row.link_key
    text = row.text_key if row.held_since is None else ""
    names = names_of_story(guid=row.guid, link=link, title=row.title_key, text=text)
    return StoredPost(to_post(row), names, frozenset({link, *other} - {""}))


def _looks(row: sa.Row[tuple[object, ...]]) -> Looks:
    return Looks(row.title_key, row.text_key, row.published, row.first_seen)
