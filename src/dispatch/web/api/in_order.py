"""Pages of what the file has in its own order: feeds, campaigns, channels."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from dispatch.web.api.cursors import PageQuery, behind, cursor_of

T = TypeVar("T")


def page_in_order(
    items: Sequence[T], asked: PageQuery, name: Callable[[T], str]
) -> tuple[Sequence[T], str | None]:
    """A page of a list, and the cursor of the next.

    It goes on behind the one that the page before ended with; where that is gone from the file, at
    the place where it was.
    """
    start = 0
    if after := behind(asked.cursor, int, str):
        place, last = int(after[0]), after[1]
        names = [name(one) for one in items]
        start = names.index(str(last)) + 1 if last in names else max(place, 0)
    page = items[start : start + asked.limit]
    if start + asked.limit >= len(items):
        return page, None
    return page, cursor_of(start + len(page) - 1, name(page[-1]))
