"""Rows without an index for what is asked: looked through from the newest on, for a while."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from dispatch.clock import Timer, system_timer

T = TypeVar("T")

AT_A_TIME = 20_000
"""Rows that one question goes through, which takes some milliseconds."""

SECONDS = 0.025
"""How long a list of the API looks. What it has not come to by then, its next page looks at."""

Find = Callable[[int, int, int], Sequence[T]]
"""Rows by a number up to the first and above the second, the newest first, so many at most."""


@dataclass(frozen=True, slots=True)
class Sought(Generic[T]):
    """What was found so far; rows with a number below `below` were not looked at, unless 0."""

    items: Sequence[T]
    below: int = 0


def look_through(
    find: Find[T],
    newest: int,
    *,
    before: int = 0,
    most: int,
    at_a_time: int | None = None,
    seconds: float = SECONDS,
    timer: Timer = system_timer,
) -> Sought[T]:
    """What `find` finds, from `newest` on or from `before`, until there are `most` or time is up.

    `at_a_time` is for rows that take longer to look at than most. At least one question is asked,
    so that whoever goes on comes to an end.
    """
    end, rows = timer() + seconds, at_a_time or AT_A_TIME
    found: list[T] = []
    top = before - 1 if before else newest
    while top > 0 and len(found) < most:
        found += find(top, top - rows, most - len(found))
        top -= rows
        if timer() > end:
            break
    return Sought(found, 0 if top <= 0 or len(found) >= most else top + 1)
