"""What may be going out from here on, kept once on the disk for many hand-overs to come."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from dispatch.model.campaigns.pace import Pace

MOST_RESERVED = 500
RESERVED_SECONDS = 0.25
"""What leaves in so long, at the channel's pace: so that of a slow channel little is in doubt."""

Stretches = tuple[tuple[int, int], ...]
"""Keys, as the first and the last of each run without a gap."""


def most_reserved(pace: Pace, *, connections: int, batch: int) -> int:
    """How many deliveries may be in doubt after a power cut, those in flight among them.

    Without a pace `MOST_RESERVED`; never less than may be in doubt after the end of a process.

    >>> most_reserved(Pace(), connections=20, batch=1)
    500
    >>> most_reserved(Pace(per_second=100), connections=20, batch=1)
    25
    >>> most_reserved(Pace(per_second=1), connections=5, batch=1)
    5
    """
    leave = MOST_RESERVED
    if pace.per_second:
        leave = min(leave, int(pace.per_second * RESERVED_SECONDS))
    return max(connections, batch, leave)


def keys_of(stretches: Stretches) -> list[int]:
    """The keys in them, in order.

    >>> keys_of(((3, 5), (7, 7)))
    [3, 4, 5, 7]
    """
    return [key for first, last in stretches for key in range(first, last + 1)]


def stretches_of(keys: Iterable[int]) -> Stretches:
    """The keys as runs; no key is in them that was not given.

    >>> stretches_of([7, 3, 4, 5])
    ((3, 5), (7, 7))
    """
    several = set(keys)
    if not several:
        return ()
    first, last = min(several), max(several)
    if last - first + 1 == len(several):  # as is usual
        return ((first, last),)
    ordered: Sequence[int] = sorted(several)
    ends = [one for one, after in pairwise(ordered) if after != one + 1]
    begins = [after for one, after in pairwise(ordered) if after != one + 1]
    return tuple(zip([first, *begins], [*ends, last], strict=True))
