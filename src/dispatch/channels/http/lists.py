"""Lists that a check names, as far as anybody reads them."""

from collections.abc import Sequence

MOST = 8


def some_of(names: Sequence[str], most: int = MOST) -> str:
    """The first of the names, and how many more there are.

    >>> some_of(["a.example", "b.example", "c.example"], 2)
    'a.example, b.example and 1 more'
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
