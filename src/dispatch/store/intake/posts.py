"""Posts and their earlier revisions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa

from dispatch.clock import NEVER, SKEW
from dispatch.errors import NotFound
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.letter import TOLD
from dispatch.model.intake.already_published import AlreadyPublished
from dispatch.model.intake.canonical import canonical
from dispatch.model.intake.feed import Entry
from dispatch.model.intake.post import Decision, Post, story_names
from dispatch.model.intake.similarity import title_key
from dispatch.store.database.alike import contains
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema import aliases, edition_posts, editions, posts, revisions
from dispatch.store.intake.post_rows import changeable, to_post


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An entry with what it is known by from now on."""

    entry: Entry
    identity: str
    link_key: str
    link_shared: bool
    title_key: str
    text_key: str


@dataclass(frozen=True, slots=True)
class PostUpdate:
    """A post and what the feed says of it now; it `moves` if its link is another page's.

    `link_key` and `published` are what it has and keeps, as far as the edit does not change them.
    """

    post: Post
    to: Newcomer
    link_key: str
    moves: bool
    published: datetime | None


class Posts:
    """Posts, unique by feed and identity."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        feed: str,
        new: Iterable[Newcomer],
        *,
        first_seen: datetime,
        backlog: bool = False,
        reasons: Mapping[str, str] = MappingProxyType({}),
        like: Mapping[str, int] = MappingProxyType({}),
    ) -> int:
        """Keep entries as new posts, and say how many another poll was not quicker with.

        `reasons` says of those that are held, by identity, why they are, and `like` the id of the
        post that each looks like, where that is known.
        """
        rows = [
            {
                "feed": feed,
                "identity": one.identity,
                "guid": one.entry.guid,
                "link": one.entry.link,
                "authors": list(one.entry.authors),
                "topics": list(one.entry.topics),
                "published": one.entry.published,
                "first_seen": first_seen,
                "backlog": backlog,
                "link_key": one.link_key,
                "link_shared": one.link_shared,
                "title_key": one.title_key,
                "text_key": one.text_key,
                "held_since": first_seen if one.identity in reasons else None,
                "held_reason": reasons.get(one.identity, ""),
                "held_like": like.get(one.identity),
                "full_text": one.entry.full_text,
                "page_image": one.entry.page_image,
                **changeable(one.entry),
            }
            for one in new
        ]
        return insert_new(self._connection, posts, rows)

    def numbers(
        self, feed: str, identities: Collection[str], *, first_seen: datetime
    ) -> dict[str, int]:
        """Identity to number, of those posts of a feed that were first seen at that moment."""
        query = sa.select(posts.c.identity, posts.c.id).where(
            posts.c.feed == feed,
            posts.c.identity.in_(list(identities)),
            posts.c.first_seen == first_seen,
        )
        found: dict[str, int] = dict(self._connection.execute(query).all())
        return found

    def revise(self, edits: Sequence[PostUpdate], *, now: datetime) -> int:
        """Replace posts' texts with what the feed says now, and keep the texts that were.

        How many: those that another poll was quicker with are left to it.
        """
        if not edits:
            return 0
        same = sa.and_(posts.c.id == sa.bindparam("of"), posts.c.revision == sa.bindparam("was"))
        revised = self._connection.execute(
            posts.update().where(same),
            [
                {
                    "of": edit.post.id,
                    "was": edit.post.revision,
                    "revision": edit.post.revision + 1,
                    "published": edit.published,
                    "link": edit.to.entry.link if edit.moves else edit.post.link,
                    "link_key": edit.to.link_key if edit.moves else edit.link_key,
                    "title_key": edit.to.title_key,
                    "text_key": edit.to.text_key,
                    **changeable(edit.to.entry),
                }
                for edit in edits
            ],
            execution_options={"preserve_rowcount": True},
        )
        earlier = [
            {
                "post_id": edit.post.id,
                "revision": edit.post.revision,
                "replaced_at": now,
                "title": edit.post.title,
                "summary": edit.post.summary,
                "content": edit.post.content,
            }
            for edit in edits
        ]
        insert_new(self._connection, revisions, earlier)
        return revised.rowcount

    def get(self, post_id: int, *, lock: bool = False) -> Post:
        """A post by its id; raises NotFound.

        With `lock`, nobody else who asks so goes on before this transaction ends.
        """
        query = sa.select(posts).where(posts.c.id == post_id)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound(f"post {post_id}: not known - see 'dispatch posts list'")
        return to_post(row)

    def held(self, *, feed: str | None = None) -> list[Post]:
        """The posts about which a person has to decide, by feed, newest first."""
        query = (
            sa.select(posts)
            .where(posts.c.held_since.is_not(None), posts.c.decision == "")
            .order_by(posts.c.feed, posts.c.id.desc())
        )
        if feed:
            query = query.where(posts.c.feed == feed)
        return [to_post(row) for row in self._connection.execute(query)]

    def hold(self, ids: Collection[int], *, reason: str, now: datetime) -> int:
        """Have a person decide about these posts, also where one had decided before; how many.

        What was dropped stays so.
        """
        given = {"ids": packed(sorted(ids), self._connection.dialect)}
        statement = (
            posts.update()
            .where(
                one_of(posts.c.id, "ids", self._connection.dialect),
                posts.c.decision != Decision.DROPPED.value,
            )
            .values(
                held_since=now,
                held_reason=reason,
                held_like=None,
                decision="",
                decided_by="",
                decided_at=None,
            )
        )
        return self._connection.execute(statement, given).rowcount

    def decide(self, ids: Collection[int], decision: Decision, *, by: str, now: datetime) -> None:
        """Note what a person said about held posts."""
        given = {"ids": packed(sorted(ids), self._connection.dialect)}
        statement = (
            posts.update()
            .where(one_of(posts.c.id, "ids", self._connection.dialect))
            .values(decision=decision.value, decided_by=by, decided_at=now)
        )
        self._connection.execute(statement, given)

    def undecide(self, ids: Collection[int]) -> None:
        """Forget what a person said about held posts."""
        given = {"ids": packed(sorted(ids), self._connection.dialect)}
        statement = (
            posts.update()
            .where(one_of(posts.c.id, "ids", self._connection.dialect))
            .values(decision="", decided_by="", decided_at=None)
        )
        self._connection.execute(statement, given)

    def unused(
        self,
        campaign: str,
        feeds: Sequence[str],
        *,
        limit: int = 1000,
        among: Collection[int] | None = None,
    ) -> list[Post]:
        """The newest posts of these feeds whose story no edition of the campaign has.

        With `among`, only posts with these ids. The same story in another feed is the same story.
        A rejected edition publishes nothing.
        """
        used, is_published = _published(campaign)
        query = (
            sa.select(posts)
            .where(posts.c.feed.in_(feeds), posts.c.id.not_in(used), ~is_published)
            .order_by(posts.c.id.desc())
            .limit(limit)
        )
        if among is not None:
            query = query.where(posts.c.id.in_(among))
        found = [to_post(row) for row in self._connection.execute(query)]
        if len(feeds) == 1:
            return found
        names = {post.id: story_names(post) for post in found}
        published = self._published_like(found, used)
        return [post for post in found if not published.elsewhere(post.feed, names[post.id])]

    def news(self, campaign: str, since: Mapping[str, datetime]) -> set[int]:
        """The ids of all posts that an edition of the campaign may have some day.

        `since` is from when on it follows each feed.
        """
        used, is_published = _published(campaign)
        followed = [
            sa.and_(posts.c.feed == feed, posts.c.first_seen >= moment)
            for feed, moment in since.items()
        ]
        query = sa.select(posts.c.id).where(
            sa.or_(sa.false(), *followed),
            posts.c.first_seen >= min(since.values(), default=NEVER),  # which is in an index
            ~posts.c.backlog,
            posts.c.decision != Decision.DROPPED.value,
            posts.c.id.not_in(used),
            ~is_published,
        )
        return set(self._connection.scalars(query))

    def with_published_stories(
        self, campaign: str, feeds: Sequence[str], *, after: datetime
    ) -> list[tuple[Post, str]]:
        """Posts that came later than `after`, and whose story was published already.

        With each the feed of the post in that edition. What was in a feed before the first poll is
        left out.
        """
        used, is_published = _published(campaign)
        query = (
            sa.select(posts, is_published.label("by_link"))
            .where(
                posts.c.feed.in_(feeds),
                posts.c.id.not_in(used),
                posts.c.first_seen > after,
                ~posts.c.backlog,
            )
            .order_by(posts.c.id)
        )
        rows = self._connection.execute(query).all()
        found = [to_post(row) for row in rows]
        published = self._published_like(found, used)
        by = [published.elsewhere(post.feed, story_names(post)) for post in found]
        return [
            (post, other or post.feed)
            for post, row, other in zip(found, rows, by, strict=True)
            if other or row.by_link
        ]

    def _published_like(self, found: list[Post], used: sa.Select[tuple[int]]) -> AlreadyPublished:
        """The stories of those used posts that may be the same as one of these."""
        links = {canonical(post.link) for post in found} - {""}
        guids = {post.guid for post in found} | {post.link for post in found}
        titles = {title_key(post.title) for post in found} - {""}
        query = sa.select(posts).where(
            posts.c.id.in_(used),
            sa.or_(
                posts.c.link_key.in_(links),
                posts.c.guid.in_(guids - {""}),
                posts.c.title_key.in_(titles),
            ),
        )
        published = AlreadyPublished()
        for row in self._connection.execute(query) if found else ():
            post = to_post(row)
            published.add(post.feed, story_names(post))
        return published

    def meet_again(self, *, now: datetime) -> None:
        """Say of posts that a clock met which was far ahead by then that we have met them now."""
        sooner = (  # found at once: what we met last has the highest ids
            sa.select(posts.c.id)
            .where(posts.c.first_seen <= now + SKEW)
            .order_by(posts.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        self._connection.execute(
            posts.update()
            .where(posts.c.id > sa.func.coalesce(sooner, 0), posts.c.first_seen > now + SKEW)
            .values(first_seen=now)
        )

    def some(self, ids: Collection[int], *, lock: bool = False) -> list[Post]:
        """The posts with these ids, of those that are there; `lock` is as in `get`."""
        query = sa.select(posts).where(one_of(posts.c.id, "ids", self._connection.dialect))
        if lock:
            # In one order, so that two who ask for the same posts do not wait for each other.
            query = query.order_by(posts.c.id).with_for_update()
        given = {"ids": packed(sorted(ids), self._connection.dialect)}
        return [to_post(row) for row in self._connection.execute(query, given)]

    def latest(self, *, feed: str | None = None, text: str = "", limit: int = 50) -> list[Post]:
        """The posts we met last, newest first; with a text in their title or link."""
        query = sa.select(posts).order_by(posts.c.first_seen.desc(), posts.c.id.desc())
        if feed:
            query = query.where(posts.c.feed == feed)
        if text:
            query = query.where(sa.or_(contains(posts.c.title, text), contains(posts.c.link, text)))
        return [to_post(row) for row in self._connection.execute(query.limit(limit))]

    def seen(self, feed: str) -> set[str]:
        """The guids and links of a feed's posts."""
        query = sa.select(posts.c.guid, posts.c.link).where(posts.c.feed == feed)
        return {name for row in self._connection.execute(query) for name in row if name}

    def counts(self) -> Mapping[str, int]:
        """Feed name to the number of its posts."""
        query = sa.select(posts.c.feed, sa.func.count()).group_by(posts.c.feed)
        return dict(self._connection.execute(query).all())


