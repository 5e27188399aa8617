"""Posts as the team's pages list them: by what has become of them, a page at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from dispatch.clock import Timer, system_timer
from dispatch.model.editions.edition import NOT_SENT, EditionState
from dispatch.model.intake.post import Decision
from dispatch.model.intake.post_state import (
    GONE_OUT,
    ListedPost,
    PostRun,
    PostState,
    PostUse,
    Revision,
)
from dispatch.store.database.alike import contains
from dispatch.store.database.look_through import Sought, look_through
from dispatch.store.database.schema import (
    choices,
    edition_posts,
    editions,
    feeds,
    posts,
    revisions,
    runs,
)
from dispatch.store.intake.post_rows import hold_of

COUNTED = 1_000
"""Up to so many are counted: more is as much."""

SEARCHED = 20_000
"""Posts in which a text is looked for: no index finds it."""

MOST_HELD = 1_900
"""A form that decides about all of them has no more fields."""

_LISTED = (
    posts.c.id,
    posts.c.feed,
    posts.c.title,
    posts.c.link,
    posts.c.published,
    posts.c.first_seen,
    posts.c.backlog,
    posts.c.revision,
    posts.c.held_since,
    posts.c.held_reason,
    posts.c.held_like,
    posts.c.decision,
    posts.c.decided_by,
    posts.c.decided_at,
)

_FIRST = sa.bindparam("first", type_=posts.c.id.type)


class Inbox:
    """Reads only. What waits is found by indices that have no texts."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(
        self,
        state: PostState | None,
        *,
        since: datetime,
        known: Collection[str] | None = None,
        feed: str = "",
        text: str = "",
        before: int = 0,
        most: int = 50,
    ) -> list[ListedPost]:
        """The newest posts in a state, or all, those we met last first.

        Of one `feed`, or of those that are `known`, or of all. Those that wait are looked for as
        far back as `since`, a `text` in the title or link of the newest SEARCHED posts. `before`
        is the id of a post.
        """
        query = self._ids(state, known, since=since, feed=feed, before=before)
        if text:
            newest = sa.select(sa.func.max(posts.c.id)).scalar_subquery()
            query = query.where(posts.c.id > newest - SEARCHED)
            query = query.where(sa.or_(contains(posts.c.title, text), contains(posts.c.link, text)))
        ids: list[int] = list(self._connection.scalars(query.limit(most)))
        return sorted(self.some(ids), key=lambda post: ids.index(post.id))

    def sought(
        self,
        state: PostState,
        *,
        since: datetime,
        known: Collection[str] | None = None,
        feed: str = "",
        before: int = 0,
        most: int = 50,
        timer: Timer = system_timer,
    ) -> Sought[ListedPost]:
        """The posts in a state, by id, the highest first, as far as there is time to look."""
        newest = self._connection.scalar(sa.select(sa.func.max(posts.c.id))) or 0
        asked = self._ids(state, known, since=since, feed=feed, first=_FIRST).order_by(None)

        def find(top: int, bottom: int, number: int) -> list[ListedPost]:
            query = asked.where(posts.c.id <= top, posts.c.id >= _FIRST)
            query = query.order_by(posts.c.id.desc()).limit(number)
            rows = self._connection.execute(query, {"first": bottom + 1})
            return sorted(self.some([row.id for row in rows]), key=attrgetter("id"), reverse=True)

        return look_through(find, newest, before=before, most=most, timer=timer)

    def latest(self, feed: str, *, most: int) -> list[ListedPost]:
        """The newest posts of a feed: what came last, in the feed's own order."""
        query = sa.select(posts.c.id).where(posts.c.feed == feed)
        query = query.order_by(posts.c.first_seen.desc(), posts.c.id).limit(most)
        ids: list[int] = list(self._connection.scalars(query))
        return sorted(self.some(ids), key=lambda post: ids.index(post.id))

    def counts(
        self,
        *,
        since: datetime,
        known: Collection[str] | None = None,
        told: Mapping[PostState, int] = MappingProxyType({}),
    ) -> Mapping[PostState, int]:
        """How many wait, for a run or for a person, or are in an edition; no more than COUNTED.

        Those that wait for a run are of the `known` feeds. What is `told` is not counted.
        """
        asked = {PostState.NEW: known, PostState.HELD: None, PostState.EDITION: None}
        return {
            state: self._number(self._ids(state, of, since=since))
            for state, of in asked.items()
            if state not in told
        } | dict(told)

    def waiting(self, feed: str, *, since: datetime) -> int:
        """How many posts of a feed wait for an edition."""
        return self._number(self._ids(PostState.NEW, None, since=since, feed=feed))

    def some(self, ids: Collection[int]) -> list[ListedPost]:
        """The posts with these ids, in no order."""
        rows = self._connection.execute(sa.select(*_LISTED).where(posts.c.id.in_(ids)))
        return [_listed(row) for row in rows]

    def held(self, feed: str = "") -> list[tuple[ListedPost, ListedPost | None]]:
        """The posts about which a person has to decide, newest first, and what each looks like."""
        query = sa.select(*_LISTED).where(_is_held())
        if feed:
            query = query.where(posts.c.feed == feed)
        query = query.order_by(posts.c.id.desc()).limit(MOST_HELD)
        found = [_listed(row) for row in self._connection.execute(query)]
        like = {post.id: post for post in self.some({one.like for one in found if one.like})}
        return [(post, like.get(post.like or 0)) for post in found]

    def uses(self, ids: Collection[int]) -> Mapping[int, list[PostUse]]:
        """Post id to the editions that it is in, the latest first."""
        query = (
            sa.select(
                edition_posts.c.post_id,
                editions.c.id,
                editions.c.campaign,
                editions.c.slot,
                editions.c.state,
            )
            .join(editions, editions.c.id == edition_posts.c.edition_id)
            .where(
                edition_posts.c.post_id.in_(ids),
                editions.c.state != EditionState.REJECTED.value,
                editions.c.welcome_of == "",
            )
            .order_by(editions.c.number.desc())
        )
        found: dict[int, list[PostUse]] = defaultdict(list)
        for row in self._connection.execute(query):
            use = PostUse(row.id, row.campaign, row.slot, EditionState(row.state))
            found[row.post_id].append(use)
        return found

    def runs(self, post_id: int, *, most: int = 50) -> list[PostRun]:
        """The runs that looked at a post, the latest first."""
        query = (
            sa.select(
                runs.c.id,
                runs.c.campaign,
                runs.c.slot,
                runs.c.edition_id,
                choices.c.included,
                choices.c.reason,
            )
            .join(runs, runs.c.id == choices.c.run_id)
            .where(choices.c.post_id == post_id)
            .order_by(choices.c.run_id.desc())
            .limit(most)
        )
        return [
            PostRun(row.id, row.campaign, row.slot, row.included, row.reason, row.edition_id)
            for row in self._connection.execute(query)
        ]

    def revisions(self, post_id: int, *, most: int = 20) -> list[Revision]:
        """What a post said before, the latest first."""
        query = (
            sa.select(revisions)
            .where(revisions.c.post_id == post_id)
            .order_by(revisions.c.revision.desc())
            .limit(most)
        )
        return [
            Revision(row.revision, row.replaced_at, row.title, row.content or row.summary)
            for row in self._connection.execute(query)
        ]

    def moments(
        self, names: Collection[str], *, since: datetime
    ) -> Mapping[str, Sequence[datetime]]:
        """Feed name to when each of its posts was published, of those that came `since`."""
        query = sa.select(posts.c.feed, posts.c.published, posts.c.first_seen).where(
            posts.c.first_seen >= since, posts.c.feed.in_(names)
        )
        found: dict[str, list[datetime]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row.feed].append(min(row.published or row.first_seen, row.first_seen))
        return found

    def number(self, feed: str) -> int:
        """How many posts of a feed there are."""
        query = sa.select(sa.func.count()).select_from(posts).where(posts.c.feed == feed)
        return self._connection.scalar(query) or 0

    def _ids(
        self,
        state: PostState | None,
        known: Collection[str] | None,
        *,
        since: datetime,
        feed: str = "",
        before: int = 0,
        first: sa.BindParameter[int] | None = None,
    ) -> sa.Select[tuple[int]]:
        """`first` is for who asks for posts from that id on alone."""
        query = sa.select(posts.c.id)
        if feed:
            query = query.where(posts.c.feed == feed)
        elif known is not None and (removed := self._removed(known)):
            query = query.where(posts.c.feed.not_in(removed))
        if state is PostState.NEW:
            lowest = self._first_id(since) if first is None else first
            query = query.where(posts.c.first_seen >= since, *_waits(lowest))
            query = query.order_by(posts.c.first_seen.desc(), posts.c.id)
            return query.where(*self._met_before(before)) if before else query
        if state is PostState.HELD:
            query = query.where(_is_held())
        elif state is PostState.DROPPED:
            held = posts.c.held_since.is_not(None)
            query = query.where(held, posts.c.decision == Decision.DROPPED.value)
        elif state is PostState.EDITION:
            query = query.where(posts.c.id.in_(_used(NOT_SENT)))
        elif state is PostState.TOLD:
            of = _used(GONE_OUT).where(edition_posts.c.post_id == posts.c.id)
            query = query.where(of.correlate(posts).exists())
        if before:
            query = query.where(posts.c.id < before)
        return query.order_by(posts.c.id.desc())

    def _first_id(self, since: datetime) -> int:
        # Of the bare id both databases would go through all posts from the first one on.
        first = sa.select(sa.func.min(posts.c.id + 0)).where(posts.c.first_seen >= since)
        return self._connection.scalar(first) or 0

    def _removed(self, known: Collection[str]) -> list[str]:
        """The feeds that are not known any more: to name them is quicker than all others."""
        return sorted(set(self._connection.scalars(sa.select(feeds.c.name))) - set(known))

    def _met_before(self, post_id: int) -> list[sa.ColumnElement[bool]]:
        met = self._connection.scalar(sa.select(posts.c.first_seen).where(posts.c.id == post_id))
        if met is None:
            return [posts.c.id < post_id]
        same = sa.and_(posts.c.first_seen == met, posts.c.id > post_id)
        return [posts.c.first_seen <= met, sa.or_(posts.c.first_seen < met, same)]

    def _number(self, query: sa.Select[tuple[int]]) -> int:
        some = query.order_by(None).limit(COUNTED).subquery()
        return self._connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _is_held() -> sa.ColumnElement[bool]:
    return sa.and_(posts.c.held_since.is_not(None), posts.c.decision == "")


