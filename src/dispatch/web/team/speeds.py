"""How fast editions go out: what was looked at in the last minute, and the median between."""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low
from threading import Lock

KEPT = timedelta(seconds=70)
LEAST_APART = timedelta(seconds=0.5)
FEWEST = 2
MOST_EDITIONS = 200
"""Editions that are remembered; the one looked at longest ago is forgotten."""


_Looks = deque[tuple[datetime, Mapping[str, int]]]


class Speeds:
    """Remembers how many were done of each edition and channel, whenever somebody looked."""

    def __init__(self) -> None:
        self._seen: dict[str, _Looks] = {}
        self._lock = Lock()

    def note(self, edition_id: str, done: Mapping[str, int], *, now: datetime) -> None:
        """Take a look: channel name to how many have come to an end by now."""
        with self._lock:
            looks = self._seen.pop(edition_id, None) or deque()
            self._seen[edition_id] = looks
            while len(self._seen) > MOST_EDITIONS:
                del self._seen[next(iter(self._seen))]
            if looks and now - looks[-1][0] < LEAST_APART:
                return
            looks.append((now, done))
            while now - looks[0][0] > KEPT:
                looks.popleft()

    def per_second(self, edition_id: str, channel: str) -> float | None:
        """How many a channel brings to an end in a second; None where that is not known yet."""
        with self._lock:
            looks = list(self._seen.get(edition_id, ()))
        if len(looks) < FEWEST:
            return None
        numbers = [(at, done.get(channel, 0)) for at, done in looks]
        # What it has waited before it began says nothing about how fast it goes.
        waited = sum(number == numbers[0][1] for _, number in numbers) - 1
        rates = [_rate(*one, *two) for one, two in pairwise(numbers[waited:])]
        # Where most looks find nothing new, as at a slow pace or in large calls, the median is 0.
        return max(0.0, median_low(rates or [0.0]) or _by_steps(numbers))


def _by_steps(numbers: Sequence[tuple[datetime, int]]) -> float:
    """How fast it was from one look with news to another; slower once no more come.

    What came first was longer in the making than anybody looked: it counts if it is all there is.
    """
    news = [two for one, two in pairwise(numbers) if two[1] != one[1]]
    if len(news) < FEWEST:
        return _rate(*numbers[0], *numbers[-1])
    (begin, first), (last, done) = news[0], news[-1]
    usual = (last - begin) / (len(news) - 1)
    return _rate(begin, first, max(last, numbers[-1][0] - usual), done)


def _rate(at: datetime, before: int, later: datetime, after: int) -> float:
    return (after - before) / (later - at).total_seconds()
