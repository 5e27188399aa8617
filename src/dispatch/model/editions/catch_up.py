"""What readers get who have changed their cadence: nothing twice, and nothing missed."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import timedelta

REACH = timedelta(days=62)
"""How far back an edition catches up: two months of the longest cadence."""

MOST_CAUGHT_UP = 50
"""At most so many posts are added for one reader, the newest; a mail has to be readable."""

_PREFIX = "posts "


def what_remains(
    own: Sequence[int],
    earlier: Iterable[Sequence[int]],
    had: Collection[Hashable],
    stories: Mapping[int, Hashable],
) -> tuple[int, ...]:
    """The posts of an edition for one reader: its own, then those missed, without what they had.

    `earlier` are the posts of the editions that went to others, newest edition first. `stories`
    tells which posts tell the same: of those one is enough.

    >>> what_remains([9, 8], [[7, 6], [5, 4]], {8, 6}, {n: n for n in range(10)})
    (9, 7, 5, 4)
    """
    seen = set(had)
    kept: list[int] = []
    for post in own:
        if stories[post] not in had:
            kept.append(post)
        seen.add(stories[post])
    room = len(kept) + MOST_CAUGHT_UP
    for posts in earlier:
        for post in posts:
            if stories[post] not in seen and len(kept) < room:
                seen.add(stories[post])
                kept.append(post)
    return tuple(kept)


def part_of(posts: Iterable[int]) -> str:
    """How a delivery says that its reader gets these posts, and not those of the edition.

    >>> part_of([3, 17, 12])
    'posts 3,17,12'
    """
    return _PREFIX + ",".join(map(str, posts))


def posts_of(part: str) -> tuple[int, ...] | None:
    """The posts that a reader gets, from the `part` of their delivery; None: the edition's.

    >>> posts_of("posts 3,17,12")
    (3, 17, 12)
    """
    if not part.startswith(_PREFIX):
        return None
    return tuple(map(int, part.removeprefix(_PREFIX).split(",")))