def _waits(first_id: int | sa.BindParameter[int]) -> list[sa.ColumnElement[bool]]:
    """No edition has it, nobody has to decide about it, and it came as news.

    Of all that editions have, PostgreSQL need not look at posts with lower ids than `first_id`.
    """
    decided = posts.c.decision == Decision.RELEASED.value
    # Those that are rejected are few, and looked up once; the others would be for each post.
    rejected = sa.select(editions.c.id).where(editions.c.state == EditionState.REJECTED.value)
    used = (
        sa.select(edition_posts.c.post_id)
        .where(
            edition_posts.c.post_id == posts.c.id,
            edition_posts.c.post_id >= first_id,
            edition_posts.c.edition_id.not_in(rejected),
        )
        .correlate(posts)
    )
    return [
        posts.c.backlog.is_(False),
        sa.or_(posts.c.held_since.is_(None), decided),
        ~used.exists(),
    ]


def _used(states: Collection[EditionState]) -> sa.Select[tuple[int]]:
    return (
        sa.select(edition_posts.c.post_id)
        .join(editions, editions.c.id == edition_posts.c.edition_id)
        .where(editions.c.state.in_([state.value for state in states]))
    )


def _listed(row: Any) -> ListedPost:
    return ListedPost(
        id=row.id,
        feed=row.feed,
        title=row.title,
        link=row.link,
        published=row.published,
        first_seen=row.first_seen,
        backlog=row.backlog,
        revision=row.revision,
        hold=hold_of(row),
        like=row.held_like,
    )
