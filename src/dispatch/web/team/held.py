"""Held posts as they are decided about: beside what they look like, and all of a move at once."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from dispatch.model.intake.post import Post
from dispatch.model.intake.post_state import ListedPost, PostUse
from dispatch.model.text.differences import (
    Common,
    Part,
    excerpts,
    in_common,
    marked,
    words_of,
)
from dispatch.store.transactions import Transaction

MOVED = 3
"""So many of one feed, all from one site to another, are one question."""

NOTHING = Common(0, 0)

Pair = tuple[ListedPost, ListedPost | None]
Sides = tuple[list[Part], list[Part]]
"""The post from before, and the one that is held."""


@dataclass(frozen=True, slots=True)
class Card:
    """One held post; what it looks like stands beside it where that is known."""

    post: ListedPost
    authors: str
    text: str
    like: ListedPost | None = None
    like_authors: str = ""
    use: PostUse | None = None
    titles: Sides = ([], [])
    links: Sides = ([], [])
    texts: Sides = ([], [])
    common: Common = NOTHING

    @property
    def same_text(self) -> bool:
        """Whether nothing of the text is new, so that dropping it is the likelier answer."""
        return self.common.same

    @property
    def same_title(self) -> bool:
        """Whether both have one title."""
        return not any(part.differs for side in self.titles for part in side)


@dataclass(frozen=True, slots=True)
class Move:
    """Held posts of one feed which all look like ones that it had at another site.

    `total` is how many of the feed are held.
    """

    feed: str
    before: str
    now: str
    pairs: tuple[tuple[ListedPost, ListedPost], ...]
    total: int

    @property
    def ids(self) -> list[int]:
        """The held ones."""
        return [post.id for post, _ in self.pairs]


def moves_and_rest(pairs: Sequence[Pair]) -> tuple[list[Move], list[Pair]]:
    """The moves among held posts, and those that are questions of their own."""
    groups: dict[tuple[str, str, str], list[tuple[ListedPost, ListedPost]]] = defaultdict(list)
    for post, like in pairs:
        if like is not None and (sites := (_site(like.link), _site(post.link))) and all(sites):
            groups[post.feed, *sites].append((post, like))
    held = Counter(post.feed for post, _ in pairs)
    moves = [
        Move(feed, before, now, tuple(found), held[feed])
        for (feed, before, now), found in groups.items()
        if before != now and len(found) >= MOVED
    ]
    moved = {post_id for move in moves for post_id in move.ids}
    return moves, [pair for pair in pairs if pair[0].id not in moved]


def cards(
    pairs: Sequence[Pair], uses: Mapping[int, Sequence[PostUse]], *, tx: Transaction
) -> list[Card]:
    """What people see of held posts, with the texts of both."""
    ids = {one.id for pair in pairs for one in pair if one is not None}
    texts = {post.id: post.whole for post in tx.posts.some(ids)}
    return [
        _card(post, like, texts, uses) for post, like in pairs if post.id in texts
    ]  # those that are gone since have no text


def _card(
    post: ListedPost,
    like: ListedPost | None,
    texts: Mapping[int, Post],
    uses: Mapping[int, Sequence[PostUse]],
) -> Card:
    mine = texts[post.id]
    words = words_of(mine.content or mine.summary)
    if like is None or like.id not in texts:
        return Card(post, ", ".join(mine.authors), " ".join(excerpts(words, words)[0]))
    its = texts[like.id]
    other = words_of(its.content or its.summary)
    before, now = excerpts(other, words)
    return Card(
        post,
        ", ".join(mine.authors),
        "",
        like,
        ", ".join(its.authors),
        next(iter(uses.get(like.id, ())), None),
        titles=marked(like.title.split(), post.title.split()),
        links=marked(short(like.link).split("/"), short(post.link).split("/"), "/"),
        texts=marked(before, now),
        common=in_common(words, other),
    )


def short(link: str) -> str:
    """A link as people read it.

    >>> short("https://www.blog.example/2026/a-post/")
    'blog.example/2026/a-post'
    """
    return link.partition("://")[2].removeprefix("www.").rstrip("/") or link


def _site(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
