"""Posts and their earlier revisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.edition import EditionState
from dispatch.model.feed import Entry, Image
from dispatch.model.post import Post
from dispatch.store.rows import insert_new
from dispatch.store.schema import edition_posts, editions, posts, revisions


class Posts:
    """Posts, unique by feed and identity."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def known(self, feed: str, identities: Sequence[str], links: Sequence[str]) -> list[Post]:
        """The posts of a feed that have one of these identities or links."""
        query = sa.select(posts).where(
            posts.c.feed == feed,
            sa.or_(posts.c.identity.in_(identities), posts.c.link.in_([x for x in links if x])),
        )
        return [_post(row) for row in self._connection.execute(query)]

    def add(
        self, feed: str, entry: Entry, identity: str, *, first_seen: datetime, backlog: bool
    ) -> bool:
        """Keep an entry as a new post; False if another poll was quicker."""
        row = {
            "feed": feed,
            "identity": identity,
            "guid": entry.guid,
            "link": entry.link,
            "authors": list(entry.authors),
            "topics": list(entry.topics),
            "published": entry.published,
            "first_seen": first_seen,
            "backlog": backlog,
            **_changeable(entry),
        }
        return insert_new(self._connection, posts, [row]) == 1

    def revise(self, post: Post, entry: Entry, *, now: datetime) -> bool:
        """Replace a post's text with what the feed says now, and keep the text that was.

        False if another poll was quicker.
        """
        revised = self._connection.execute(
            posts.update()
            .where(posts.c.id == post.id, posts.c.revision == post.revision)
            .values(revision=post.revision + 1, **_changeable(entry))
        )
        if not revised.rowcount:
            return False
        self._connection.execute(
            revisions.insert().values(
                post_id=post.id,
                revision=post.revision,
                replaced_at=now,
                title=post.title,
                summary=post.summary,
                content=post.content,
            )
        )
        return True

    def unused(self, campaign: str, feeds: Sequence[str], *, limit: int = 1000) -> list[Post]:
        """The newest posts of these feeds whose story no edition of the campaign has told.

        The same link is the same story, in whichever feed. A rejected edition tells nothing.
        """
        told = posts.alias()
        used = (
            sa.select(told.c.id, told.c.link)
            .join(edition_posts, edition_posts.c.post_id == told.c.id)
            .join(editions, editions.c.id == edition_posts.c.edition_id)
            .where(editions.c.campaign == campaign, editions.c.state != EditionState.REJECTED.value)
            .cte()
        )
        query = (
            sa.select(posts)
            .where(
                posts.c.feed.in_(feeds),
                posts.c.id.not_in(sa.select(used.c.id)),
                posts.c.link.not_in(sa.select(used.c.link).where(used.c.link != "")),
            )
            .order_by(posts.c.id.desc())
            .limit(limit)
        )
        return [_post(row) for row in self._connection.execute(query)]

    def latest(self, *, feed: str | None = None, limit: int = 50) -> list[Post]:
        """The posts we met last, newest first."""
        query = sa.select(posts).order_by(posts.c.first_seen.desc(), posts.c.id.desc())
        if feed:
            query = query.where(posts.c.feed == feed)
        return [_post(row) for row in self._connection.execute(query.limit(limit))]

    def counts(self) -> Mapping[str, int]:
        """Feed name to the number of its posts."""
        query = sa.select(posts.c.feed, sa.func.count()).group_by(posts.c.feed)
        return dict(self._connection.execute(query).all())


def _changeable(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "image_url": entry.image.url if entry.image else "",
        "image_alt": entry.image.alt if entry.image else "",
        "language": entry.language,
        "updated": entry.updated,
    }


def _post(row: sa.Row[Any]) -> Post:
    return Post(
        id=row.id,
        feed=row.feed,
        guid=row.guid,
        link=row.link,
        title=row.title,
        summary=row.summary,
        content=row.content,
        authors=tuple(row.authors),
        topics=tuple(row.topics),
        image=Image(row.image_url, row.image_alt) if row.image_url else None,
        language=row.language,
        published=row.published,
        updated=row.updated,
        first_seen=row.first_seen,
        backlog=row.backlog,
        revision=row.revision,
    )
