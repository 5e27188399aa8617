"""The posts of an edition, and those that were left out, as its page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.model.editions.run import Run, RunPost
from dispatch.model.intake.post import Post
from dispatch.web.team.review.desk import Desk

MOST_LEFT_OUT = 30
"""A run may have passed over an archive: the run log has all of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A post in it. `picture` is an address over https, or empty."""

    id: int
    title: str
    feed: str
    authors: str
    day: datetime
    picture: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A post that is not: `why` is the run's reason, in English, then what people did.

    `can` says what can be done about it: `add`, `decide`, or nothing.
    """

    id: int
    title: str
    feed: str
    why: str
    dropped_by: str = ""
    dropped_at: datetime | None = None
    can: str = ""


def rows_of(desk: Desk) -> list[Row]:
    """In the order of reading."""
    feeds = {feed.name: feed.title or feed.name for feed in desk.edition.content.feeds}
    return [
        Row(
            id=post.id,
            title=post.title or post.link,
            feed=feeds.get(post.feed, post.feed),
            authors=", ".join(post.authors[:3]),
            day=post.published or post.first_seen,
            picture=_picture(post),
        )
        for post in desk.edition.content.posts
    ]


def _picture(post: Post) -> str:
    url = post.image.url if post.image else ""
    return url if url.startswith("https://") else ""


def left_out(desk: Desk, run: Run | None) -> tuple[list[LeftOut], int]:
    """The newest that the run looked at and that are not in it, what can be added first.

    And how many more there are.
    """
    inside = {post.id for post in desk.edition.content.posts}
    outside = [one for one in (run.posts or () if run else ()) if one.id not in inside]
    outside.sort(key=lambda one: -one.id)
    more = max(0, len(outside) - MOST_LEFT_OUT)
    outside = outside[:MOST_LEFT_OUT]
    if not outside:
        return [], 0
    ids = [one.id for one in outside]
    feeds = [feed.name for feed in desk.edition.content.feeds]
    with desk.visit.app.store.read() as tx:
        free = {
            post.id
            for post in tx.posts.unused(desk.edition.campaign, feeds, among=ids)
            if post.is_usable
        }
        held = {post.id for post in tx.posts.some(ids) if post.awaits_decision}
    rows = list(_rows(outside, free, held))
    rows.sort(key=lambda row: ("add", "decide", "").index(row.can))
    return rows, more


def _rows(outside: Sequence[RunPost], free: set[int], held: set[int]) -> Iterator[LeftOut]:
    for one in outside:
        last = one.edits[-1] if one.edits else None
        yield LeftOut(
            id=one.id,
            title=one.title or one.link,
            feed=one.feed,
            why=one.reason,
            dropped_by=last.by if last else "",
            dropped_at=last.at if last else None,
            can="add" if one.id in free else "decide" if one.id in held else "",
        )
