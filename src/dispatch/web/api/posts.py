"""Posts: lists by what has become of them, one post, and the say over those that are held."""

from collections.abc import Mapping, Sequence
from typing import Any

from dispatch.errors import NotFound
from dispatch.model.intake.post import Decision
from dispatch.model.intake.post_state import (
    WAITS_AT_MOST,
    ListedPost,
    PostState,
    PostUse,
)
from dispatch.model.team.role import Right
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.intake.hold_again import hold_again
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import behind, cursor_of, cut
from dispatch.web.api.feeds import followers
from dispatch.web.api.operation import Operation
from dispatch.web.api.shapes.posts import (
    DecidedPosts,
    HeldAgain,
    HoldShape,
    PostDecision,
    PostQuery,
    PostRunShape,
    Posts,
    PostShape,
    PostWhole,
    PostWord,
    RevisionShape,
    UseShape,
)

_LONGEST_ID = 18

SOUGHT = frozenset({PostState.NEW, PostState.HELD, PostState.TOLD, PostState.DROPPED})
"""States that no index finds; posts in an edition that waits are few."""


def list_posts(call: Call) -> Posts:
    """List posts by what has become of them, those that we met last first.

    By `state` a page may have fewer than `limit`, or none, and a `next` all the same: no index
    helps with that, and each page looks through some of them.
    """
    asked = call.query(PostQuery)
    after = behind(asked.cursor, int)
    state = None if asked.state == "all" else PostState(asked.state)
    feeds = call.app.workspace.feeds
    below = 0
    with call.app.store.read() as tx:
        said: dict[str, Any] = {
            "since": call.now - WAITS_AT_MOST,
            "known": feeds if state is PostState.NEW else None,
            "feed": asked.feed,
            "before": int(after[0]) if after else 0,
            "most": asked.limit + 1,
        }
        if state in SOUGHT and not asked.text:
            sought = tx.inbox.sought(state, **said)
            found, below = list(sought.items), sought.below
        else:
            found = tx.inbox.page(state, text=asked.text, **said)
        page, onward = cut(found, asked.limit, lambda post: (post.id,))
        onward = onward or (cursor_of(below) if below else None)
        uses = tx.inbox.uses([post.id for post in page])
    follow = followers(call)
    return Posts(items=[_shape(post, uses, follow) for post in page], next=onward)


def show_post(call: Call) -> PostWhole:
    """Show one post: what it says, said before, where it is, and what each run thought of it."""
    post_id = call.number("id")
    with call.app.store.read() as tx:
        found = tx.inbox.some([post_id])
        if not found:
            raise NotFound(f"post {post_id}: is not known - see the list")
        whole = tx.posts.get(post_id).whole
        uses = tx.inbox.uses([post_id])
        runs, revisions = tx.inbox.runs(post_id), tx.inbox.revisions(post_id)
    return PostWhole(
        **_shape(found[0], uses, followers(call)).model_dump(),
        summary=whole.summary,
        content=whole.content,
        authors=list(whole.authors),
        topics=list(whole.topics),
        image=whole.image.url if whole.image else "",
        image_alt=whole.image.alt if whole.image else "",
        language=whole.language,
        updated=whole.updated,
        runs=[
            PostRunShape(
                campaign=one.campaign,
                slot=one.slot,
                included=one.included,
                reason=one.reason,
                edition=one.edition_id,
            )
            for one in runs
        ],
        revisions=[
            RevisionShape(
                number=one.number, replaced_at=one.replaced_at, title=one.title, text=one.text
            )
            for one in revisions
        ],
    )


def release_posts(call: Call) -> DecidedPosts:
    """Say that held posts are news: the next edition may have them."""
    return _decide(call, Decision.RELEASED)


def drop_posts(call: Call) -> DecidedPosts:
    """Say that held posts are no news: no edition will have them."""
    return _decide(call, Decision.DROPPED)


def hold_posts(call: Call) -> DecidedPosts:
    """Take back what was decided: the posts wait for somebody to say it anew."""
    said, app = call.said(HeldAgain), call.app
    held = hold_again(
        _numbers(said.ids), Decision(said.seen), by=call.by, store=app.store, clock=app.clock
    )
    return DecidedPosts(ids=[str(post.id) for post in held])


def _decide(call: Call, decision: Decision) -> DecidedPosts:
    said, app = call.said(PostDecision), call.app
    decided = decide_posts(
        _numbers(said.ids),
        decision,
        by=call.by,
        store=app.store,
        clock=app.clock,
        seen=said.seen,
    )
    return DecidedPosts(ids=[str(post.id) for post in decided])


def _numbers(ids: Sequence[str]) -> list[int]:
    for one in ids:
        if not (one.isascii() and one.isdecimal() and len(one) <= _LONGEST_ID):
            raise NotFound(f"post {one[:40]}: is not known - see the list")
    return [int(one) for one in ids]


def _shape(
    post: ListedPost, uses: Mapping[int, Sequence[PostUse]], follow: Mapping[str, list[str]]
) -> PostShape:
    mine = uses.get(post.id, ())
    hold = post.hold
    return PostShape(
        id=str(post.id),
        feed=post.feed,
        title=post.title,
        link=post.link,
        state=_state(post, mine),
        published=post.published,
        first_seen=post.first_seen,
        revision=post.revision,
        hold=HoldShape(
            reason=hold.reason,
            since=hold.since,
            like=str(post.like) if post.like else None,
            decision=hold.decision.value if hold.decision else None,
            by=hold.by,
            at=hold.at,
        )
        if hold
        else None,
        editions=[
            UseShape(
                edition=one.edition_id,
                campaign=one.campaign,
                slot=one.slot,
                state=one.state.value,
            )
            for one in mine
        ],
        campaigns=follow.get(post.feed, []),
    )


def _state(post: ListedPost, uses: Sequence[PostUse]) -> PostWord:
    if post.awaits_decision:
        return "held"
    if any(use.told for use in uses):
        return "told"
    if uses:
        return "edition"
    if post.is_dropped:
        return "dropped"
    return "backlog" if post.backlog else "new"


OPERATIONS = (
    Operation("GET", "/posts", list_posts, Right.LOOK, gives=Posts, query=PostQuery),
    Operation("GET", "/posts/{id}", show_post, Right.LOOK, gives=PostWhole, may=(404,)),
    *(
        Operation(
            "POST",
            f"/posts/{handler.__name__.removesuffix('_posts')}",
            handler,
            Right.DECIDE_POSTS,
            gives=DecidedPosts,
            takes=takes,
            may=(404, 409),
        )
        for handler, takes in (
            (release_posts, PostDecision),
            (drop_posts, PostDecision),
            (hold_posts, HeldAgain),
        )
    ),
)
