"""Decide about posts that are held: release them for the next edition, or drop them for good."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.intake.post import Decision, Post
from dispatch.model.text.plain_text import shorten
from dispatch.pipeline.intake.tell import tell_of_posts
from dispatch.store.transactions import Store, Transaction

LONGEST_TITLE = 120

_ACTS = {Decision.RELEASED: "post.release", Decision.DROPPED: "post.drop"}


def decide_posts(
    ids: Sequence[int],
    decision: Decision,
    *,
    by: str,
    store: Store,
    clock: Clock,
    seen: str | None = None,
) -> list[Post]:
    """Note for all of these posts, or none, what a person said: `by` is who.

    A released post is used like any other from then on; a dropped one never. What was decided can
    be decided otherwise later, which takes nothing back that has gone out. `seen` is what was
    decided when that person looked, or empty; None: they did not. Raises NotFound, and
    Conflict for a post that never was held, or about which somebody has decided since they looked.
    """
    wanted = list(dict.fromkeys(ids))
    with store.begin() as tx:
        found = {post.id: post for post in tx.posts.some(wanted, lock=True)}
        for post_id in wanted:
            post = found.get(post_id) or tx.posts.get(post_id)  # which says that it is not known
            _check(post, seen, decision)
        undecided = [post for post in found.values() if not _is_so(post, seen, decision)]
        _note(undecided, decision, by=by, now=clock(), tx=tx)
        decided = {post.id: post for post in tx.posts.some(wanted)}
    return [decided[post_id] for post_id in wanted]


def _note(
    posts: Sequence[Post], decision: Decision, *, by: str, now: datetime, tx: Transaction
) -> None:
    tx.posts.decide([post.id for post in posts], decision, by=by, now=now)
    for post in posts:
        if decision is Decision.RELEASED:
            tx.names.part(post)
        detail = {"feed": post.feed, "title": shorten(post.title, LONGEST_TITLE)}
        tx.audit.add(_ACTS[decision], by=by, now=now, kind="post", subject=str(post.id), **detail)
    if decision is Decision.RELEASED:
        tell_of_posts(posts, tx=tx, now=now)
    tx.news.note({post.feed for post in posts})


def _check(post: Post, seen: str | None, wanted: Decision) -> None:
    hold = post.hold
    if hold is None:
        raise Conflict(f"post {post.id}: is not held - see 'dispatch posts held'")
    if seen is None or hold.decision is None or hold.decision.value in (seen, wanted.value):
        return
    raise Conflict(
        f"post {post.id}: was {hold.decision} by {hold.by} since you looked - look at it again"
    )


def _is_so(post: Post, seen: str | None, wanted: Decision) -> bool:
    """Whether somebody has said the same since this person looked: it was them, then."""
    return seen is not None and post.hold is not None and post.hold.decision is wanted
