"""Decide about posts that are held: release them for the next edition, or drop them for good."""

from collections.abc import Sequence

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.intake.post import Decision, Hold, Post
from dispatch.model.text.plain_text import shorten
from dispatch.store.transactions import Store

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
    decided = []
    with store.begin() as tx:
        for post_id in dict.fromkeys(ids):
            post = tx.posts.get(post_id, lock=True)
            if post.hold is None:
                raise Conflict(f"post {post_id}: is not held - see 'dispatch posts held'")
            if seen is not None:
                _check_seen(post, post.hold, seen, decision)
            now = clock()
            tx.posts.decide(post, decision, by=by, now=now)
            if decision is Decision.RELEASED:
                tx.names.part(post)
            act, title = _ACTS[decision], shorten(post.title, LONGEST_TITLE)
            tx.audit.add(
                act, by=by, now=now, kind="post", subject=str(post.id), feed=post.feed, title=title
            )
            decided.append(tx.posts.get(post_id))
        tx.news.note({post.feed for post in decided})
    return decided


def _check_seen(post: Post, hold: Hold, seen: str, wanted: Decision) -> None:
    if hold.decision is None or hold.decision.value in (seen, wanted.value):
        return
    raise Conflict(
        f"post {post.id}: was {hold.decision} by {hold.by} since you looked - look at it again"
    )
