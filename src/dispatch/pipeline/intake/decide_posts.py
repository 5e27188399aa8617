"""Decide about posts that are held: release them for the next edition, or drop them for good."""

from collections.abc import Sequence

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.intake.post import Decision, Post
from dispatch.store.transactions import Store


def decide_posts(
    ids: Sequence[int], decision: Decision, *, by: str, store: Store, clock: Clock
) -> list[Post]:
    """Note for all of these posts, or none, what a person said: `by` is who.

    A released post is used like any other from then on; a dropped one never. What was decided can
    be decided otherwise later, which takes nothing back that has gone out. Raises NotFound, and
    Conflict for a post that never was held.
    """
    decided = []
    with store.begin() as tx:
        for post_id in dict.fromkeys(ids):
            post = tx.posts.get(post_id, lock=True)
            if post.hold is None:
                raise Conflict(f"post {post_id}: is not held - see 'dispatch posts held'")
            tx.posts.decide(post, decision, by=by, now=clock())
            if decision is Decision.RELEASED:
                tx.names.part(post)
            decided.append(tx.posts.get(post_id))
        tx.news.note({post.feed for post in decided})
    return decided