def _published(campaign: str) -> tuple[sa.Select[tuple[int]], sa.ColumnElement[bool]]:
    """The posts that a campaign has used, and whether a post has, or had, one of their links."""
    published = posts.alias()
    stands = editions.c.state.not_in((EditionState.REJECTED.value, EditionState.DRAFT.value))
    # What a letter tells is told for all. Two questions, of which an index answers the large one.
    of = sa.union_all(
        sa.select(editions.c.id).where(editions.c.campaign == campaign, stands),
        sa.select(editions.c.id).where(editions.c.family == TOLD, stands),
    )
    used = (
        sa.select(published.c.id, published.c.link_key, published.c.link_shared)
        .join(edition_posts, edition_posts.c.post_id == published.c.id)
        .where(edition_posts.c.edition_id.in_(of))
        .cte()
    )
    ids = sa.select(used.c.id)
    links = sa.union(
        sa.select(used.c.link_key).where(used.c.link_key != "", ~used.c.link_shared),
        sa.select(aliases.c.name).where(aliases.c.post_id.in_(ids)),
    )
    links_once = sa.select(aliases.c.post_id).where(aliases.c.name.in_(links))
    has_link = sa.or_(posts.c.link_key.in_(links), posts.c.id.in_(links_once))
    return ids, sa.and_(~posts.c.link_shared, has_link)
