"""Which posts an edition has from now on, and in which order."""

from collections.abc import Collection, Iterable, Sequence

from dispatch.errors import Conflict
from dispatch.model.editions.edition import Edition, EditionContent
from dispatch.model.editions.piece import Part, in_order
from dispatch.model.editions.run import Edit
from dispatch.model.intake.post import Post
from dispatch.pipeline.letters.posts import picked
from dispatch.store.transactions import Transaction


def parts_after(
    edition: Edition, *, drop: Collection[int], add: Iterable[int], tx: Transaction
) -> list[Part]:
    """The parts without the dropped posts; those that were added stand below the last post.

    So the words at the end stay the end. Raises Conflict for a post that cannot be used.
    """
    content = edition.content
    known = {post.id for post in content.posts}
    for post_id in drop:
        _check_in(edition, post_id, known)
    kept = [
        part
        for part in in_order(content.posts, content.pieces)
        if not (isinstance(part, Post) and part.id in drop)
    ]
    left = known.difference(drop)
    new = [one for one in dict.fromkeys(add) if one not in left]
    last = max((at + 1 for at, part in enumerate(kept) if isinstance(part, Post)), default=0)
    at = last or len(kept)
    return [*kept[:at], *_unused(edition, new, tx), *kept[at:]]


def reordered(parts: Sequence[Part], order: Iterable[int]) -> list[Part]:
    """The posts of `order` first, the others as they were; pieces stay where they stand."""
    by_id = {part.id: part for part in parts if isinstance(part, Post)}
    first = list(order)
    for post_id in first:
        _check_known(post_id, by_id)
    posts = iter([by_id[post_id] for post_id in dict.fromkeys((*first, *by_id))])
    return [next(posts) if isinstance(part, Post) else part for part in parts]


def pinned(parts: Sequence[Part], post_id: int) -> list[Part]:
    """With this post as the first one; pieces that stand before all posts still do."""
    posts = {part.id: part for part in parts if isinstance(part, Post)}
    _check_known(post_id, posts)
    rest = [part for part in parts if part != posts[post_id]]
    ahead = next((at for at, part in enumerate(parts) if isinstance(part, Post)), 0)
    return [*rest[:ahead], posts[post_id], *rest[ahead:]]


def edits_of_posts(
    before: EditionContent, after: EditionContent, pin: int | None
) -> list[tuple[int, Edit]]:
    """What was done to single posts, for the run log."""
    were, are = ({post.id for post in content.posts} for content in (before, after))
    done = [(post_id, Edit.DROPPED) for post_id in sorted(were - are)]
    done += [(post_id, Edit.ADDED) for post_id in sorted(are - were)]
    return done if pin is None else [*done, (pin, Edit.PINNED)]


def _unused(edition: Edition, wanted: Sequence[int], tx: Transaction) -> list[Post]:
    """The posts with these ids as readers get them; raises Conflict if one cannot be used."""
    if not wanted:
        return []
    if edition.content.letter is not None:
        return picked(wanted, tx)
    # Runs of the campaign ask for the same lock: no post is told twice.
    tx.feeds.followed_since(edition.campaign, lock=True)
    feeds = [feed.name for feed in edition.content.feeds]
    free = {post.id: post for post in tx.posts.unused(edition.campaign, feeds, among=wanted)}
    for post_id in wanted:
        post = tx.posts.get(post_id)
        if post.feed not in feeds:
            problem = f"is from feed '{post.feed}' - only the campaign's feeds go into it"
        elif not post.is_usable:
            problem = f"is held or dropped - 'dispatch posts release {post_id}' lets it be used"
        elif post_id not in free:
            told = "is in an edition of this campaign already, or its story is"
            problem = f"{told} - see 'dispatch editions list'"
        else:
            continue
        raise Conflict(f"post {post_id}: {problem}")
    return [free[post_id].whole for post_id in wanted]


def _check_known(post_id: int, known: Collection[int]) -> None:
    if post_id not in known:
        raise Conflict(f"post {post_id}: is not in the edition - see 'dispatch editions show'")


def _check_in(edition: Edition, post_id: int, known: Collection[int]) -> None:
    if post_id not in known:
        advice = f"see 'dispatch editions show {edition.id[:8]}'"
        raise Conflict(f"post {post_id}: is not in edition {edition.id[:8]} - {advice}")
