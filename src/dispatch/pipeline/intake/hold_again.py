"""Take back what was said about posts: they wait for somebody to say it anew."""

from collections.abc import Sequence

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.intake.post import Decision, Post
from dispatch.model.text.plain_text import shorten
from dispatch.pipeline.intake.decide_posts import LONGEST_TITLE
from dispatch.store.transactions import Store


def hold_again(
    ids: Sequence[int], decision: Decision, *, by: str, store: Store, clock: Clock
) -> list[Post]:
    """Have all of these posts held as before `decision`, or none; `by` is who takes it back.

    Raises NotFound, and Conflict for a post about which something else was decided since, or that
    an edition has by now.
    """
    wanted = list(dict.fromkeys(ids))
    with store.begin() as tx:
        found = {post.id: post for post in tx.posts.some(wanted, lock=True)}
        posts = [found.get(one) or tx.posts.get(one) for one in wanted]
        uses = tx.inbox.uses(wanted)
        for post in posts:
            if post.hold is None or post.hold.decision not in (decision, None):
                raise Conflict(f"post {post.id}: is not {decision} any more - look at it again")
            if uses.get(post.id):
                edition = uses[post.id][0].edition_id[:8]
                advice = "take it out there, or reject the edition"
                raise Conflict(f"post {post.id}: edition {edition} has it by now - {advice}")
        decided = [post for post in posts if post.hold and post.hold.decision]
        tx.posts.undecide([post.id for post in decided])
        for post in decided:
            detail = {"feed": post.feed, "title": shorten(post.title, LONGEST_TITLE)}
            subject, now = str(post.id), clock()
            tx.audit.add("post.hold", by=by, now=now, kind="post", subject=subject, **detail)
        return posts
