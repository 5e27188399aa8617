"""Posts that somebody picks into a letter: of any feed, told already or not."""

from collections.abc import Iterable, Sequence

from dispatch.errors import Conflict
from dispatch.model.editions.edition import EditionContent, FeedTitle
from dispatch.model.intake.post import Post
from dispatch.store.transactions import Transaction


def picked(wanted: Iterable[int], tx: Transaction) -> list[Post]:
    """The posts with these ids as readers get them; raises Conflict if one cannot be used."""
    found = []
    for post_id in wanted:
        post = tx.posts.get(post_id)
        if not post.is_usable:
            problem = f"is held or dropped - 'dispatch posts release {post_id}' lets it be used"
            raise Conflict(f"post {post_id}: {problem}")
        found.append(post.whole)
    return found


def feeds_of(
    content: EditionContent, posts: Sequence[Post], tx: Transaction
) -> tuple[FeedTitle, ...]:
    """The feeds that its posts are from, in the order of reading, with their own titles."""
    known = {one.name: one for one in content.feeds}
    found = []
    for name in dict.fromkeys(post.feed for post in posts):
        if name not in known:
            title, link = tx.feeds.told(name)
            known[name] = FeedTitle(name, title or name, link)
        found.append(known[name])
    return tuple(found)
