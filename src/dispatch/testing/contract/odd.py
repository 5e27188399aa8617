"""JSON that is not what it should be: something else in one of its places."""

import copy
from collections.abc import Iterator
from typing import Any

ODD: tuple[Any, ...] = (None, True, "", [], {})
"""In place of what is awaited."""


def odd_ones(whole: Any) -> Iterator[Any]:
    """The value with something else in one of its places, for each place."""
    for *way, last in places(whole):
        for odd in ODD:
            changed = copy.deepcopy(whole)
            holder = changed
            for key in way:
                holder = holder[key]
            if type(holder[last]) is not type(odd):
                holder[last] = odd
                yield changed


def places(whole: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value in it."""
    inside: Any = ()
    if isinstance(whole, dict):
        inside = whole.items()
    elif isinstance(whole, list):
        inside = enumerate(whole)
    for key, value in inside:
        yield (*before, key)
        yield from places(value, (*before, key))
